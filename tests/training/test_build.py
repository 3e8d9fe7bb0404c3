"""`python -m training build`, which `make model` calls: from data to bundle in a given time."""

import json
from pathlib import Path

import pytest

from models.bundle import load_bundle
from models.errors import InputError
from training import pipeline
from training.__main__ import _parser, main
from training.datasets.reading import read_faces
from training.recipes.recipe import Recipe
from training.run_folder import CONFIG, HISTORY

RECIPE = """
batch = 16
learning_rate = 0.01
averaging = 0.5
precision = "float32"
"""


@pytest.fixture
def words(csv_files: tuple[Path, Path], tmp_path: Path) -> list[str]:
    (tmp_path / "quick.toml").write_text(RECIPE)
    quick, (data, votes) = str(tmp_path / "quick.toml"), map(str, csv_files)
    given = ["--data", data, "--ferplus", votes, "--recipe", quick, "--teacher-recipe", quick]
    return ["build", *given, "--model", "simple_cnn", "--minutes", "0.1", "--out", str(tmp_path / "out")]


@pytest.mark.slow
def test_from_data_to_a_bundle_and_not_twice(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "FEWEST_VIEWS", 1)  # so that the decision does not depend on the machine
    monkeypatch.setattr(pipeline, "MOST_VIEWS", 3)
    assert main([*words, "--teachers", "simple_cnn:3"]) == 0
    out = tmp_path / "out"
    assert json.loads((out / "build.json").read_text())["done"] == ["teacher-simple_cnn-3", "logits", "student"]
    config = json.loads((out / "student" / CONFIG).read_text())
    assert [teacher["name"] for teacher in config["teachers"]] == ["teacher.npz"] and config["minutes"] > 0
    assert load_bundle(out / "bundle").shown == "mixture"
    before = (out / "student" / HISTORY).read_bytes()
    capsys.readouterr()
    assert main([*words, "--teachers", "simple_cnn:3"]) == 0
    assert "epoch" not in capsys.readouterr().out and (out / "student" / HISTORY).read_bytes() == before


@pytest.mark.slow
def test_a_short_build_on_a_cpu_gives_all_its_time_to_the_student(words: list[str], tmp_path: Path) -> None:
    assert main(words) == 0
    out = tmp_path / "out"
    assert json.loads((out / "build.json").read_text())["done"] == ["student"]
    assert json.loads((out / "student" / CONFIG).read_text())["teachers"] == []
    assert load_bundle(out / "bundle").shown == "mixture"


def test_a_build_goes_on_with_the_teachers_that_it_began_with(
    tmp_path: Path, csv_files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def pipeline_of(minutes: float, *teachers: str) -> pipeline.Pipeline:
        plan = pipeline.Plan(*csv_files, False, tmp_path, minutes, "simple_cnn", Recipe(), Recipe(), teachers, 1)
        return pipeline.Pipeline(plan, read_faces(*csv_files), 0.0)

    monkeypatch.setattr(pipeline, "has_accelerator", lambda: False)
    first = pipeline_of(90)
    assert first.teachers == pipeline.CPU_TEACHERS
    first._finish("teacher-student-2")
    assert (pipeline_of(5).teachers, pipeline_of(5).done) == (pipeline.CPU_TEACHERS, ["teacher-student-2"])
    assert pipeline_of(5, "simple_cnn:3").teachers == ("simple_cnn:3",)
    for damage in ("{", "[]", "{}"):
        (tmp_path / pipeline.DONE).write_text(damage)
        with pytest.raises(InputError, match=r"build\.json cannot be read"):
            pipeline_of(5)


def test_teachers_are_trained_where_there_is_time_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "has_accelerator", lambda: False)
    assert (pipeline.default_teachers(3), pipeline.default_teachers(90)) == ((), pipeline.CPU_TEACHERS)
    monkeypatch.setattr(pipeline, "has_accelerator", lambda: True)
    assert pipeline.default_teachers(3) == pipeline.GPU_TEACHERS


@pytest.mark.parametrize(("wall", "processor", "expected"), [(10, 20, 1), (30, 10, 3), (90, 10, 5), (0, 0, 1)])
def test_a_busy_machine_is_noticed(
    wall: float, processor: float, expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline.time, "monotonic", lambda: 100.0 + wall)
    monkeypatch.setattr(pipeline.time, "process_time", lambda: processor)
    assert pipeline.slowness(100.0) == expected


@pytest.mark.parametrize("teacher", ["nobody:1", "simple_cnn:x", "."])
def test_a_teacher_that_is_none_is_refused_before_the_work(
    words: list[str], teacher: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--teachers", teacher]) == 2
    assert "teacher" in capsys.readouterr().err and not (tmp_path / "out").exists()


@pytest.mark.parametrize("photos", [None, Path("photos")])
@pytest.mark.parametrize("negatives", [None, Path("everyday")])
def test_the_crops_come_before_the_gate_which_gets_all_pictures(
    photos: Path | None, negatives: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(pipeline, "_run", ran.append)
    plan = pipeline.Plan(
        data=Path("fer2013.csv"),
        votes=None,
        skip_bad=False,
        out=Path("out"),
        minutes=1.0,
        model="student",
        recipe=Recipe(),
        teacher_recipe=Recipe(),
        teachers=(),
        seed=1,
        negatives=negatives,
        photos=photos,
    )
    pipeline.follow(plan, Path("out/bundle"))
    commands = [" ".join(words) for words in ran]
    wanted = ["-m app calibrate photos --model out/bundle"] if photos else []
    if negatives:
        given = " --photos photos" if photos else ""
        wanted += [f"-m training gate --negatives everyday{given} --data fer2013.csv --model out/bundle"]
    assert commands == wanted
    for words in ran:
        if words[1] == "training":
            _parser().parse_args(words[2:])
