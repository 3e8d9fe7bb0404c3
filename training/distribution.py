"""Several GPUs and several machines: one data-parallel run through `keras.distribution`, on the JAX backend."""

import contextlib
import os
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from models.errors import InputError

ADDRESSES = "KERAS_DISTRIBUTION_JOB_ADDRESSES"
COUNT = "KERAS_DISTRIBUTION_NUM_PROCESSES"
NUMBER = "KERAS_DISTRIBUTION_PROCESS_ID"


@dataclass(frozen=True, slots=True)
class Workers:
    """The processes that train one network together.

    Attributes:
        count: How many processes there are.
        rank: This one's number, from 0; only 0 writes files.
        devices: Of all processes together.
        layout: How Keras lays out variables and batches; None in a run on one device.
    """

    count: int = 1
    rank: int = 0
    devices: int = 1
    layout: keras.distribution.DataParallel | None = None

    def scope(self) -> contextlib.AbstractContextManager[None]:
        """Where the network and its step are built and run."""
        return contextlib.nullcontext() if self.layout is None else self.layout.scope()

    def share(self, rows: NDArray[np.int32], batch: int) -> NDArray[np.int32]:
        """This process's part of every batch: contiguous, without overlap, of the same size in each process.

        Args:
            rows: Whole batches, shape (k * batch,).
            batch: Size of the batch of all processes together; a multiple of `count`.
        """
        return rows.reshape(-1, self.count, batch // self.count)[:, self.rank].reshape(-1)


def join(distributed: bool, batch: int) -> Workers:
    """Connect to the other processes that the environment names, or use all devices of this machine.

    The environment is that of `keras.distribution.initialize`: the address of the first process with a port
    (`KERAS_DISTRIBUTION_JOB_ADDRESSES`), how many there are (`..._NUM_PROCESSES`) and which this is (`..._PROCESS_ID`).

    Raises:
        InputError: If the backend is not JAX, a variable is missing or no number, or the batch cannot be shared out.
    """
    if not distributed:
        return Workers()
    if keras.backend.backend() != "jax":
        raise InputError("--distributed runs on the JAX backend; set KERAS_BACKEND=jax.")
    count, rank = _numbers() if os.environ.get(ADDRESSES) else (1, 0)
    if count > 1:
        try:
            keras.distribution.initialize(os.environ[ADDRESSES], count, rank)
        except (RuntimeError, ValueError) as error:
            raise InputError(f"No connection to {os.environ[ADDRESSES]} ({error}); check {ADDRESSES}.") from error
    devices = len(keras.distribution.list_devices())
    if batch % devices:
        raise InputError(f"A batch of {batch} cannot be shared out to {devices} devices; make it a multiple of that.")
    layout = keras.distribution.DataParallel(auto_shard_dataset=False) if devices > 1 else None
    return Workers(count, rank, devices, layout)


def _numbers() -> tuple[int, int]:
    try:
        count, rank = int(os.environ[COUNT]), int(os.environ[NUMBER])
    except (KeyError, ValueError) as error:
        raise InputError(
            f"{ADDRESSES} is set; set {COUNT} and {NUMBER} as well, as whole numbers ({error})."
        ) from error
    if not 0 <= rank < count:
        raise InputError(f"{NUMBER} is {rank}, but must lie between 0 and {count - 1}.")
    return count, rank
