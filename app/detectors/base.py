"""The one interface of everything that finds faces."""

from typing import Protocol

from app.core.types import Detection, Image


class Detector(Protocol):
    """Finds faces in single pictures; keeps no memory between them.

    `name` is the key of its crop geometry in a bundle: `haar` or `mediapipe`.
    """

    name: str

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """Find the faces of one picture, any size from 1x1, strongest first."""
        ...

    def close(self) -> None:
        """Free what the detector holds. May be called twice."""
        ...
