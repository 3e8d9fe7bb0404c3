"""Questions to the user. Dialogs do not block; the answer comes through a callback."""

from collections.abc import Callable

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from app.sources.content import PICTURE_SUFFIXES, VIDEO_SUFFIXES
from app.ui.language import translate

VIDEOS_AND_PICTURES = " ".join(f"*{suffix}" for suffix in sorted(VIDEO_SUFFIXES) + sorted(PICTURE_SUFFIXES))


def ask_files(parent: QWidget, then: Callable[[list[str]], object]) -> QFileDialog:
    """Ask for videos or pictures."""
    dialog = QFileDialog(parent, translate("asking", "Open videos or pictures"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setOption(QFileDialog.Option.HideNameFilterDetails)  # two dozen suffixes
    dialog.setNameFilters(
        [
            translate("asking", "Videos and pictures ({patterns})").format(patterns=VIDEOS_AND_PICTURES),
            translate("asking", "All files (*)"),
        ]
    )
    dialog.filesSelected.connect(then)
    return _open(dialog)


def ask_folder(parent: QWidget, title: str, then: Callable[[str], object]) -> QFileDialog:
    """Ask for a folder."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _open(dialog, then)


def save_snapshot(parent: QWidget, picture: QImage, failed: Callable[[str], object]) -> QFileDialog:
    """Ask for a file name and write a snapshot there; `failed` gets a sentence if that is impossible."""

    def save(path: str) -> None:
        if not picture.save(path):
            failed(translate("asking", "{path} cannot be written; choose another folder.").format(path=path))

    dialog = QFileDialog(parent, translate("asking", "Save a snapshot"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([translate("asking", "PNG picture (*.png)")])
    dialog.setDefaultSuffix("png")
    dialog.selectFile("mimik.png")
    return _open(dialog, save)


def ask_address(parent: QWidget, then: Callable[[str], object]) -> QInputDialog:
    """Ask for the address of a stream."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(translate("asking", "Open an address"))
    dialog.setLabelText(translate("asking", "Address of a camera or stream, such as rtsp://… or http://…"))
    dialog.resize(460, dialog.sizeHint().height())
    dialog.textValueSelected.connect(lambda text: then(text.strip()) if text.strip() else None)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def ask_moment(parent: QWidget, then: Callable[[str], object], *, apart: bool = False) -> QInputDialog:
    """Ask for a frame or a time to go to, or for the number of a picture where these are `apart`."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(translate("asking", "Go to"))
    if apart:
        dialog.setLabelText(translate("asking", "The number of a picture, such as 12"))
    else:
        dialog.setLabelText(translate("asking", "A time such as 1:02.5 or 62.5, or a frame such as #1562"))
    dialog.resize(360, dialog.sizeHint().height())
    dialog.textValueSelected.connect(then)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _open(dialog: QFileDialog, then: Callable[[str], object] | None = None) -> QFileDialog:
    if then is not None:
        dialog.fileSelected.connect(then)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
