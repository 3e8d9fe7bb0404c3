"""The LiteRT export, where training looks for it; `models.conversion` does the work, for the app's benchmark too."""

from models.conversion import QUANTISATIONS, to_litert

__all__ = ["QUANTISATIONS", "to_litert"]
