"""Mimik: reads the apparent expressions of the faces in front of a webcam, in a video or in photos."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("mimik")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0.0.0"
