"""The precision chosen on a CPU."""

import os
from pathlib import Path

import pytest

from training import numerics


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("flags\t\t: fpu avx2 fma\n", "float32"),
        ("flags\t\t: fpu avx2 avx512f avx512_bf16\n", "mixed_bfloat16"),
        ("Features\t: fp asimd bf16\n", "mixed_bfloat16"),
        ("nothing of the kind\n", "float32"),
    ],
)
def test_bfloat16_only_where_the_processor_computes_in_it(
    text: str, policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(text)
    monkeypatch.setattr(numerics, "CPU_FLAGS", path)
    monkeypatch.setattr(numerics, "has_accelerator", lambda: False)
    assert numerics.choose_precision("auto") == policy


def test_an_accelerator_computes_in_bfloat16_and_a_recipe_may_insist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numerics, "CPU_FLAGS", Path("nowhere"))
    assert numerics.choose_precision("auto") in ("float32", "mixed_bfloat16")
    monkeypatch.setattr(numerics, "has_accelerator", lambda: True)
    assert numerics.choose_precision("auto") == "mixed_bfloat16"
    assert numerics.choose_precision("float32") == "float32"


def test_jax_is_told_to_sum_in_a_fixed_order_and_keeps_its_other_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numerics.keras.backend, "backend", lambda: "jax")
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    numerics.make_reproducible(1, deterministic=False)
    assert os.environ["XLA_FLAGS"] == "--xla_cpu_multi_thread_eigen=false"
    numerics.make_reproducible(1, deterministic=True)
    assert os.environ["XLA_FLAGS"] == "--xla_cpu_multi_thread_eigen=false --xla_gpu_deterministic_ops=true"
