"""From data to a bundle within a given time: teachers, their logits, the student, the export, then crops and gate."""

import importlib.util
import json
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import keras

from models.bundle import KERAS_FILE, META, load_bundle
from models.errors import InputError
from training.architectures import NAMES
from training.config import RunConfig
from training.datasets.faceset import FaceSet
from training.datasets.labels import parse_labels
from training.datasets.training_data import make_training_data
from training.numerics import choose_precision, has_accelerator
from training.open_run import open_run
from training.progress import say
from training.recipes.recipe import Recipe
from training.run_folder import CONFIG, LAST, write_json
from training.view_logits import save_view_logits
from training.views import FixedViews

GPU_TEACHERS = ("resnet18:1", "vgg11:1")
CPU_TEACHERS = ("student:2",)
LEAST_CPU_TEACHING_MIN = 60.0
"""Minutes below which no teacher is trained on a CPU by default: a few epochs would teach it nothing worth passing on,
and compiling it takes time from the student."""

TEACHERS_SHARE, LOGITS_SHARE = 0.4, 0.3
"""Share of the remaining time for training all teachers, and then the largest share for their logits."""

EXPORT_CPU_S, MOST_EXPORT_SHARE, SLOWEST = 20.0, 0.4, 5.0
"""Reserved for the export: its processor time, times `slowness` (at most `SLOWEST`) if other work shares the cores, and
at most a share of the whole time."""

MOST_VIEWS, FEWEST_VIEWS = 32, 8
"""Fixed views per picture. With fewer, a student memorises them; then its teachers run during its training instead."""

DONE = "build.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build.

    Attributes:
        data: A csv or a folder; None looks in the usual places.
        votes: FER+'s csv; None takes the one next to the data.
        skip_bad: Skip unusable rows.
        out: Folder of the runs, the logits and the bundle.
        minutes: For all stages.
        model: Name of the student's network.
        recipe: Of the student.
        teacher_recipe: Of the teachers.
        teachers: Networks with their seeds (`resnet18:1`), or folders of runs or bundles; empty for the default ones.
        seed: Of the student and the views.
        negatives: Folder of pictures without faces, for the gate.
        photos: Folder of labelled photos, for the calibration of the crops, and for the gate.
    """

    data: Path | None
    votes: Path | None
    skip_bad: bool
    out: Path
    minutes: float
    model: str
    recipe: Recipe
    teacher_recipe: Recipe
    teachers: tuple[str, ...]
    seed: int
    negatives: Path | None = None
    photos: Path | None = None


class Pipeline:
    """The stages, in order. Those that an earlier call finished in the same folder are skipped.

    Args:
        plan: What to build.
        faces: The data.
        began: Start of the time, by `time.monotonic()`.
    """

    def __init__(self, plan: Plan, faces: FaceSet, began: float) -> None:
        self.plan, self.faces = plan, faces
        export_s = min(EXPORT_CPU_S * slowness(began), MOST_EXPORT_SHARE * 60 * plan.minutes)
        self.deadline = began + 60 * plan.minutes - export_s
        self.done, earlier = _earlier_stages(plan.out / DONE)
        self.teachers = plan.teachers or (default_teachers(plan.minutes) if earlier is None else earlier)
        for teacher in self.teachers:
            _check(teacher)
        plan.out.mkdir(parents=True, exist_ok=True)

    def go(self) -> None:
        """Run every stage.

        Raises:
            InputError: If the data, a teacher or a file in the folder cannot be used.
        """
        self._write_down()
        folders = self._train_teachers()
        teachers = self._taught_by(folders)  # takes its share of the time before the student gets the rest
        student = self.plan.out / "student"
        self._train("student", self.plan.model, self.plan.recipe, self.plan.seed, self._left(), teachers)
        bundle = self._export(student)
        if bundle is not None:
            follow(self.plan, bundle)

    def _left(self) -> float:
        """Seconds until the export must begin."""
        return max(self.deadline - time.monotonic(), 1.0)

    def _train_teachers(self) -> list[Path]:
        """Train the teachers that are named as networks; returns the folders of all."""
        folders, new = [], [name for name in self.teachers if not Path(name).is_dir()]
        share = TEACHERS_SHARE * self._left() / max(len(new), 1)
        for name in self.teachers:
            if name not in new:
                folders.append(Path(name))
                continue
            model, _, seed = name.partition(":")
            stage = f"teacher-{model}-{seed or 1}"
            self._train(stage, model, self.plan.teacher_recipe, int(seed or 1), share, ())
            folders.append(self.plan.out / stage)
        return folders

    def _taught_by(self, folders: list[Path]) -> tuple[Path, ...]:
        """The student's `--teacher`: a file of logits if there is time for enough views, else the teachers."""
        path, recipe = self.plan.out / "teacher.npz", self.plan.recipe
        if not folders:
            return ()
        if recipe.mixup or recipe.cutmix or "teachers run during training" in self.done:
            return tuple(folders)
        if "logits" in self.done:
            return (path,)
        keras.mixed_precision.set_global_policy(choose_precision("auto"))
        sets = parse_labels(None, self.faces.votes is not None)
        learn = make_training_data(self.faces, sets, seed=self.plan.seed, balance=recipe.balance).learn
        end = time.monotonic() + LOGITS_SHARE * self._left()

        def go_on(done: float, seconds: float) -> bool:
            """Continue while another view can be completed and there will be enough of them."""
            left = end - time.monotonic()
            enough = not seconds or done + left / seconds > FEWEST_VIEWS
            return enough and left > (math.floor(done) + 1 - done) * seconds

        views = FixedViews(MOST_VIEWS, self.plan.seed, recipe.augment)
        heads = {each.name: len(each.labels) for each in sets}
        known, count = save_view_logits(folders, path, learn, heads, views, go_on)
        if count < FEWEST_VIEWS:
            path.unlink(missing_ok=True)
            say("There is no time for the logits of enough views, so the teachers run during the student's training.")
            self._finish("teachers run during training")
            return tuple(folders)
        say(f"Written to {path}: {', '.join(known)} of {count} views of {len(learn):,} pictures.")
        self._finish("logits")
        return (path,)

    def _train(
        self, stage: str, model: str, recipe: Recipe, seed: int, seconds: float, teachers: tuple[Path, ...]
    ) -> None:
        if stage in self.done:
            return
        plan, folder = self.plan, self.plan.out / stage
        say(f"{stage}: {seconds / 60:.1f} minutes")
        config = RunConfig(
            model=model,
            data=plan.data,
            votes=plan.votes,
            recipe=recipe,
            seed=seed,
            out=folder,
            teachers=teachers,
            skip_bad=plan.skip_bad,
            minutes=seconds / 60,
        )
        open_run(config, resume=(folder / LAST).is_file(), faces=self.faces).go()
        self._finish(stage)

    def _finish(self, stage: str) -> None:
        self.done.append(stage)
        self._write_down()

    def _write_down(self) -> None:
        write_json(self.plan.out / DONE, {"done": self.done, "teachers": list(self.teachers)})

    def _export(self, run: Path) -> Path | None:
        """The bundle's folder, or None without TensorFlow; a line then says how to continue."""
        bundle = self.plan.out / "bundle"
        given = [*_data_options(self.plan), *(["--skip-bad"] if self.plan.skip_bad else [])]
        command = ["-m", "training", "export", str(run), "--out", str(bundle), *given]
        if importlib.util.find_spec("tensorflow") is None:
            say(
                f"Trained into {run}. The LiteRT export needs TensorFlow, which is not installed here; copy the "
                f"folder to a machine that has it and run: KERAS_BACKEND=tensorflow python {' '.join(command)}"
            )
            return None
        if keras.backend.backend() == "tensorflow":
            from training.commands.export import print_bundle
            from training.export import export

            print_bundle(export(run, bundle, self.faces))
            return bundle
        _run(command, KERAS_BACKEND="tensorflow")
        return bundle


