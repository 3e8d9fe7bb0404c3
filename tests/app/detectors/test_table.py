"""Adding a detector takes a module and a row in the table; everything else follows."""

import argparse
import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from app.commands import calibrate, doctor
from app.detectors import open_detector
from app.options import Options, add_options
from app.player.messages import Choice
from models import detectors
from models.bundle import CropGeometry, load_bundle
from models.errors import InputError

ROW = detectors.DetectorKind(
    name="squares", title="Bright squares", opener="app.detectors.squares:Squares", crop=CropGeometry(1.3, 0.0, 0.1)
)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch, fakes: ModuleType) -> detectors.DetectorKind:
    """A detector module and a row at the head of the table."""
    module = SimpleNamespace(Squares=lambda: fakes.FakeDetector(name="squares"))
    monkeypatch.setitem(sys.modules, "app.detectors.squares", module)
    monkeypatch.setattr(detectors, "DETECTORS", (ROW, *detectors.DETECTORS))
    return ROW


def test_it_is_opened_by_name_and_by_auto(added: detectors.DetectorKind) -> None:
    assert open_detector("squares").name == "squares"
    assert open_detector().name == "squares"
    with pytest.raises(InputError, match="choose one of auto, squares, blazeface"):
        open_detector("circles")


def test_the_command_line_takes_it(added: detectors.DetectorKind) -> None:
    parser = argparse.ArgumentParser()
    add_options(parser)
    assert Options.of(parser.parse_args(["--detector", "squares"])).detector == "squares"


def test_the_window_offers_and_remembers_it(added: detectors.DetectorKind, tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    from app.ui.menus import detector_entries
    from app.ui.preferences import Preferences

    assert detector_entries()[:2] == [("auto", "Automatic"), ("squares", "Bright squares")]
    preferences = Preferences.next_to(tmp_path / "x.json")
    preferences.keep_detector("squares")
    assert preferences.choice(Choice()).detector == "squares"


def test_doctor_looks_at_it(added: detectors.DetectorKind) -> None:
    probe = doctor.probes()["detector squares"]
    assert probe(Options()) == ("ok", "it needs no file.")


def test_calibrate_fits_it(added: detectors.DetectorKind) -> None:
    assert calibrate.fitted_detectors(Options()) == ("squares", "blazeface", "haar")


def test_bundles_know_its_first_crop(added: detectors.DetectorKind) -> None:
    assert load_bundle().crop("squares") == ROW.crop
    assert detectors.first_crops()["squares"] == ROW.crop


def test_only_those_that_send_something_say_so_in_the_menu() -> None:
    from app.ui.menus import detector_entries

    sending = {name for name, text in detector_entries() if "sends" in text}
    assert sending == {kind.name for kind in detectors.DETECTORS if kind.sends} == {"mediapipe"}


def test_every_row_is_whole() -> None:
    names = [kind.name for kind in detectors.DETECTORS]
    assert len(set(names)) == len(names) and detectors.AUTO not in names
    for kind in detectors.DETECTORS:
        assert re.fullmatch("[a-z0-9_]+", kind.name)
        assert kind.boxes_of is None or kind.boxes_of in names
    assert detectors.unasked_detectors()[-1].needs is None  # one that can always be opened


def test_detectors_with_the_same_boxes_know_each_other() -> None:
    assert detectors.same_boxes("blazeface") == ("blazeface", "mediapipe")
    assert detectors.same_boxes("mediapipe") == ("mediapipe", "blazeface")
    assert detectors.same_boxes("haar") == ("haar",)
    assert detectors.same_boxes("unknown") == ("unknown",)
