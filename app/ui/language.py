"""The window's texts in the user's language. They are written in English where they are used."""

from PySide6.QtCore import QCoreApplication


def translate(context: str, text: str) -> str:
    """A text in the language in use; `context` names its module, for translators."""
    return QCoreApplication.translate(context, text)


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark a text that is translated where it is shown; the tool that collects texts knows it by this name."""
    return text
