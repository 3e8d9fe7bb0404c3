"""The demo clip of average faces, which shows nobody."""
