"""Sources of frames: cameras, video files, pictures, addresses."""

from app.core.stages import FrameSource
from app.sources.camera import CameraInfo, list_cameras
from app.sources.demo import demo_path
from app.sources.open import open_source

__all__ = ["CameraInfo", "FrameSource", "demo_path", "list_cameras", "open_source"]
