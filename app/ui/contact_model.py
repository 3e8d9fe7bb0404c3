"""The pictures of a folder as a list model: names, thumbnails loaded on demand, and readings."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from app.core.reading import Reading
from app.core.types import FaceResult
from app.ui.labels import label_words
from app.ui.language import translate
from app.ui.panel_layout import Rect
from app.ui.scaling import to_qimage
from app.ui.window_tasks import WindowTasks

KEPT_BYTES = 64 * 2**20
"""Memory for thumbnails; the least recently shown is dropped first and reloaded when needed."""

WAITING = 96
"""Most thumbnails waiting to be loaded; older requests are dropped, as in fast scrolling."""

PLACE, FACES, FAILED = (Qt.ItemDataRole.UserRole + number for number in range(3))
Index = QModelIndex | QPersistentModelIndex
ReadingOf = Callable[[int], Reading | None]
Key = tuple[int, int, float, int]


class PictureModel(QAbstractListModel):
    """Pictures by their index in the folder, in display order.

    Roles: the name, a small picture or None while there is none, `PLACE`, `FACES` (None if nothing was read yet) and
    `FAILED` (whether the picture cannot be read).
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._paths: tuple[Path, ...] = ()
        self._folder = Path()
        self._order: list[int] = []
        self._rows: list[int] = []
        self._reading_of: ReadingOf = lambda place: None
        self._keys: dict[int, Key] = {}
        self._width = 160
        self._ratio = 1.0
        self._version = 0
        self._small: OrderedDict[int, QImage | None] = OrderedDict()
        self._bytes = 0
        self._tasks = WindowTasks(self, WAITING)
        self._tasks.on_done(self._take)

    @property
    def kept_bytes(self) -> int:
        """Size of the cached thumbnails in bytes."""
        return self._bytes

    def show_folder(self, folder: Path, paths: tuple[Path, ...], reading_of: ReadingOf) -> None:
        """Show other pictures, by name.

        Args:
            folder: Names are relative to it.
            paths: The pictures, in the order of names.
            reading_of: Returns the reading of the picture at an index, or None.
        """
        self.beginResetModel()
        self._folder, self._paths, self._reading_of = folder, paths, reading_of
        self._order = self._rows = list(range(len(paths)))
        self._keys.clear()
        self._forget()
        self.endResetModel()

    def set_size(self, width: int, ratio: float) -> None:
        """Use thumbnails of another size: the width in screen pixels, and the pixel ratio."""
        if (width, ratio) != (self._width, self._ratio):
            self._width, self._ratio = width, ratio
            self._forget()
            self.refresh()

    def sort_by_name(self) -> None:
        self._take_order(list(range(len(self._paths))))

    def sort_by_emotion(self) -> None:
        """The emotion of the largest face in the order of the labels, the surest first; what has none comes last."""
        self._take_order(sorted(range(len(self._paths)), key=self._emotion_key))

    def row_of(self, place: int) -> int:
        """The row of the picture at an index of the folder."""
        return self._rows[place]

    def refresh(self) -> None:
        """Announce new readings."""
        if self._order:
            self.dataChanged.emit(self.index(0), self.index(len(self._order) - 1))

    def _take_order(self, order: list[int]) -> None:
        if order == self._order:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = [self._order[index.row()] for index in before]
        self._order = order
        self._rows = [0] * len(order)
        for row, place in enumerate(order):
            self._rows[place] = row
        self.changePersistentIndexList(before, [self.index(self._rows[place]) for place in places])
        self.layoutChanged.emit()

    def _emotion_key(self, place: int) -> Key:
        """Cached, because readings of pictures do not change, and there may be thousands of them."""
        if place not in self._keys:
            reading = self._reading_of(place)
            if reading is None:
                return 3, 0, 0.0, place
            self._keys[place] = _key_of(reading, place)
        return self._keys[place]

    # Qt's interface

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        place = self._order[index.row()]
        if role == PLACE:
            return place
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._paths[place].relative_to(self._folder).as_posix()
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(place)
        if role == FAILED:
            return self._failed(place)
        if role in (FACES, Qt.ItemDataRole.AccessibleTextRole):
            reading = self._reading_of(place)
            faces = None if reading is None else reading.faces
            if role == FACES:
                return faces
            words = translate("contact", "cannot be read") if self._failed(place) else faces_text(faces)
            return f"{self._paths[place].name}: {words}"
        return None

    def _failed(self, place: int) -> bool:
        return place in self._small and self._small[place] is None

    def _thumbnail(self, place: int) -> QImage | None:
        if place in self._small:
            self._small.move_to_end(place)
            return self._small[place]
        work = partial(_small_picture, self._paths[place], self._width, self._ratio)
        self._tasks.ask((self._version, place), work)
        return None

    def _take(self, key: object, found: object) -> None:
        assert isinstance(key, tuple)
        version, place = key
        if version != self._version:
            return
        self._small[place] = found if isinstance(found, QImage) else None
        self._bytes += found.sizeInBytes() if isinstance(found, QImage) else 0
        while self._bytes > KEPT_BYTES and len(self._small) > 1:
            _, gone = self._small.popitem(last=False)
            self._bytes -= 0 if gone is None else gone.sizeInBytes()
        index = self.index(self._rows[place])
        self.dataChanged.emit(index, index)

    def _forget(self) -> None:
        self._version += 1
        self._tasks.forget()
        self._small.clear()
        self._bytes = 0


def _key_of(reading: Reading, place: int) -> Key:
    if not reading.faces:
        return 2, 0, 0.0, place
    face = largest(reading.faces)
    if face.label not in reading.labels:
        return 1, 0, 0.0, place
    code = reading.labels.index(face.label)
    return 0, code, -float(face.smooth[code]), place


def largest(faces: tuple[FaceResult, ...]) -> FaceResult:
    """The face with the largest box."""
    return max(faces, key=lambda face: face.box.area)


def faces_text(faces: tuple[FaceResult, ...] | None) -> str:
    """The labels of a picture's faces in words, the largest face first."""
    if faces is None:
        return translate("contact", "not read yet")
    if not faces:
        return translate("contact", "nobody")
    return ", ".join(label_words(face.label) for face in sorted(faces, key=lambda face: -face.box.area))


def _small_picture(path: Path, width: int, ratio: float) -> QImage:
    from app.sources.thumbnails import read_thumbnail  # imported here: the formats need many libraries

    side = round(width * ratio)
    image = read_thumbnail(path, side)
    made = to_qimage(image, Rect(0, 0, image.shape[1], image.shape[0]), 1.0, False)
    made.setDevicePixelRatio(ratio)
    return made
