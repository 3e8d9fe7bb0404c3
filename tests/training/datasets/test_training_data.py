"""Training data of a network, and labels without examples."""

from pathlib import Path

import numpy as np

from models.emotions import FERPLUS
from training.datasets.fer2013 import read_fer2013
from training.datasets.labels import parse_labels
from training.datasets.training_data import make_training_data


def test_labels_without_a_picture_to_learn_from_are_named(csv_files: tuple[Path, Path]) -> None:
    faces = read_fer2013(*csv_files)
    sets = parse_labels("fer2013+ferplus", True)
    assert make_training_data(faces, sets).missing_labels == {"ferplus": ("contempt",)}, "which the made votes lack"
    happy = faces.rows(np.isin(faces.emotion, [3, 6]) | (faces.usage != "Training"))
    assert make_training_data(happy, sets).missing_labels == {
        "fer2013": ("anger", "disgust", "fear", "sadness", "surprise"),
        "ferplus": tuple(name for name in FERPLUS if name not in ("happiness", "neutral")),
    }
