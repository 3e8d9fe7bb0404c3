"""Questions to the user. Every dialog is opened without waiting for it; the answer comes through a callback."""

from collections.abc import Callable

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from app.sources.content import PICTURE_SUFFIXES, VIDEO_SUFFIXES

VIDEOS_AND_PICTURES = " ".join(f"*{suffix}" for suffix in sorted(VIDEO_SUFFIXES) + sorted(PICTURE_SUFFIXES))


def ask_file(parent: QWidget, then: Callable[[str], object]) -> QFileDialog:
    """Ask for a video or a picture."""
    dialog = QFileDialog(parent, "Open a video or a picture")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setOption(QFileDialog.Option.HideNameFilterDetails)  # there are two dozen suffixes
    dialog.setNameFilters([f"Videos and pictures ({VIDEOS_AND_PICTURES})", "All files (*)"])
    return _open(dialog, then)


def ask_folder(parent: QWidget, title: str, then: Callable[[str], object]) -> QFileDialog:
    """Ask for a folder."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _open(dialog, then)


def save_snapshot(parent: QWidget, picture: QImage, failed: Callable[[str], object]) -> QFileDialog:
    """Ask where a snapshot goes and write it there; `failed` gets the sentence if that cannot be done."""

    def save(path: str) -> None:
        if not picture.save(path):
            failed(f"{path} cannot be written; choose another folder.")

    dialog = QFileDialog(parent, "Save a snapshot")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(["PNG picture (*.png)"])
    dialog.setDefaultSuffix("png")
    dialog.selectFile("mimik.png")
    return _open(dialog, save)


def ask_address(parent: QWidget, then: Callable[[str], object]) -> QInputDialog:
    """Ask for the address of a stream."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle("Open an address")
    dialog.setLabelText("Address of a camera or stream, such as rtsp://… or http://…")
    dialog.resize(460, dialog.sizeHint().height())
    dialog.textValueSelected.connect(lambda text: then(text.strip()) if text.strip() else None)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _open(dialog: QFileDialog, then: Callable[[str], object]) -> QFileDialog:
    dialog.fileSelected.connect(then)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
