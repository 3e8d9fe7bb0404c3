"""Runs the package `fer` over a clip, in a separate environment (`bench_peer`): a script, never imported.

    python peer_fer.py CLIP -> {"frames": n, "faces": n, "wall_s": s} on standard output

It times what users of that package do with a film: OpenCV reads a frame, `FER()` with its defaults finds and reads
faces.
"""

import json
import logging
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
logging.disable(logging.WARNING)


def main() -> None:
    import cv2
    from fer.fer import FER  # type: ignore[import-not-found]  # in its own environment

    reader = FER()
    capture = cv2.VideoCapture(sys.argv[1])
    good, image = capture.read()
    reader.detect_emotions(image)  # warm up
    capture.release()
    frames = faces = 0
    start_s = time.perf_counter()
    capture = cv2.VideoCapture(sys.argv[1])
    while True:
        good, image = capture.read()
        if not good:
            break
        faces += len(reader.detect_emotions(image))
        frames += 1
    wall_s = time.perf_counter() - start_s
    print(json.dumps({"frames": frames, "faces": faces, "wall_s": wall_s}))


if __name__ == "__main__":
    main()
