"""`journal`: minutes per apparent emotion of the user's own sessions, by day, week and month."""

import argparse
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.commands.contents import session_content
from app.core.types import UNCERTAIN, UNREADABLE
from app.export.delimited import write_rows
from app.export.reporter import CancelledError, Reporter
from app.headless.stopping import stopping
from app.headless.targets import Target
from app.journal.journal import Journal
from app.journal.minutes import MINUTE_US
from app.journal.own import own_of, sessions_in
from app.journal.periods import BY, By, Period, columns_of, joined, rows_of
from app.sessions.folder import Session
from app.sessions.places import library_of_user
from app.sessions.trash import KEPT_DAYS, Trash
from app.sinks.csv_file import NOBODY
from app.standard import say
from models.emotions import FERPLUS
from models.errors import InputError

_OFF = "The journal is off; `mimik journal on` starts one, of the sessions that are marked as your own."
_LAST = (UNCERTAIN, UNREADABLE, NOBODY)


def add_parser(subparsers: Any) -> None:
    """Add `journal` to the commands."""
    parser = subparsers.add_parser(
        "journal",
        help="minutes per apparent emotion and day, from the sessions marked as your own",
        description="The journal is off until you switch it on. It is derived from the sessions marked as your own and "
        "can be deleted at any time. Periods without a recording stay empty; nothing is estimated.",
    )
    verbs = parser.add_subparsers(required=True, metavar="on|list|export|delete")
    verbs.add_parser("on", help="switch the journal on").set_defaults(run=_on)
    shown = verbs.add_parser("list", help="show the journal")
    shown.add_argument("--json", action="store_true", help="print JSON, with times in minutes")
    shown.set_defaults(run=_list)
    exported = verbs.add_parser("export", help="write the journal as CSV")
    exported.add_argument("--out", required=True, type=_csv, metavar="FILE.csv", help="the CSV file to write")
    exported.add_argument("--overwrite", action="store_true", help="replace an existing file of the same name")
    exported.set_defaults(run=_export)
    for verb in (shown, exported):
        verb.add_argument("--by", choices=BY, default="day", help="period to sum over (default: day)")
        verb.add_argument(
            "--library", type=_folder, metavar="DIR", help="folder of the sessions (default: your library)"
        )
    deleted = verbs.add_parser("delete", help="delete the journal and switch it off; sessions are kept")
    deleted.add_argument(
        "--sessions",
        action="store_true",
        help="also delete the sessions marked as your own; `sessions delete --undo` restores them",
    )
    deleted.add_argument(
        "--library", type=_folder, metavar="DIR", help="folder of the sessions (default: your library)"
    )
    deleted.set_defaults(run=_delete)


def _on(_: argparse.Namespace) -> int:
    journal = Journal.of_user()
    journal.switch_on()
    print(f"the journal is on; it is kept in {journal.path}")
    return 0


def _delete(args: argparse.Namespace) -> int:
    Journal.of_user().delete()
    if not args.sessions:
        print("the journal is deleted and off; sessions are as they were")
        return 0
    deleted = delete_sessions(args.library or library_of_user())
    print(f"the journal is deleted and off; {deleted} sessions are deleted too")
    print(f"`mimik sessions delete --undo NAME` restores one within {KEPT_DAYS} days")
    return 0


def _list(args: argparse.Namespace) -> int:
    periods = _updated(args)
    if periods is None:
        return 130
    labels = labels_of(periods)
    if args.json:
        print(json.dumps([_values(period, labels) for period in periods], indent=2))
        return 0
    if not periods:
        print("nothing of your own was recorded yet")
    for period in periods:
        spent = [f"{label} {_minutes(period.spent_us[label])}" for label in labels if period.spent_us.get(label)]
        print(f"{period.first}  {_minutes(period.recorded_us):>7} min  {', '.join(spent)}" if spent else period.first)
    return 0


def _export(args: argparse.Namespace) -> int:
    periods = _updated(args)
    if periods is None:
        return 130
    print(f"wrote {save_journal(args.out, periods, args.by, overwrite=args.overwrite, notify=say)}")
    return 0


def save_journal(
    out: Path, periods: Sequence[Period], by: By, *, overwrite: bool, notify: Callable[[str], None]
) -> Path:
    """Write periods as CSV and return the file; an existing one is kept unless `overwrite`.

    Raises:
        InputError: If the file cannot be written.
    """
    labels = labels_of(periods)
    with Target(out, (), overwrite=overwrite, notify=notify) as target:
        write_rows(target.part, rows_of(periods, by, labels), columns_of(labels), ("period", "start"))
        return target.place()


def delete_sessions(library: Path) -> int:
    """Delete the sessions marked as the user's own, so that it can be undone; returns their number.

    Raises:
        InputError: If one cannot be read or deleted; all others are deleted nevertheless.
    """
    count = 0
    failed: list[InputError] = []
    for folder in sessions_in(library):
        try:
            if own_of(folder) is not None:
                Trash(library).take(Session(folder))
                count += 1
        except InputError as error:  # the others are deleted nevertheless
            failed.append(error)
    if failed:
        raise failed[0]
    return count


def labels_of(periods: Sequence[Period]) -> tuple[str, ...]:
    """The labels in the order of the table: all emotions, other labels that occur, then the labels that are not
    emotions."""
    found = {label for period in periods for label in period.spent_us}
    return (*FERPLUS, *sorted(found - {*FERPLUS, *_LAST}), *_LAST)


def _updated(args: argparse.Namespace) -> tuple[Period, ...] | None:
    """The journal, updated from the sessions; None if it was interrupted.

    Raises:
        InputError: If it is off, or cannot be used.
    """
    journal = Journal.of_user()
    if not journal.on:
        raise InputError(_OFF)
    with stopping() as stop:
        try:
            journal.update(
                sessions_in(args.library or library_of_user()), session_content, Reporter(notify=say, stop=stop)
            )
        except CancelledError:
            return None
    return joined(journal.days(), args.by)


def _values(period: Period, labels: Sequence[str]) -> dict[str, Any]:
    recorded = period.recorded_us
    return {
        "start": period.first.isoformat(),
        "recorded_min": round(recorded / MINUTE_US, 6),
        "minutes": {label: round(period.spent_us.get(label, 0) / MINUTE_US, 6) for label in labels} if recorded else {},
        "corrected_min": round(period.corrected_us / MINUTE_US, 6),
    }


def _minutes(us: int) -> str:
    return f"{us / MINUTE_US:.1f}"


def _folder(text: str) -> Path:
    # Path.is_dir fails where a name is too long
    if not text or "\0" in text or not os.path.isdir(text):  # noqa: PTH112
        raise argparse.ArgumentTypeError(f"{text[:200]!r} is not a folder; name the one that holds the sessions")
    return Path(text)


def _csv(text: str) -> Path:
    if Path(text).suffix.lower() != ".csv" or "\0" in text:
        raise argparse.ArgumentTypeError(f"{text} is not a CSV file name; give it the suffix .csv")
    return Path(text)
