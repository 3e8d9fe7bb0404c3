"""What FER+'s votes say of a picture (Barsoum et al. 2016)."""

import numpy as np
from numpy.typing import NDArray

from models.emotions import FERPLUS


def without_slips(votes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Votes (n, 10) with every single vote set to zero: FER+'s authors take it for a slip."""
    return np.where(votes > 1, votes, 0).astype(np.uint8)


def majority(votes: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """FER+'s official rule for its accuracy: zero every vote of 1; a row counts where the largest of the eight emotions
    exceeds half the sum of all ten columns.

    Args:
        votes: uint8 (n, 10) in the order of `faceset.VOTE_COLUMNS`.

    Returns:
        Which rows count, bool (n,), and every row's emotion in the order of `FERPLUS`, int64 (n,).
    """
    kept = without_slips(votes).astype(np.int64)
    emotions = kept[:, : len(FERPLUS)]
    return emotions.max(axis=1) * 2 > kept.sum(axis=1), emotions.argmax(axis=1)
