"""What runs a bundle's network: LiteRT by default, Keras as the reference."""

from models.engines.classifier import ENGINES, Classifier, open_classifier

__all__ = ["ENGINES", "Classifier", "open_classifier"]
