"""`python -m training logits`: save teachers' logits for a student's training pictures."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.backend import load_keras
from training.commands.options import add_data_options, seed

if TYPE_CHECKING:
    from training.datasets.faceset import FaceSet


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("logits", help="save teachers' logits, for --teacher")
    add_data_options(parser)
    parser.add_argument(
        "teachers", type=Path, nargs="+", metavar="BUNDLE", help="folders of bundles; with --views also folders of runs"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="NPZ", help="the file to write")
    parser.add_argument(
        "--views",
        type=int,
        metavar="K",
        help="save logits of K fixed views of each picture, the views that the student then sees (16 to 32; default: "
        "one mean over the picture and its mirror image)",
    )
    parser.add_argument(
        "--split", default="official", metavar="official|N/M", help="the split that the student trains on"
    )
    parser.add_argument(
        "--seed",
        type=seed,
        default=1,
        metavar="N",
        help="the student's seed, for a random split; also the seed of the views",
    )
    parser.add_argument("--labels", metavar="SET[+SET]", help="the student's label sets; some drop pictures")
    parser.add_argument(
        "--recipe",
        metavar="NAME|FILE.toml",
        help="the student's recipe, which may copy rare pictures and which bounds the views",
    )
    parser.add_argument("--keep-duplicates", action="store_true", help="as for the student")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Average the teachers' probabilities and save their logarithms."""
    load_keras()
    from training.commands.options import read_data
    from training.datasets.labels import parse_labels
    from training.datasets.training_data import make_training_data
    from training.recipes.recipe import load_recipe, recipe_for

    recipe = load_recipe(args.recipe) if args.recipe else recipe_for("student")
    args.out.parent.mkdir(parents=True, exist_ok=True)  # before the work, so that it is not wasted
    compute = _of_pictures(args) if args.views is None else _of_views(args, recipe.augment)
    faces = read_data(args)
    sets = parse_labels(args.labels, faces.votes is not None)
    learn = make_training_data(
        faces,
        sets,
        split=args.split,
        seed=args.seed,
        keep_duplicates=args.keep_duplicates,
        balance=recipe.balance if args.recipe else "none",
    ).learn
    heads = compute(learn, {each.name: len(each.labels) for each in sets})
    of = f"{args.views} views of " if args.views else ""
    print(f"Written to {args.out}: {heads} of {of}{len(learn):,} pictures by {len(args.teachers)} teacher(s).")
    return 0


def _of_pictures(args: argparse.Namespace) -> Any:
    """The function that saves logits of the pictures, each with its mirror image."""
    from models.bundle import load_bundle
    from training.logits_file import save_logits
    from training.picture_logits import picture_logits

    bundles = [load_bundle(bundle) for bundle in args.teachers]  # before the data, which take longer

    def compute(learn: "FaceSet", heads: dict[str, int]) -> str:
        logits = picture_logits(bundles, learn.images)
        save_logits(args.out, logits, learn.digest)
        return ", ".join(logits)

    return compute


def _of_views(args: argparse.Namespace, bounds: Any) -> Any:
    """The function that saves logits of fixed views."""
    from models.bundle import load_bundle
    from models.errors import InputError
    from training.run_folder import CONFIG

    for teacher in args.teachers:
        if not (teacher / CONFIG).is_file():
            load_bundle(teacher)  # report a wrong name before reading the data
    import keras

    from training.numerics import choose_precision
    from training.progress import say
    from training.view_logits import save_view_logits
    from training.views import FixedViews

    try:
        views = FixedViews(args.views, args.seed, bounds)
    except ValueError as error:
        raise InputError(f"--views: {error}.") from error
    keras.mixed_precision.set_global_policy(choose_precision("auto"))

    def compute(learn: "FaceSet", heads: dict[str, int]) -> str:
        shown = 0

        def go_on(done: float, seconds: float) -> bool:
            nonlocal shown
            if int(done) > shown:
                shown = int(done)
                say(f"view {shown} of {views.count}  {(views.count - done) * seconds / 60:.0f} min left")
            return True

        return ", ".join(save_view_logits(args.teachers, args.out, learn, heads, views, go_on)[0])

    return compute