def follow(plan: Plan, bundle: Path) -> None:
    """The stages that need further pictures: the crops of the detectors, then the gate, which learns from them."""
    if plan.photos is not None:
        _run(["-m", "app", "calibrate", str(plan.photos), "--model", str(bundle)])
    if plan.negatives is not None:
        photos = [] if plan.photos is None else ["--photos", str(plan.photos)]
        words = ["--negatives", str(plan.negatives), *photos, *_data_options(plan), "--model", str(bundle)]
        _run(["-m", "training", "gate", *words])


def _data_options(plan: Plan) -> list[str]:
    """`--data` and `--ferplus` as they were given."""
    data = [] if plan.data is None else ["--data", str(plan.data)]
    return data + ([] if plan.votes is None else ["--ferplus", str(plan.votes)])


def slowness(began: float) -> float:
    """Elapsed time over processor time of this process since `began`, 1..`SLOWEST`.

    The work before training (imports, reading, comparing pictures) is all computation, so the ratio shows whether other
    processes share the cores.
    """
    return min(max((time.monotonic() - began) / max(time.process_time(), 1e-3), 1.0), SLOWEST)


def default_teachers(minutes: float) -> tuple[str, ...]:
    """The default teachers of a build of so many minutes on this machine."""
    if has_accelerator():
        return GPU_TEACHERS
    return CPU_TEACHERS if minutes >= LEAST_CPU_TEACHING_MIN else ()


def _earlier_stages(file: Path) -> tuple[list[str], tuple[str, ...] | None]:
    """The stages that an earlier call finished, and its teachers; None without such a call."""
    if not file.is_file():
        return [], None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        done, teachers = list(content["done"]), content.get("teachers")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{file} cannot be read ({error}); name another --out.") from error
    return done, None if teachers is None else tuple(map(str, teachers))


def _check(teacher: str) -> None:
    """Before the work starts, refuse a teacher that is neither a network with a seed nor the folder of a run or
    bundle."""
    path = Path(teacher)
    if path.is_dir():
        if not (path / CONFIG).is_file() and not ((path / META).is_file() and KERAS_FILE in load_bundle(path).sha256):
            raise InputError(f"{path} is neither a run nor a bundle with {KERAS_FILE}; name another teacher.")
        return
    model, _, seed = teacher.partition(":")
    if model not in NAMES or not (seed or "1").isdecimal():
        raise InputError(
            f"There is no teacher {teacher!r}; name a folder, or a network and a seed such as resnet18:1 (networks: "
            f"{', '.join(NAMES)})."
        )


def _run(words: list[str], **settings: str) -> None:
    """Run a command of this project in a separate process and show its output."""
    sys.stdout.flush()
    done = subprocess.run([sys.executable, *words], env={**os.environ, **settings}, check=False)
    if done.returncode:
        raise InputError(f"`python {' '.join(words)}` ended with exit code {done.returncode}; its messages are above.")
