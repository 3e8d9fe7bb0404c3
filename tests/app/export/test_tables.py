"""CSV, CSV for Excel and the wide table, as read by pandas and with decimal commas; JSON."""

import json
import locale
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from app.core.types import UNREADABLE
from app.export import delimited
from app.export.content import Content, ContentNote
from app.export.delimited import Dialect, write_long, write_wide
from app.export.json_file import write_json
from app.export.locales import decimal_of_locale
from app.export.reporter import Reporter
from tests.app.export.conftest import FRAMES, HOSTILE, face, moment


def test_the_table_of_a_session_has_corrections_and_notes_behind_the_old_columns(
    content: Content, session: Content, tmp_path: Path
) -> None:
    write_long(content, tmp_path / "a.csv", Reporter())
    write_long(session, tmp_path / "b.csv", Reporter())
    plain, noted = pd.read_csv(tmp_path / "a.csv"), pd.read_csv(tmp_path / "b.csv")
    assert list(noted.columns) == [*plain.columns, "corrected", "notes"]
    assert noted[plain.columns].equals(plain)
    assert noted.loc[noted.corrected == "surprise", "label"].unique().tolist() == ["happiness"]
    assert noted.notes.notna().sum() == 13 + 1  # half a second, and a mark


def test_excel_opens_it_where_a_comma_is_the_decimal_sign(session: Content, tmp_path: Path) -> None:
    path, plain = tmp_path / "a.csv", tmp_path / "b.csv"
    write_long(session, path, Reporter(), Dialect.excel(","))
    write_long(session, plain, Reporter())
    assert path.read_bytes().startswith(b"\xef\xbb\xbfframe;time_s;")
    table = pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig")
    wanted = pd.read_csv(plain)
    numbers = wanted.select_dtypes("number").columns
    assert table[numbers].equals(wanted[numbers])
    assert (table.dtypes[numbers] == wanted.dtypes[numbers]).all()
    assert table.label.equals(wanted.label)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\u00a0=", "|", "%", "＝", "＠"])
def test_no_text_becomes_a_formula(content: Content, tmp_path: Path, start: str) -> None:
    text = f'{start}HYPERLINK("http://x";"y")'
    made = [moment(0, 0.0, face(0, x=-3.5), picture=text), moment(1, 0.1, picture=text)]
    noted = replace(content, read=lambda: made, notes=(ContentNote(0.0, 1.0, None, "note", text),))
    write_long(noted, tmp_path / "a.csv", Reporter(), Dialect.excel("."))
    table = pd.read_csv(tmp_path / "a.csv", dtype={"picture": str, "notes": str})
    text = text.replace("\r", "\n")  # alone it would end a row
    assert table.picture.tolist() == [f"'{text}"] * 2
    assert table.notes.tolist() == [f"'{text}"] * 2
    assert table.x[0] == -3.5  # a number stays a number
    write_long(noted, tmp_path / "b.csv", Reporter())
    assert pd.read_csv(tmp_path / "b.csv").notes.tolist() == [text] * 2  # the plain table keeps the text as written


def test_a_text_never_ends_its_row(content: Content, tmp_path: Path) -> None:
    noted = replace(
        content, read=lambda: [moment(0, 0.0)], notes=(ContentNote(0.0, 1.0, None, "note", "a\rb\r\nc\0d"),)
    )
    write_long(noted, tmp_path / "a.csv", Reporter())
    assert pd.read_csv(tmp_path / "a.csv").notes.tolist() == ["a\nb\nc\ufffdd"]


def test_more_rows_than_excel_shows_are_told(content: Content, tmp_path: Path, monkeypatch) -> None:
    notices: list[str] = []
    monkeypatch.setattr(delimited, "EXCEL_ROWS", 50)
    write_long(content, tmp_path / "a.csv", Reporter(notify=notices.append), Dialect.excel("."))
    write_long(content, tmp_path / "b.csv", Reporter(notify=notices.append))
    assert len(notices) == 1 and "first 50" in notices[0]


def test_the_wide_table_has_a_row_a_moment_and_columns_a_face(session: Content, tmp_path: Path) -> None:
    write_wide(session, tmp_path / "a.csv", Reporter(), Dialect(";", ","))
    table = pd.read_csv(tmp_path / "a.csv", sep=";", decimal=",")
    assert len(table) == FRAMES and table.time_s.is_monotonic_increasing
    assert (table.status == "nobody").sum() == 25
    assert table.face_0_label[3] == UNREADABLE and pd.isna(table.face_0_happiness[3])
    assert table.face_0_happiness[5] == pytest.approx(0.6) and pd.isna(table.face_0_happiness[30])
    assert table.face_7_label.notna().sum() == 25 and table.face_7_sadness[60] == pytest.approx(0.9)
    assert (table.face_0_corrected == "surprise").sum() == 10


def test_a_wide_table_without_anybody(content: Content, tmp_path: Path) -> None:
    write_wide(replace(content, read=lambda: [moment(0, 0.0)]), tmp_path / "a.csv", Reporter())
    assert pd.read_csv(tmp_path / "a.csv").columns.tolist() == ["frame", "time_s", "status", "picture"]


def test_json_holds_the_same_rows_as_the_table(session: Content, tmp_path: Path) -> None:
    write_json(session, tmp_path / "a.json", Reporter())
    write_long(session, tmp_path / "a.csv", Reporter())
    data = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    rows, table = pd.DataFrame(data["readings"]), pd.read_csv(tmp_path / "a.csv")
    assert list(rows.columns) == list(table.columns)
    for name in table.select_dtypes("number").columns:
        assert rows[name].astype(float).equals(table[name].astype(float)), name
    assert rows.label.fillna("").tolist() == table.label.fillna("").tolist()
    assert [note["text"] for note in data["notes"]][2] == HOSTILE
    assert data["faces"][0]["seconds"]["surprise"] == pytest.approx(0.4)
    assert (data["frames"], data["duration_s"]) == (FRAMES, pytest.approx(3.0))
    assert "notes" in data and data["source"] == "a.mp4"


def test_the_decimal_sign_is_the_locales(monkeypatch: pytest.MonkeyPatch) -> None:
    before = locale.setlocale(locale.LC_NUMERIC)
    for sign, wanted in ((",", ","), (".", "."), ("٫", ".")):
        monkeypatch.setattr(locale, "localeconv", lambda sign=sign: {"decimal_point": sign})
        assert decimal_of_locale() == wanted
    assert locale.setlocale(locale.LC_NUMERIC) == before


def test_a_locale_that_the_system_does_not_have_writes_a_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "xx_XX.nowhere")
    assert decimal_of_locale() == "."
