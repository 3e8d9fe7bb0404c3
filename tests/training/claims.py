"""Synthetic face candidates for the tests of the gate."""

import numpy as np

from models.candidates import MADE, PHOTO, SHOWN, Candidates
from models.gate import EVIDENCE

WIDTH = 6
"""Number of features of a candidate."""


def scene(rng: np.random.Generator, n: int = 60) -> tuple[Candidates, np.ndarray]:
    """Candidates of photos, of everyday pictures (faces, animals, nothing) and of plain colours, with their features.

    Faces score higher. Their crops have a bright bar, the others are noise; the first feature separates them as well.
    """
    groups = [
        *(("face", PHOTO, 0.9, f"photo {i}") for i in range(n)),
        *(("face", SHOWN, 0.8, f"street {i}") for i in range(n // 2)),
        *(("animal", SHOWN, 0.5, f"zoo {i}") for i in range(n // 2)),
        *(("none", SHOWN, 0.3, f"shelf {i}") for i in range(n)),
        *((MADE, MADE, 0.3, f"plain {i}") for i in range(n)),
    ]
    labels, ways, scores, pictures = map(np.array, zip(*groups, strict=True))
    evidence = np.clip(scores[:, None] + rng.normal(0, 0.1, (len(groups), len(EVIDENCE))), 0, 1).astype(np.float32)
    features = rng.normal(0, 1, (len(groups), WIDTH)).astype(np.float32)
    features[:, 0] += 3.0 * (labels == "face")
    crops = rng.integers(0, 120, (len(groups), 48, 48, 1), dtype=np.uint8)
    crops[labels == "face", 12:30] += 130
    return Candidates(crops, evidence, labels, pictures, ways, np.array(["blazeface"] * len(groups))), features
