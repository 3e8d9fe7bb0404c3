"""Data-parallel training on several GPUs and machines through `keras.distribution`, on the JAX backend."""

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
        count: Number of processes.
        rank: Of this process, from 0; only rank 0 writes files.
        devices: Number of devices of all processes together.
        layout: How Keras distributes variables and batches; None in a run on one device.
    """

    count: int = 1
    rank: int = 0
    devices: int = 1
    layout: keras.distribution.DataParallel | None = None

    def scope(self) -> contextlib.AbstractContextManager[None]:
        """Context in which the network and its step are built and run."""
        return contextlib.nullcontext() if self.layout is None else self.layout.scope()

    def share(self, rows: NDArray[np.int32], batch: int) -> NDArray[np.int32]:
        """This process's part of every batch: contiguous, disjoint, and equally large in each process.

        Args:
            rows: Whole batches, shape (k * batch,).
            batch: Global batch size over all processes; a multiple of `count`.
        """
        return rows.reshape(-1, self.count, batch // self.count)[:, self.rank].reshape(-1)


def join(distributed: bool, batch: int) -> Workers:
    """Connect to the other processes named in the environment, or use all devices of this machine.

    The variables are those of `keras.distribution.initialize`: address and port of the first process
    (`KERAS_DISTRIBUTION_JOB_ADDRESSES`), number of processes (`..._NUM_PROCESSES`) and this one's rank
    (`..._PROCESS_ID`).

    Raises:
        InputError: If the backend is not JAX, a variable is missing or not a number, or the batch cannot be divided.
    """
    if not distributed:
        return Workers()
    if keras.backend.backend() != "jax":
        raise InputError("--distributed needs the JAX backend; set KERAS_BACKEND=jax.")
    count, rank = _numbers() if os.environ.get(ADDRESSES) else (1, 0)
    if count > 1:
        try:
            keras.distribution.initialize(os.environ[ADDRESSES], count, rank)
        except (RuntimeError, ValueError) as error:
            raise InputError(f"No connection to {os.environ[ADDRESSES]} ({error}); check {ADDRESSES}.") from error
    devices = len(keras.distribution.list_devices())
    if batch % devices:
        raise InputError(
            f"A batch of {batch} cannot be divided among {devices} devices; make it a multiple of {devices}."
        )
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
