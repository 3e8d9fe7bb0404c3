"""Reproducible training: seeds, and deterministic operations of the backend."""

import os

import keras


def make_reproducible(seed: int, *, deterministic: bool) -> None:
    """Seed Python, NumPy and Keras; with `deterministic`, allow only operations with a fixed order of summation.

    On the JAX backend this must be called before the first operation runs on a GPU.
    """
    keras.utils.set_random_seed(seed)
    if not deterministic:
        return
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
    elif backend == "torch":
        import torch

        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS requires it in deterministic mode
        torch.use_deterministic_algorithms(True)
    else:
        flags = os.environ.get("XLA_FLAGS", "")
        os.environ["XLA_FLAGS"] = f"{flags} --xla_gpu_deterministic_ops=true".strip()
