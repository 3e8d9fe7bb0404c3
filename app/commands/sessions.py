"""`sessions`: list, show, recover, change and delete recordings."""

import argparse
import json
import os
import shlex
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from app.options import number
from app.sessions.entry import Entry, as_mapping
from app.sessions.films import found_again, is_there
from app.sessions.folder import FilmRef, Manifest, Session, manifest_bytes
from app.sessions.library import Library
from app.sessions.notes import add_note
from app.sessions.places import library_of_user
from app.sessions.recovery import is_being_recorded, recover
from app.sessions.trash import KEPT_DAYS, Trash
from app.standard import say
from models.errors import InputError


def add_parser(subparsers: Any) -> None:
    """Add `sessions` to the commands."""
    parser = subparsers.add_parser(
        "sessions",
        help="list, show, recover, edit and delete recorded sessions",
        description="Works on the sessions in your library, or in the folder given by --library.",
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verb = _verb(verbs, "list", _list, "list the sessions, newest first")
    verb.add_argument("--search", default="", metavar="WORDS", help="list only sessions that contain all the words")
    verb.add_argument("--deleted", action="store_true", help="list deleted sessions that can still be restored")
    _verb(verbs, "show", _show, "show a session's details and notes", session="SESSION")
    _verb(verbs, "recover", _recover, "recover a session that was cut off, or all of them", session="[SESSION]")
    _verb(verbs, "reindex", _reindex, "rebuild the index from the session folders")
    verb = _verb(verbs, "delete", _delete, f"delete a session; --undo restores it within {KEPT_DAYS} days", "SESSION")
    way = verb.add_mutually_exclusive_group()
    way.add_argument("--undo", action="store_true", help="restore a deleted session")
    way.add_argument("--forever", action="store_true", help="delete the session permanently")
    verb = _verb(verbs, "edit", _edit, "change a session's title or tags, or add a note", session="SESSION")
    verb.add_argument("--title", metavar="TEXT", help="set the title")
    verb.add_argument("--tag", action="append", default=[], metavar="TAG", help="add a tag (repeatable)")
    verb.add_argument("--untag", action="append", default=[], metavar="TAG", help="remove a tag (repeatable)")
    verb.add_argument("--own", choices=("yes", "no"), help="whether the session is your own and counts in the journal")
    verb.add_argument("--note", metavar="TEXT", help="add a note at the time given by --at")
    verb.add_argument(
        "--at", type=_moment, default=0.0, metavar="SECONDS", help="time of the note in seconds (default: 0)"
    )


def _verb(verbs: Any, name: str, run: Any, text: str, session: str = "") -> Any:
    verb = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    if session:
        nargs = "?" if session.startswith("[") else None
        verb.add_argument(
            "session",
            nargs=nargs,
            metavar="SESSION",
            help="the session's name, the beginning of its name, or its folder",
        )
    verb.add_argument("--library", type=_folder, metavar="DIR", help="folder of the sessions (default: your library)")
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=run)
    return verb


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("an empty name is not a folder; name one, or `.` for this one")
    if not os.path.isdir(text):  # noqa: PTH112  (Path.is_dir fails where a name is too long)
        raise argparse.ArgumentTypeError(f"{text[:200]} is not a folder; name the one that holds the sessions")
    return Path(text)


def _moment(text: str) -> float:
    value = number(text)
    if not 0 <= value <= 1e9:
        raise argparse.ArgumentTypeError(f"{text} is not a time; give seconds, 0 or more")
    return value


def _library(args: argparse.Namespace) -> Library:
    return Library(args.library or library_of_user())


def _list(args: argparse.Namespace) -> int:
    with _library(args) as library:
        if args.deleted:
            names = Trash(library.folder).names()
            _print(args, names, "\n".join(names) or "Nothing is deleted.")
            return 0
        entries = library.entries(args.search)
    lines = [_line(entry) for entry in entries] or ["No session." if not args.search else "No session fits."]
    _print(args, [as_mapping(entry, library.folder) for entry in entries], "\n".join(lines))
    cut_off = [entry for entry in entries if entry.state == "recording"]
    waiting = [entry for entry in cut_off if not is_being_recorded(Session(library.folder / entry.name))]
    if waiting:
        was = "1 session was" if len(waiting) == 1 else f"{len(waiting)} sessions were"
        say(f"{was} cut off; `{_command(args, 'recover')}` completes what is there.")
    return 0


def _show(args: argparse.Namespace) -> int:
    with _library(args) as library:
        session = library.session(args.session)
        manifest = session.manifest()
        if manifest.state != "recording":
            found = found_again(session, manifest, library.known_places(manifest))
            if found != manifest:
                manifest = found
                with suppress(InputError):  # a read-only library
                    library.change(session, lambda known: replace(known, source=found.source))
    notes = session.notes()
    rows = [{**asdict(note), "created_at": note.created_at and note.created_at.isoformat()} for note in notes]
    content = json.loads(manifest_bytes(manifest))
    _print(args, {**content, "name": session.name, "path": str(session.path), "notes": rows}, _page(session, manifest))
    return 0


