"""The pure core: numpy and OpenCV only. No Qt, no TensorFlow, no files, no devices."""
