"""Runs the gate network of a bundle."""

import numpy as np
from numpy.typing import NDArray

from models.bundle import Bundle
from models.errors import InputError
from models.gate import GATE_FILE, Gate
from models.standard_error import quiet_stderr

OUTPUT = "gate"
"""Name of the network's only output."""


class GateNetwork:
    """The gate network and the rule that uses its logit.

    Args:
        bundle: A verified bundle with a gate.
        threads: For LiteRT.

    Raises:
        InputError: If the network cannot be run or does not give one logit per crop.
    """

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        if bundle.gate is None:
            raise ValueError(f"the bundle {bundle.path} has no gate")
        from models.engines.litert import LiteRTEngine

        self.rule: Gate = bundle.gate
        self._shape = bundle.input_shape
        with quiet_stderr():
            self._engine = LiteRTEngine(bundle, threads, GATE_FILE)
            found = self._engine.logits(np.zeros((1, *self._shape), np.uint8))
        if set(found) != {OUTPUT} or found[OUTPUT].shape != (1, 1):
            raise InputError(
                f"{bundle.path / GATE_FILE} is not a gate network; make it again with `python -m training gate`."
            )

    def logits(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Log odds of a face in each crop, up to scale and shift: float32 (n,); n may be 0."""
        if not len(crops):
            return np.zeros(0, np.float32)
        return self._engine.logits(crops)[OUTPUT][:, 0]

    def close(self) -> None:
        """Free the network. May be called twice."""
        self._engine.close()


def open_gate(bundle: Bundle, threads: int = 1) -> GateNetwork | None:
    """Open a bundle's gate; None if it has none.

    Raises:
        InputError: As `GateNetwork`.
    """
    return None if bundle.gate is None else GateNetwork(bundle, threads)
