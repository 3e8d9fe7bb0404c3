"""Translation of the window's texts, which are written in English where they are used."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""ISO 639-1 code -> the language's own name."""

FOLDER = Path(__file__).with_name("translations")
"""Holds `mimik_CODE.ts`, which translators edit, and `mimik_CODE.qm`, compiled from it, for all but English."""


def translate(context: str, text: str) -> str:
    """A text in the current language; `context` names its module, for translators."""
    return QCoreApplication.translate(context, text)


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark a text for translation where it is shown; `lupdate` finds it by this name."""
    return text


def language_of(setting: str) -> str:
    """The code in a setting, else that of the first available language of the system, else English."""
    if setting in LANGUAGES:
        return setting
    codes = (tag.replace("_", "-").partition("-")[0].lower() for tag in QLocale.system().uiLanguages())
    return next((code for code in codes if code in LANGUAGES), "en")


def locale_in_use() -> QLocale:
    """Number and date formats of the current language, without thousands separators."""
    # Translators enter their language code here; Qt takes the names of days and months from it.
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
    """Show all texts created from now on in a language, including Qt's own.

    Returns:
        The installed translators. Keep a reference as long as they are in use; `QCoreApplication.removeTranslator`
        removes one.
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
