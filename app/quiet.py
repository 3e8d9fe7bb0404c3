"""Keeps the native libraries in OpenCV, LiteRT and MediaPipe from writing to the user's standard error.

Their messages ("moov atom not found", "Creating LiteRT environment") name no file and no next step; every failure they
accompany is reported as an `InputError` instead. Import this module before the first capture or detector is opened.
"""

import os

os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET; read when OpenCV first uses FFmpeg
os.environ.setdefault("GLOG_minloglevel", "3")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2  # after the variables above

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
