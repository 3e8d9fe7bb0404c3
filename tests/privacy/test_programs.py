"""Nothing leaves the machine: programs traced down to the system calls of their native libraries."""

import importlib.util
import json
from pathlib import Path

import pytest


def test_the_apps_commands(run_all, film: Path, found_faces: dict[str, str | None], tmp_path: Path) -> None:
    photos = str(film.parent / "photos")
    commands = [
        ["doctor"],
        ["analyze", str(film), "--out", str(tmp_path), "--video"],
        *(
            ["export", str(tmp_path / f"{film.stem}.csv"), "--to", kind, "--out", str(tmp_path / f"a{suffix}")]
            for kind, suffix in (("html", ".html"), ("timeline", ".png"), ("excel", ".csv"), ("clip", ".mp4"))
        ),
        ["journal", "on"],
        ["journal", "list"],
        ["journal", "delete"],
        ["analyze", photos + "/images", "--out", str(tmp_path)],
        ["score", photos, "--json"],
        ["calibrate", photos, "--dry-run"],
        ["bench", str(film)],
        ["record", str(film), "--out", str(tmp_path / "library")],
        ["record", photos + "/images", "--out", str(tmp_path / "library"), "--fps", "5"],
        ["sessions", "list", "--library", str(tmp_path / "library")],
    ]
    assert run_all("app", commands, **found_faces).contacts == ()
    wanted = "blazeface" if found_faces["MIMIK_BLAZEFACE"] else "haar"
    assert json.loads((tmp_path / "film.json").read_text())["detector"] == wanted


def test_the_window(traced, film: Path, found_faces: dict[str, str | None], tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    timings = tmp_path / "timings.json"
    done = traced(["-m", "app", str(film)], MIMIK_TIMINGS=str(timings), **found_faces)
    assert done.result.returncode == 0, done.result.stderr
    assert json.loads(timings.read_text())["first_result_s"] is not None
    assert done.contacts == ()


def test_a_missing_model_is_not_fetched_where_that_is_forbidden(traced, film: Path, tmp_path: Path) -> None:
    words = ["analyze", str(film), "--out", str(tmp_path)]
    done = traced(["-m", "app", *words], MIMIK_NO_FETCH="1", MIMIK_BLAZEFACE=None)
    assert (done.result.returncode, done.contacts) == (0, ())
    assert "fetching it is switched off" in done.result.stderr


@pytest.mark.parametrize("words", [["--detector", "haar"], []])
def test_only_what_needs_the_model_fetches_it_and_nothing_else(
    traced, film: Path, tmp_path: Path, words: list[str]
) -> None:
    """In the sandbox the fetch fails, and `auto` falls back to Haar."""
    argv = ["analyze", str(film), "--out", str(tmp_path), *words]
    done = traced(["-m", "app", *argv], MIMIK_NO_FETCH=None, MIMIK_BLAZEFACE=None)
    assert done.result.returncode == 0, done.result.stderr
    names = {contact.to for contact in done.contacts if contact.to.startswith("look-up of ")} - {"look-up of hosts"}
    assert names <= {"look-up of storage.googleapis.com"}
    assert bool(done.contacts) == (not words)


@pytest.mark.skipif(importlib.util.find_spec("mediapipe") is None, reason="needs the extra `mediapipe`")
def test_mediapipes_library_would_not_pass(traced, film: Path, blazeface: Path, tmp_path: Path) -> None:
    """Validates the tests above: the same trace sees a client in native code, invisible from Python."""
    argv = ["analyze", str(film), "--out", str(tmp_path), "--detector", "mediapipe"]
    done = traced(["-m", "app", *argv], MIMIK_BLAZEFACE=str(blazeface))
    assert done.result.returncode == 0, done.result.stderr
    assert done.contacts != ()
    assert any("play.googleapis.com" in contact.to or contact.to.endswith(":53") for contact in done.contacts)
    assert done.result.stderr.count("sends usage statistics to Google (play.googleapis.com)") == 1