def _recover(args: argparse.Namespace) -> int:
    done: list[Mapping[str, Any]] = []
    lines: list[str] = []
    code = 0
    with _library(args) as library:
        waiting = library.cut_off() if args.session is None else [library.session(args.session)]
        for session in waiting:
            try:
                manifest = recover(session)
            except InputError as error:
                say(str(error))
                code = 2
                continue
            done.append({"name": session.name, "path": str(session.path), "state": manifest.state})
            lines.append(f"{session.name}: {manifest.state}, {_lasts(manifest.duration_s)}, {manifest.frames} pictures")
    if lines or not code:
        _print(args, done, "\n".join(lines) or "Nothing was cut off.")
    return code


def _command(args: argparse.Namespace, *words: str) -> str:
    """A command on the same library, as a user types it."""
    return shlex.join(
        ["mimik", "sessions", *words, *(() if args.library is None else ("--library", str(args.library)))]
    )


def _reindex(args: argparse.Namespace) -> int:
    with _library(args) as library:
        count = library.reindex()
    _print(args, {"sessions": count}, f"{count} sessions" if count != 1 else "1 session")
    return 0


def _delete(args: argparse.Namespace) -> int:
    with _library(args) as library:
        trash = Trash(library.folder)
        if args.undo:
            session = trash.give_back(args.session)
            _print(args, {"name": session.name, "path": str(session.path)}, f"{session.name} is restored.")
            return 0
        session = library.session(args.session)
        name = trash.take(session)
        if args.forever:
            trash.remove(name)
        library.entries()
    back = "" if args.forever else f"; `{_command(args, 'delete', '--undo', name)}` restores it within {KEPT_DAYS} days"
    _print(args, {"name": name, "undo": not args.forever}, f"{session.name} is deleted{back}.")
    return 0


def _edit(args: argparse.Namespace) -> int:
    with _library(args) as library:
        session = library.session(args.session)
        manifest = session.manifest()
        if args.tag or args.untag:
            manifest = library.retag(session, args.tag, args.untag)
        if args.title is not None or args.own is not None:
            title = manifest.title if args.title is None else args.title
            own = manifest.own if args.own is None else args.own == "yes"
            manifest = library.change(session, lambda known: replace(known, title=title, own=own))
        if args.note is not None:  # possible while it is being recorded
            add_note(session.notes_path, args.at, text=args.note)
    _print(args, json.loads(manifest_bytes(manifest)), _page(session, manifest))
    return 0


def _print(args: argparse.Namespace, content: Any, text: str) -> None:
    print(json.dumps(content, indent=2) if args.json else text)


def _line(entry: Entry) -> str:
    parts = [f"{entry.start.astimezone():%Y-%m-%d %H:%M}", f"{_lasts(entry.duration_s):>8}", entry.name]
    parts += [f'"{_plain(entry.title)}"'] if entry.title else []
    parts += ["1 person" if entry.people == 1 else f"{entry.people} people"] if entry.people else []
    parts += [f"#{_plain(tag)}" for tag in entry.tags]
    parts += [f"({entry.damage})"] if entry.damage else [f"({entry.state})"] if entry.state != "complete" else []
    return "  ".join(parts)


def _page(session: Session, manifest: Manifest) -> str:
    film = manifest.source if isinstance(manifest.source, FilmRef) else None
    lines = [
        f"{_plain(manifest.title or session.name)}",
        f"  folder    {session.path}",
        f"  started   {manifest.started_at.astimezone():%Y-%m-%d %H:%M:%S}, {_lasts(manifest.duration_s)}",
        f"  source    {manifest.source_name if film is None else film.path}",
        f"  state     {manifest.state}",
        f"  pictures  {manifest.frames}, {manifest.dropped_video} left out, {manifest.dropped_analysis} not analysed",
        f"  people    {'unknown' if manifest.people is None else manifest.people}",
    ]
    lines += [f"  tags      {_plain(', '.join(manifest.tags))}"] if manifest.tags else []
    if film is not None and not is_there(film):
        lines.append("  The film no longer exists there and was not found by its digest.")
    for note in session.notes():
        end = "" if note.end_s is None else f" to {note.end_s:.1f}"
        face = "" if note.face_id is None else f", face {note.face_id}"
        lines.append(f"  {note.start_s:8.1f}{end} s  {note.kind}{face}: {_plain(note.text)}".rstrip(": "))
    return "\n".join(lines)


def _plain(text: str) -> str:
    """A user's text on one line, without control sequences for the terminal.

    >>> _plain("first\\nsecond \\x1b[31mred")
    'first second  [31mred'
    """
    return "".join(character if character.isprintable() else " " for character in text)


def _lasts(seconds: float) -> str:
    """A duration as h:mm:ss or m:ss.

    >>> _lasts(3.2), _lasts(75), _lasts(3725)
    ('0:03', '1:15', '1:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
