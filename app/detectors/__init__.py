"""Face detectors."""

from app.core.stages import Detector
from app.detectors.open import DETECTORS, open_detector

__all__ = ["DETECTORS", "Detector", "open_detector"]
