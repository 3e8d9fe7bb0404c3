"""The next steps offered after a failure."""

from collections.abc import Callable
from dataclasses import dataclass

from app.player.messages import FailureKind
from app.ui.banner import Step
from app.ui.language import translate


@dataclass(frozen=True, slots=True)
class RecoveryActions:
    """The actions that a window can offer after a failure."""

    again: Callable[[], None]
    demo: Callable[[], None]
    open_file: Callable[[], None]
    open_model: Callable[[], None]
    default_model: Callable[[], None]
    haar: Callable[[], None]

    def after(self, kind: FailureKind, *, own_model: bool) -> list[Step]:
        """The buttons for a kind of failure; `own_model` says that a model other than the default was chosen."""
        again: Step = (translate("recovery", "Try again"), self.again)
        if kind == "model":
            default: list[Step] = [(translate("recovery", "Default model"), self.default_model)] if own_model else []
            return [again, *default, (translate("recovery", "Open model folder…"), self.open_model)]
        if kind == "detector":
            return [again, (translate("recovery", "Use Haar"), self.haar)]
        return [
            again,
            (translate("recovery", "Demo clip"), self.demo),
            (translate("recovery", "Open file…"), self.open_file),
        ]
