"""Sources of frames: cameras, video files, pictures, addresses."""
