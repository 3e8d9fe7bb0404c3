"""The comparison table: content of a row, stored rows, formatted rows."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models.bundle import load_bundle
from models.emotions import SETS
from models.engines import open_classifier
from models.errors import InputError
from training.datasets.faceset import FaceSet
from training.evaluate import evaluate
from training.reports import speed
from training.reports.compare import compare, ended_early
from training.reports.networks import Row, markdown, merged, read_rows, write_rows

ROW = Row(
    network="mini_xception", labels="fer2013", split="official", seed=1, parameters=58_423, multiplications=9_500_000,
    ms_one_thread=1.25, ms_two_threads=0.9, processor="Abacus, 2 cores", epochs=60, planned_epochs=60,
    ended_early=False, start=None, n=3589, accuracy=0.641, interval_low=0.625, interval_high=0.657,
    accuracy_flipped=0.6512, binary_accuracy=0.9012, recall_at_half=0.5034, lowest_class="disgust", lowest_recall=0.25,
    lowest_n=56, most_named="happiness", most_named_share=0.261, ferplus=None, ferplus_n=None,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "ROUNDS", 5)


def quiet(_line: str) -> None:
    """Print nothing."""


def test_a_row_holds_what_evaluate_says(run: Path, faces: FaceSet, tmp_path: Path) -> None:
    (row,) = compare([run], faces, tmp_path / "docs" / "networks.md", say=quiet)
    classifier = open_classifier(load_bundle(run / "bundle"))
    single, flip = (evaluate(classifier, faces, "PublicTest", views) for views in ("single", "flip"))
    assert (row.network, row.labels, row.seed, row.epochs, row.planned_epochs) == ("tiny", "fer2013", 11, 3, 3)
    assert (row.n, row.accuracy, row.accuracy_flipped) == (70, single["accuracy"], flip["accuracy"])
    assert [row.interval_low, row.interval_high] == single["interval"]
    assert (row.ferplus, row.ferplus_n) == (single["ferplus"]["accuracy"], 69)
    assert row.binary_accuracy == single["binary_accuracy_not_comparable"]
    assert row.lowest_recall == min(c["recall"] for c in single["per_class"].values())
    outputs = sum(map(len, SETS.values()))
    assert row.parameters == 16 * 81 + 16 + outputs * 17, "a convolution and a head for each label set"
    assert row.multiplications == 7 * 7 * 81 * 16 + outputs * 16
    assert row.ms_one_thread > 0 and row.ms_two_threads > 0 and "cores" in row.processor
    table = (tmp_path / "docs" / "networks.md").read_text()
    assert f"| {100 * row.accuracy:.2f} ({100 * row.interval_low:.1f} to" in table
    assert read_rows(tmp_path / "docs" / "networks.json") == [row]


def test_a_network_with_another_label_set_is_measured_on_that(
    make_run: Callable[..., Path], faces: FaceSet, tmp_path: Path
) -> None:
    four = make_run(labels=("four",))
    (row,) = compare([four], faces, tmp_path / "networks.md", say=quiet)
    assert (row.labels, row.n, row.ferplus) == ("four", 40, None)
    votes = make_run(labels=("ferplus",))
    assert [row.labels for row in compare([votes], faces, tmp_path / "networks.md", say=quiet)] == ["ferplus", "four"]
    with pytest.raises(InputError, match="--ferplus"):
        compare([votes], replace(faces, votes=None), tmp_path / "networks.md", say=quiet)


def test_networks_that_are_not_named_keep_their_rows(run: Path, faces: FaceSet, tmp_path: Path) -> None:
    out = tmp_path / "networks.md"
    old = replace(ROW, network="tiny", accuracy=0.99)
    write_rows(out, [ROW, old])
    rows = compare([run], faces, out, say=quiet)
    assert [row.network for row in rows] == ["mini_xception", "tiny"]
    assert rows[0] == ROW and rows[1].n == 70, "the old row of tiny is replaced"
    assert "mini_xception" in out.read_text()
    assert [row.network for row in compare([run], faces, out, fresh=True, say=quiet)] == ["tiny"]
    assert "mini_xception" not in out.read_text() + out.with_suffix(".json").read_text()


@pytest.mark.parametrize(
    ("config", "start"),
    [
        ({"init": {"recipe": {"epochs": 7}}}, "a run of 7 epochs"),
        ({"init": {"recipe": {"epochs": 7}}, "earlier_epochs": 40}, "weights of 40 epochs"),
        ({"weights": "models/student/model.keras"}, "model.keras"),
        ({"weights": "imagenet"}, "imagenet"),
    ],
)
def test_a_row_says_what_its_run_started_from(
    config: dict[str, object], start: str, make_run: Callable[..., Path], faces: FaceSet, tmp_path: Path
) -> None:
    (row,) = compare([make_run(**config)], faces, tmp_path / "networks.md", say=quiet)
    assert row.start == start and f"| 3, from {start} |" in (tmp_path / "networks.md").read_text()


def test_a_run_without_a_bundle_is_left_out_with_a_reason(
    run: Path, make_run: Callable[..., Path], faces: FaceSet, tmp_path: Path
) -> None:
    lines: list[str] = []
    waiting = make_run(name="waiting", bundle=False)
    charts, logits = tmp_path / "data", tmp_path / "teachers.npz"
    charts.mkdir()
    logits.touch()
    rows = compare([waiting, charts, logits, run], faces, tmp_path / "networks.md", say=lines.append)
    assert len(rows) == 1
    assert "waiting has no bundle yet" in lines[0] and "training export" in lines[0]
    assert ["neither run.json nor model.json" in line for line in lines[1:3]] == [True, True]
    with pytest.raises(InputError, match="no bundle to compare"):
        compare([waiting], faces, tmp_path / "networks.md", say=quiet)


def test_two_runs_for_one_row_are_reported(
    run: Path, make_run: Callable[..., Path], faces: FaceSet, tmp_path: Path
) -> None:
    lines: list[str] = []
    other = make_run(seed=12)
    (row,) = compare([run, other], faces, tmp_path / "networks.md", say=lines.append)
    assert row.seed == 12
    assert any("named more than once" in line and str(other) in line for line in lines)


def test_rows_stand_by_label_set_and_then_by_accuracy() -> None:
    worse, votes = replace(ROW, network="vgg16", accuracy=0.25), replace(ROW, labels="ferplus", accuracy=0.9)
    again = replace(ROW, seed=2)
    assert merged([votes, worse, ROW], [again]) == [again, worse, votes]


def test_the_table_says_everything_with_its_n() -> None:
    voted = replace(ROW, network="student", ferplus=0.8541, ferplus_n=3199, start="a run of 20 epochs")
    table = markdown([voted, ROW], "networks.json")
    row = next(line for line in table.splitlines() if line.startswith("| mini_xception"))
    assert row == (
        "| mini_xception | fer2013 | 58,423 | 9.5 | 1.25 | 0.90 | 60 | 64.10 (62.5 to 65.7) | 65.12 | 3,589 |  "
        "| disgust 25.0 of 56 | happiness 26.1 | 63.0 |"
    )
    assert "| 60, from a run of 20 epochs |" in table and "| 85.41 of 3,199 |" in table
    lines = [line for line in table.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in lines}) == 1
    for word in ("PrivateTest", "one seed", "networks.json", "python -m training compare", "Abacus, 2 cores"):
        assert word in table
    assert "80/20" not in table and "Binary" not in table


def test_a_run_that_was_shorter_than_its_recipe_is_marked() -> None:
    assert "| **2 epochs only**, of 60 |" in markdown([replace(ROW, epochs=2)], "x.json")
    assert "| 31 |" in markdown([replace(ROW, epochs=31, ended_early=True)], "x.json")
    assert "| not recorded |" in markdown([replace(ROW, epochs=None)], "x.json")


def test_binary_accuracy_stands_beside_binary_accuracy_only() -> None:
    table = markdown([replace(ROW, network="resnet50")], "x.json")
    assert "binary accuracy (not comparable): 86.3, recall 8.5; ours 90.1, recall 50.3" in table
    assert "already reaches 85.7" in table


def test_a_source_is_compared_on_its_own_label_set() -> None:
    assert "| 66.0 |" in markdown([replace(ROW, network="vgg11", labels="four")], "x.json")
    assert "| 66.0 |" not in markdown([replace(ROW, network="vgg11")], "x.json")
    assert "collapsed" in markdown([replace(ROW, network="vgg16")], "x.json").splitlines()[-1]


def test_another_split_is_another_row_and_is_explained() -> None:
    other = replace(ROW, split="80/20")
    assert len(merged([ROW], [other])) == 2
    table = markdown([ROW, other], "x.json")
    assert "| fer2013, split 80/20 |" in table and "divided the Training rows alone" in table


def test_milliseconds_name_their_processor_where_there_are_several() -> None:
    table = markdown([ROW, replace(ROW, network="vgg11", processor="Calculator, 8 cores")], "x.json")
    assert "| 1.25 [1] |" in table and "| 1.25 [2] |" in table
    assert "1. Abacus, 2 cores\n2. Calculator, 8 cores\n" in table


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "networks.md"
    write_rows(path, [ROW])
    assert read_rows(path.with_suffix(".json")) == [ROW]
    assert read_rows(tmp_path / "none.json") == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content["rows"][0].pop("n"),
        lambda content: content["rows"][0].update(accuracy="high"),
        lambda content: content["rows"][0].update(labels="moods"),
        lambda content: content["rows"][0].update(colour="red"),
        lambda content: content["rows"].append(3),
        lambda content: content.pop("rows"),
    ],
)
def test_rows_of_another_kind_are_refused(damage: Callable[[dict], object], tmp_path: Path) -> None:
    path = tmp_path / "networks.md"
    write_rows(path, [ROW])
    content = json.loads(path.with_suffix(".json").read_text())
    damage(content)
    path.with_suffix(".json").write_text(json.dumps(content))
    with pytest.raises(InputError, match=r"networks.json.*--fresh"):
        read_rows(path.with_suffix(".json"))


@pytest.mark.parametrize(("patience", "early"), [(0, False), (1, True), (2, False)])
def test_a_run_ends_early_when_its_best_epoch_lies_back(patience: int, early: bool) -> None:
    history = [{"epoch": i, "val_fer2013": accuracy} for i, accuracy in enumerate((0.3, 0.5, 0.4))]
    assert ended_early(history, patience) is early
    assert not ended_early([{"epoch": 1, "loss": 2.0}], patience)
