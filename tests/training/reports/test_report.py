"""The report page: its content, self-containment, and location."""

import base64
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.bundle import load_bundle
from models.engines import open_classifier
from models.errors import InputError
from training.datasets.faceset import FaceSet
from training.evaluate import evaluate
from training.reports import mistakes, style
from training.reports.report import write_report

CURVE = "detector,scale,dy,accuracy,log_likelihood\n" + "".join(
    f"{detector},{scale},{dy},{0.6 - (scale - 1.2) ** 2},-1.0\n"
    for detector in ("blazeface", "haar")
    for scale in (0.9, 1.1, 1.3, 1.5)
    for dy in (-0.1, 0.0, 0.1)
)


class Elements(HTMLParser):
    """The start tags of a page with their attributes, and its text without tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def folder(run: Path, faces: FaceSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    curve = tmp_path_factory.mktemp("curve") / "curve.csv"
    curve.write_text(CURVE)
    return write_report(run, lambda: faces, tmp_path_factory.mktemp("report"), crops=curve).parent


@pytest.fixture(autouse=True, scope="module")
def _small_charts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "DPI", 60)
        yield


@pytest.fixture(scope="module")
def classes(faces: FaceSet) -> FaceSet:
    """The same pictures without votes, which need one head and half of the time."""
    return replace(faces, votes=None)


@pytest.fixture(scope="module")
def page(folder: Path) -> Elements:
    return Elements((folder / "report.html").read_text())


def test_the_page_says_what_evaluate_says(page: Elements, run: Path, faces: FaceSet) -> None:
    classifier = open_classifier(load_bundle(run / "bundle"))
    wanted = evaluate(classifier, faces, "PublicTest", "single")
    assert (wanted["n"], wanted["ferplus"]["n"]) == (70, 69)
    for figures in (wanted, wanted["ferplus"]):
        for key in ("accuracy", "balanced_accuracy", "macro_f1", "auc", "ece", "binary_accuracy_not_comparable"):
            assert f"\n{100 * figures[key]:.2f} %\n" in page.text, key
        low, high = figures["interval"]
        assert f"{100 * low:.2f} % to {100 * high:.2f} %" in page.text
        assert f"\n{figures['nll']:.3f}\n" in page.text
        for counts in figures["confusion"]:
            for count in counts:
                assert f"\n{count} ({100 * count / max(sum(counts), 1):.1f} %)\n" in page.text
    assert f"\n{100 * wanted['ece_uncalibrated']:.2f} %\n" in page.text


def test_binary_accuracy_is_named_and_explained(page: Elements) -> None:
    assert "binary accuracy (not comparable)" in page.text
    assert "already reaches 85.7 %" in page.text and "recall of 8.5 %" in page.text


def test_the_page_says_how_the_network_was_trained(page: Elements) -> None:
    for key, value in (
        ("seed", "11"),
        ("git", "0123abc+"),
        ("recipe.augment.flip", "0.5"),
        ("versions.keras", "3.99.1"),
    ):
        assert f"{key}\n{value}\n" in page.text
    assert "3\n9.2\n1.9\n0.45\n0.5\n0.41\n0.49\n0\n" in page.text, "the last epoch of the history"


def test_the_page_needs_nothing_else(folder: Path, page: Elements) -> None:
    used = [a[name] for _, a in page.tags for name in ("src", "srcset", "href") if name in a]
    assert used and all(address and address.startswith(("data:image/png;base64,", "#")) for address in used)
    assert not page.all("script") and not page.all("link")
    assert "http" not in page.text and "@import" not in (folder / "report.html").read_text()


def test_links_lead_somewhere(page: Elements) -> None:
    places = {attributes.get("id") for _, attributes in page.tags}
    links = [str(attributes["href"]) for attributes in page.all("a")]
    assert len(links) >= 6 and all(link[1:] in places for link in links)


def test_everything_can_be_read_without_seeing_the_charts(page: Elements) -> None:
    assert min(len(image["alt"] or "") for image in page.all("img")) > 40
    assert len(page.all("table")) == len(page.all("caption")) >= 8
    assert {header.get("scope") for header in page.all("th")} == {"col", "row"}
    assert page.all("html") == [{"lang": "en"}]
    assert "width=device-width" in str(page.all("meta"))


def test_the_charts_lie_beside_the_page_and_show_something(folder: Path) -> None:
    heads = ("fer2013", "ferplus")
    each = [f"{kind}-{h}" for kind in ("confusion-counts", "confusion-rows", "classes", "reliability") for h in heads]
    wanted = {
        "accuracy",
        "loss",
        "reliability-shown",
        "crop-blazeface",
        "crop-haar",
        *each,
        *(f"mistakes-{head}" for head in heads),
    }
    assert {path.stem for path in folder.glob("*.png")} == wanted
    for path in folder.glob("*.png"):
        image = cv2.imread(str(path))
        assert image is not None and min(image.shape[:2]) > 150
        assert image.std() > 10, f"{path.name} is blank"


def test_charts_are_light_and_dark_as_the_screen_is(page: Elements) -> None:
    assert len(page.all("source")) == len(page.all("img"))
    assert {source["media"] for source in page.all("source")} == {"(prefers-color-scheme: dark)"}
    light, dark = (brightness(page, tag, name) for tag, name in (("img", "src"), ("source", "srcset")))
    assert min(light) > 128 > max(dark)


def test_pictures_of_people_are_in_the_page_only_where_it_is_asked_for(
    page: Elements, folder: Path, run: Path, classes: FaceSet, tmp_path: Path
) -> None:
    sheet = base64.b64encode((folder / "mistakes-fer2013.png").read_bytes()).decode()
    sources = [image["src"] or "" for image in page.all("img")]
    assert not any(sheet in source for source in sources)
    assert "mistakes-fer2013.png" in page.text
    asked = Elements(write_report(run, lambda: classes, tmp_path, with_pictures=True).read_text())
    assert any(sheet in (image["src"] or "") for image in asked.all("img"))


def test_a_report_goes_into_the_runs_folder_unless_told(make_run: Callable[..., Path], classes: FaceSet) -> None:
    run = make_run(history="epoch,loss\n1,2.0\n")
    page = write_report(run / "bundle", lambda: classes)
    assert page == run / "report" / "report.html"
    assert not (run / "report" / "accuracy.png").exists(), "there is no accuracy in this history"


def test_a_bundle_without_its_run_has_no_curves_and_says_so(
    make_run: Callable[..., Path], classes: FaceSet, tmp_path: Path
) -> None:
    bundle = shutil.move(make_run(labels=("four",)) / "bundle", tmp_path / "alone")
    page = write_report(bundle, lambda: classes, tmp_path / "out")
    assert "no training curves" in page.read_text() and "four" in page.read_text()
    assert {path.stem for path in (tmp_path / "out").glob("*.png")} == {
        f"{kind}-four" for kind in ("confusion-counts", "confusion-rows", "classes", "reliability", "mistakes")
    }


def test_a_folder_that_git_keeps_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("git") is None:
        pytest.skip("needs git")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("runs/\n")
    mistakes.refuse_if_kept_by_git(tmp_path / "runs" / "one" / "report")
    with pytest.raises(InputError, match="does not ignore"):
        mistakes.refuse_if_kept_by_git(tmp_path / "docs" / "report")
    monkeypatch.setattr(mistakes.shutil, "which", lambda name: None)
    with pytest.raises(InputError, match="--out"):
        mistakes.refuse_if_kept_by_git(tmp_path / "runs" / "one" / "report")


def test_a_folder_outside_of_git_is_taken(tmp_path: Path) -> None:
    mistakes.refuse_if_kept_by_git(tmp_path / "not" / "there" / "yet")


def test_what_cannot_be_reported_is_said(run: Path, classes: FaceSet, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="PrivateTest"):
        write_report(run, lambda: classes, tmp_path, split="PrivateTest")
    with pytest.raises(InputError, match=r"holds neither run.json nor model.json"):
        write_report(tmp_path, lambda: classes, tmp_path)
    with pytest.raises(InputError, match=r"nowhere.csv"):
        write_report(run, lambda: classes, tmp_path, crops=tmp_path / "nowhere.csv")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"file.*--out"):
        write_report(run, lambda: classes, tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"], "nothing was written"


def brightness(page: Elements, tag: str, name: str) -> list[float]:
    """The mean gray level of each picture of a kind."""
    levels = []
    for attributes in page.all(tag):
        data = base64.b64decode((attributes[name] or "").partition(",")[2])
        levels.append(float(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE).mean()))
    return levels


def test_a_page_of_one_picture_says_what_could_not_be_computed(run: Path, faces: FaceSet, tmp_path: Path) -> None:
    """The first row has no majority vote, the second has one."""
    for row, missing in ((0, "head(s) ferplus"), (1, "Of ferplus, what cannot be computed from 1 picture(s)")):
        one = faces.rows(np.array([row, *range(70, 84)]))
        text = Elements(write_report(run, lambda one=one: one, tmp_path / str(row)).read_text()).text
        assert "Of fer2013, what cannot be computed from 1 picture(s): area under the ROC curve (needs" in text
        assert "temperature fitted on the other half (needs at least two pictures)" in text
        assert missing in text
    assert "cannot be computed" not in Elements(write_report(run, lambda: faces, tmp_path / "all").read_text()).text
