"""Chooses the enlarged face."""

from app.core.types import FaceResult, FrameResult

LARGER = 1.3
"""Another face takes over by itself only if its box has at least this many times the present one's area."""


class EnlargedFace:
    """The face that was clicked, while it is visible; else the largest one, with hysteresis."""

    def __init__(self) -> None:
        self._chosen: int | None = None
        self._shown: int | None = None

    def choose(self, track_id: int) -> None:
        """Prefer a face whenever it is visible, also after an absence."""
        self._chosen = track_id

    def clear(self) -> None:
        """Forget the choice: ids restart with every source, detector or model."""
        self._chosen = self._shown = None

    def of(self, result: FrameResult | None) -> FaceResult | None:
        """The face of a result to enlarge; None if it has no face."""
        face = self._pick(() if result is None else result.faces)
        self._shown = None if face is None else face.track_id
        return face

    def _pick(self, faces: tuple[FaceResult, ...]) -> FaceResult | None:
        by_id = {face.track_id: face for face in faces}
        if not by_id:
            return None
        if self._chosen in by_id:
            return by_id[self._chosen]
        largest = max(faces, key=lambda face: face.box.area)
        present = by_id.get(self._shown) if self._shown is not None else None
        return largest if present is None or largest.box.area > LARGER * present.box.area else present
