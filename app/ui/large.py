"""Which face is shown in large."""

from app.core.types import FaceResult, FrameResult

LARGER = 1.3
"""Another face takes over by itself only when its box is larger than the present one's by this factor."""


class EnlargedFace:
    """The face that was clicked, while it is there; else the largest one, without changing at every small movement."""

    def __init__(self) -> None:
        self._chosen: int | None = None
        self._shown: int | None = None

    def choose(self, track_id: int) -> None:
        """Prefer a face for as long as it is there, also after an absence."""
        self._chosen = track_id

    def clear(self) -> None:
        """Forget the choice: ids start over with every source and every other detector or model."""
        self._chosen = self._shown = None

    def of(self, result: FrameResult | None) -> FaceResult | None:
        """The face of a result to show in large, or None if it has no face."""
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
