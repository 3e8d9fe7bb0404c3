"""How Keras computes: in bfloat16 where the hardware supports it, from seeds, and deterministically where asked."""

import os
import re
from pathlib import Path

import keras

CPU_FLAGS = Path("/proc/cpuinfo")


def choose_precision(precision: str) -> str:
    """The Keras policy for a recipe's `precision`.

    `auto` is `mixed_bfloat16` on a GPU or TPU and on a CPU with bfloat16 instructions, else `float32`: where bfloat16
    is emulated, a step took eight times as long.
    """
    if precision != "auto":
        return precision
    return "mixed_bfloat16" if has_accelerator() or _cpu_computes_in_bfloat16() else "float32"


def has_accelerator() -> bool:
    """Whether Keras computes on a GPU or TPU."""
    if keras.backend.backend() == "torch":  # for which Keras lists no devices
        import torch

        return bool(torch.cuda.is_available())
    return any(not device.startswith("cpu") for device in keras.distribution.list_devices())


def _cpu_computes_in_bfloat16() -> bool:
    try:
        flags = re.search(r"^(?:flags|Features)\s*:(.*)$", CPU_FLAGS.read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:  # not Linux
        return False
    return flags is not None and bool({"avx512_bf16", "amx_bf16", "bf16"} & set(flags[1].split()))


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
