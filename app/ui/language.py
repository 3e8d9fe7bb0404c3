"""The window's texts in the user's language. They are written in English where they are used."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""By the codes of ISO 639-1; each is called what its speakers call it."""

FOLDER = Path(__file__).with_name("translations")
"""Has `mimik_CODE.ts`, which people edit, and `mimik_CODE.qm`, which is made of it, for all but English."""


def translate(context: str, text: str) -> str:
    """A text in the language in use; `context` names its module, for translators."""
    return QCoreApplication.translate(context, text)


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark a text that is translated where it is shown; the tool that collects texts knows it by this name."""
    return text


def language_of(setting: str) -> str:
    """The language in use: the one of a setting, else the first of the system's that there is, else English."""
    if setting in LANGUAGES:
        return setting
    codes = (tag.replace("_", "-").partition("-")[0].lower() for tag in QLocale.system().uiLanguages())
    return next((code for code in codes if code in LANGUAGES), "en")


def locale_in_use() -> QLocale:
    """How numbers and days are written in the language in use, without separators of thousands."""
    # A translator gives the code of the language here, by which Qt knows its names of days and months.
    locale = QLocale(translate("journal", "en"))
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale


def decimal(value: float, places: int) -> str:
    """A number with a fixed count of decimal places, written as in the language in use.

    >>> decimal(2.25, 1)
    '2.3'
    """
    return locale_in_use().toString(float(value), "f", places)


def use_language(code: str) -> list[QTranslator]:
    """Show all texts that are made from now on in a language, Qt's own ones too.

    Returns:
        What translates; it must be kept as long as it is used, and `QCoreApplication.removeTranslator` ends it.
    """
    places = (
        (f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        (f"mimik_{code}", FOLDER),
    )
    found = []
    for name, folder in places:
        translator = QTranslator()
        if code != "en" and translator.load(name, str(folder)):
            QCoreApplication.installTranslator(translator)
            found.append(translator)
    return found
