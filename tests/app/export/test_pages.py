"""The HTML page and the timeline: well-formed, escaped, readable by Qt, with the right colours."""

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from app.core.palette import color_of
from app.export.content import Content, ContentNote
from app.export.page import write_page
from app.export.plain import plain
from app.export.reporter import Reporter
from app.export.strip import CURVE_HEIGHT, LEFT, RIGHT, WIDTH
from app.export.timeline import write_timeline
from tests.app.export.conftest import HOSTILE, face, moment

SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Checks that elements are nested properly, and collects their names, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def page(session: Content, tmp_path: Path) -> Page:
    facts = {**session.facts, "source": HOSTILE, "detector": HOSTILE, "tags": [HOSTILE], "model": {"name": HOSTILE}}
    write_page(replace(session, facts=facts), tmp_path / "a.html", Reporter())
    return Page((tmp_path / "a.html").read_text(encoding="utf-8"))


def test_nothing_on_the_page_is_markup_but_its_own(page: Page) -> None:
    assert not {"script", "iframe", "object", "img", "link", "base", "form"} & {name for name, _ in page.elements}
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert page.text.count('<script>alert("x")</script>&') >= 6  # title, heading, four facts, notes


def test_the_page_needs_nothing_beside_itself(page: Page) -> None:
    reached = [
        value for _, attributes in page.elements for name, value in attributes.items() if name in ("src", "href")
    ]
    assert not reached
    text = "".join(f"{name} {attributes}" for name, attributes in page.elements if name != "svg")
    assert "http" not in text.replace("http-equiv", "")


def test_the_page_says_what_it_cannot_know(page: Page) -> None:
    words = " ".join(page.text.split())
    assert "nothing here says what anyone felt" in words
    assert "Not for deciding about people" in words
    for phrase in ("you feel", "he feels", "she feels", "they feel", "is feeling"):
        assert phrase not in words.lower()


def test_the_page_counts_corrections_apart(page: Page) -> None:
    cells = re.sub(r"\s+", " ", page.text)
    assert "of it corrected" in cells and "0.4 s" in cells
    assert "correction" in cells


def test_the_pages_of_an_empty_and_of_a_plain_content(content: Content, tmp_path: Path) -> None:
    write_page(replace(content, read=lambda: [], facts={}), tmp_path / "a.html", Reporter())
    assert "No face was seen" in Page((tmp_path / "a.html").read_text(encoding="utf-8")).text
    write_page(replace(content, stills=True, facts={}), tmp_path / "b.html", Reporter())
    assert "Time under each label" not in Page((tmp_path / "b.html").read_text(encoding="utf-8")).text


def pixels_of_svg(path: Path) -> np.ndarray:
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid()
    image = QImage(renderer.defaultSize(), QImage.Format.Format_RGB888)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return data[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


@pytest.mark.usefixtures("qapp")
def test_qt_and_the_png_show_each_face_in_its_labels_colour(session: Content, tmp_path: Path) -> None:
    write_timeline(session, tmp_path / "a.svg", Reporter(), png=False)
    write_timeline(session, tmp_path / "a.png", Reporter(), png=True)
    drawn = pixels_of_svg(tmp_path / "a.svg")
    png = np.asarray(Image.open(tmp_path / "a.png").convert("RGB"))[::2, ::2]
    assert png.shape == drawn.shape
    inner = WIDTH - LEFT - RIGHT
    for at_s, row, label in ((0.3, 0, "happiness"), (2.3, 1, "sadness")):
        x, y = LEFT + round(at_s / 3 * inner), 64 + row * 34 + 8
        for picture in (drawn, png):
            assert np.abs(picture[y, x].astype(int) - color_of(label)).max() <= 2
    x = LEFT + round(0.6 / 3 * inner)
    assert np.abs(drawn[64 + 26 - 4, x].astype(int) - color_of("surprise")).max() <= 2  # the correction, below
    assert (png != 255).any(axis=2)[:30].any()  # the title: the font was found


def test_the_svg_is_well_formed_whatever_the_names_hold(session: Content, tmp_path: Path) -> None:
    notes = (
        *(session.notes or ()),
        ContentNote(0.0, 0.0, None, "note", "".join(map(chr, range(0x250))) + "\ud812\ufffe"),
    )
    write_timeline(replace(session, notes=notes), tmp_path / "a.svg", Reporter(), png=False)
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert {element.tag for element in root.iter()} <= {
        SVG + name for name in ("svg", "title", "rect", "text", "path", "polyline")
    }
    texts = [element.text for element in root.iter(f"{SVG}title")]
    assert plain(HOSTILE) in texts


@pytest.mark.parametrize("seconds", [0.0, 0.04, 7.0, 3_600.0, 400_000.0])
def test_a_strip_of_any_length_has_few_ticks_and_stays_small(content: Content, tmp_path: Path, seconds: float) -> None:
    made = [moment(index, index * seconds / 2000, face(index % 40)) for index in range(2000 if seconds else 1)]
    write_timeline(replace(content, read=lambda: made, facts={}), tmp_path / "a.svg", Reporter(), png=False)
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert len(text) < 1_500_000
    assert 1 <= text.count('text-anchor="middle"') <= 12
    assert ("and 28 more" in text) == bool(seconds)


def test_curves_are_on_a_scale_of_one_and_broken_where_the_face_was_away(content: Content, tmp_path: Path) -> None:
    write_timeline(content, tmp_path / "a.svg", Reporter(), png=False)
    lines = ElementTree.parse(tmp_path / "a.svg").getroot().findall(f"{SVG}polyline")
    points = [np.array([pair.split(",") for pair in line.attrib["points"].split()], float) for line in lines]
    strong = [p for line, p in zip(lines, points, strict=True) if line.attrib.get("stroke-width")]
    assert len(strong) == 8 * (2 + 1)  # the first face was absent for a second, the other never
    inner = WIDTH - LEFT - RIGHT
    assert [round((p[0, 0] - LEFT) / inner * 3, 2) for p in strong[::2][:8:4]] == [0.0, 0.0]
    assert all(p[:, 1].max() - p[:, 1].min() <= CURVE_HEIGHT for p in points)
    top = min(p[:, 1].min() for p in points[:32])
    happy = [p for line, p in zip(lines, points, strict=True) if line.attrib["stroke"] == "#f0e442"]
    assert any(np.isclose((CURVE_HEIGHT - (p[:, 1] - top)).max(), CURVE_HEIGHT, atol=1) for p in happy)


def test_a_png_is_one_that_pillow_reads(content: Content, tmp_path: Path) -> None:
    write_timeline(content, tmp_path / "a.png", Reporter(), png=True)
    picture = Image.open(io.BytesIO((tmp_path / "a.png").read_bytes()))
    picture.load()
    assert picture.width == 2 * WIDTH
