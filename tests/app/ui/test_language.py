"""Translations: complete, with all placeholders, and compiled from the current source file."""

import ast
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from app.core.quality import MARKS
from app.core.quality import REASONS as QUALITY
from app.ui.keymap import COMMANDS, MENUS
from app.ui.labels import LABELS, REASONS
from app.ui.language import FOLDER, LANGUAGES, language_of, translate, use_language
from app.ui.settings import SETTINGS
from app.ui.window import MainWindow
from models.emotions import HEAD_LABELS

UI = FOLDER.parent
OTHERS = [code for code in LANGUAGES if code != "en"]
Texts = dict[tuple[str, str], str]
WAIT_MS = 20_000


def texts(path: Path) -> Texts:
    """(context, source) -> translation; empty if untranslated."""
    found: Texts = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            done = translation is not None and translation.get("type") is None
            key = str(context.findtext("name")), str(message.findtext("source"))
            found[key] = (translation.text or "") if done and translation is not None else ""
    assert found, f"{path} holds no texts"
    return found


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """All texts that the window's code marks for translation."""
    tool = next(Path(PySide6.__file__).parent.glob("lupdate*"), None)
    if tool is None:
        pytest.skip("this PySide6 has no lupdate")
    made = tmp_path_factory.mktemp("texts") / "mimik.ts"
    sources = [str(path) for path in sorted(UI.glob("*.py"))]
    subprocess.run([str(tool), *sources, "-ts", str(made)], check=True, capture_output=True)
    return set(texts(made))


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_and_none_is_left_over(collected: set[tuple[str, str]], code: str) -> None:
    known = texts(FOLDER / f"mimik_{code}.ts")
    assert {key for key, text in known.items() if not text} == set(), "type `make translations` and fill them in"
    assert collected - set(known) == set(), "type `make translations` and fill them in"
    assert set(known) - collected == set(), "type `make translations`"


@pytest.mark.parametrize("code", OTHERS)
def test_every_placeholder_survives(code: str) -> None:
    for (_, source), text in texts(FOLDER / f"mimik_{code}.ts").items():
        assert sorted(re.findall(r"{\w+}", source)) == sorted(re.findall(r"{\w+}", text)), source
        assert source.count("&") == text.count("&"), source
        assert source.endswith("…") == text.endswith("…"), source


@pytest.mark.parametrize("code", OTHERS)
def test_the_built_file_is_made_of_the_edited_one(qapp, code: str) -> None:
    translator = QTranslator()
    assert translator.load(f"mimik_{code}", str(FOLDER))
    for (context, source), text in texts(FOLDER / f"mimik_{code}.ts").items():
        assert translator.translate(context, source) == text, "type `make translations`"


def test_what_tables_hold_is_collected(collected: set[tuple[str, str]]) -> None:
    for text in (*MENUS, *(command.text for command in COMMANDS)):
        assert ("keymap", text) in collected
    for setting in SETTINGS:
        for text in (setting.group, setting.title, setting.help):
            assert ("settings", text) in collected
    assert set(QUALITY) | set(MARKS) == set(REASONS)
    assert {label for labels in HEAD_LABELS.values() for label in labels} <= set(LABELS)


TAKES_TEXT = {"setText", "setWindowTitle", "setToolTip", "setAccessibleName", "setAccessibleDescription", "QLabel"}
TAKES_TEXT |= {"QPushButton", "QCheckBox", "addAction", "addMenu", "addButton", "setPlaceholderText", "setLabelText"}
NAMES = {"Mimik"}


@pytest.mark.parametrize("module", sorted(UI.glob("*.py")), ids=lambda path: path.stem)
def test_no_text_is_shown_as_it_was_written(module: Path) -> None:
    plain = [
        argument.value
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in TAKES_TEXT
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value not in NAMES
    ]
    assert [text for text in plain if any(letter.isalpha() for letter in text)] == []


def test_the_window_is_shown_in_german(qtbot, german: None, open_window: Callable[..., MainWindow]) -> None:
    window = open_window("long")
    qtbot.waitUntil(lambda: bool(window.picture.result and window.picture.result.faces), timeout=WAIT_MS)
    window.menus.pause.trigger()
    assert window.menus.file.title() == "&Datei"
    assert window.menus["keys"].text() == "&Tasten"
    card = next(card for card in window.side.cards if card.isVisible())
    assert card.accessibleDescription() == "gewählt: neutral 80 %; lesbar"
    window.menus["keys"].trigger()
    window.menus["settings"].trigger()
    window.menus["welcome"].trigger()
    titles = {child.windowTitle() for child in window.children() if hasattr(child, "windowTitle")}
    assert {"Tasten", "Einstellungen", "Wofür Mimik da ist"} <= titles


def test_the_language_is_the_settings_else_the_systems_else_english(monkeypatch: pytest.MonkeyPatch) -> None:
    class System:
        def __init__(self, *tags: str) -> None:
            self._tags = tags

        def uiLanguages(self) -> list[str]:
            return list(self._tags)

    for tags, wanted in (
        (("de-AT", "en-US"), "de"),
        (("en-US", "de-DE"), "en"),
        (("fr-FR", "de"), "de"),
        (("fr_FR",), "en"),
        ((), "en"),
    ):
        monkeypatch.setattr(QLocale, "system", lambda tags=tags: System(*tags))
        assert language_of("system") == wanted
        assert language_of("de") == "de"
        assert language_of("en") == "en"


def test_without_a_translation_texts_are_english(qapp) -> None:
    assert use_language("en") == []
    assert translate("labels", "anger") == "anger"


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_letter_calls_one_entry_of_a_menu(qtbot, code: str, open_window: Callable[..., MainWindow]) -> None:
    translators = use_language(code)
    window = open_window()
    for translator in translators:
        QCoreApplication.removeTranslator(translator)
    menus = [action.menu() for action in window.menuBar().actions()]
    for entries in ([menu.menuAction() for menu in menus], *(menu.actions() for menu in menus)):
        letters = [found[1].lower() for action in entries if (found := re.search("&([^&])", action.text()))]
        assert len(letters) == len(set(letters)), [action.text() for action in entries]
        assert letters or not entries
