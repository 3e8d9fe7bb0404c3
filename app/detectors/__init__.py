"""Face detectors."""

from app.core.stages import Detector
from app.detectors.open import open_detector

__all__ = ["Detector", "open_detector"]
