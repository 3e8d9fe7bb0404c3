import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.__main__ import main
from app.commands import bench_classifier, timing
from app.commands.timing import Spread
from models.bundle import META, load_bundle
from models.errors import InputError


def fake_process(function: Callable[..., Any], *args: Any) -> Any:
    """Replaces the new process: conversion does nothing; a network's time grows with its position and the threads."""
    if function is timing.convert:
        return None
    networks, threads, sizes, reference = args
    names = [*networks, *([reference] if reference else [])]
    spreads = {
        name: {n: Spread(place / threads, 2 * place / threads, 3 * place / threads) for n in sizes}
        for place, name in enumerate(names, 1)
    }
    return spreads, 10 * threads


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_classifier, "in_new_process", fake_process)
    monkeypatch.setattr(bench_classifier, "has_tensorflow", lambda: True)


@pytest.mark.usefixtures("processes")
def test_every_variant_stands_beside_the_second_network(tiny_bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--classifier", "--model", str(tiny_bundle), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["network"], result["second"], result["missing"]) == ("tiny", "mini_XCEPTION tf.function", [])
    names = ["tiny float32", "tiny dynamic-int8", "mini_XCEPTION tf.function"]
    assert [(row["threads"], row["network"], row["faces"]) for row in result["rows"]] == [
        (threads, name, faces) for threads in (1, 2) for name in names for faces in (1, 2, 4, 8)
    ]
    assert [row["ratio"] for row in result["rows"][::4]] == [0.3333, 0.6667, 1.0] * 2
    first = {"network": "tiny float32", "threads": 1, "faces": 1, "rounds": 10}
    assert result["rows"][0] == {**first, "p10": 1, "p50": 2, "p90": 3, "ratio": 0.3333}


@pytest.mark.usefixtures("processes")
def test_a_table_for_people(tiny_bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--classifier", "--model", str(tiny_bundle)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "median (10 % to 90 % of 10 or 20 rounds)" in lines[0]
    assert lines[2].split() == ["1", "thread", "1", "face", "2", "faces", "4", "faces", "8", "faces"]
    assert lines[3].split()[:6] == ["tiny", "float32", "2.00", "(1.00", "to", "3.00)"]
    assert lines[6] == "times mini_XCEPTION tf.function:"
    assert lines[8].split() == ["tiny", "dynamic-int8", "0.67", "0.67", "0.67", "0.67"]
    assert max(map(len, lines)) <= 120


@pytest.mark.usefixtures("processes")
def test_any_bundle_can_be_the_second_network(tiny_bundle: Path) -> None:
    bundle = load_bundle(tiny_bundle)
    result = bench_classifier.measure(bundle, bundle)
    assert result["second"] == f"tiny in {tiny_bundle}"
    assert {row["network"] for row in result["rows"]} == {"tiny float32", "tiny dynamic-int8", result["second"]}


def test_what_needs_tensorflow_is_left_out_and_said(
    tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def process(function: Callable[..., Any], *args: Any) -> Any:
        if function is timing.convert:
            raise InputError("Converting needs TensorFlow.")
        return fake_process(function, *args)

    monkeypatch.setattr(bench_classifier, "in_new_process", process)
    monkeypatch.setattr(bench_classifier, "has_tensorflow", lambda: False)
    assert main(["bench", "--classifier", "--model", str(tiny_bundle), "--json"]) == 0
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert result["second"] is None
    assert {row["network"] for row in result["rows"]} == {"tiny float32"}
    assert {row["ratio"] for row in result["rows"]} == {None}
    assert "dynamic-int8 is left out: Converting needs TensorFlow." in err
    assert "mini_XCEPTION is left out" in err and "--second" in err
    assert main(["bench", "--classifier", "--model", str(tiny_bundle)]) == 0
    assert "times" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--classifier", "clip.mp4"], "leave out CLIP"),
        (["--classifier", "--engine", "keras"], "leave out CLIP and --engine"),
        (["--second", "student"], "add --classifier"),
        (["--classifier", "--second", "nowhere"], "nowhere is not a model"),
    ],
)
def test_options_that_do_not_go_together(words: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", *words]) == 2
    assert reason in capsys.readouterr().err


def test_networks_take_turns_and_are_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "ROUNDS", 7)
    calls: list[tuple[str, int]] = []

    def network(name: str) -> Callable[[np.ndarray], np.ndarray]:
        def classify(crops: np.ndarray) -> np.ndarray:
            calls.append((name, len(crops)))
            return np.zeros((len(crops), 7), np.float32)

        return classify

    samples, rounds = timing._samples({"a": network("a"), "b": network("b")}, (1, 8))
    assert rounds == 7
    assert {key: len(values) for key, values in samples.items()} == {(n, k): 7 for n in "ab" for k in (1, 8)}
    warm_up = 4 * timing.WARM_UP
    assert calls[warm_up : warm_up + 4] == [("a", 1), ("b", 1), ("a", 8), ("b", 8)]
    assert calls[warm_up + 4 : warm_up + 8] == [("b", 1), ("a", 1), ("b", 8), ("a", 8)]
    assert len(calls) == warm_up + 4 * 7


def test_a_slow_network_gets_fewer_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "LIMIT_S", 0.0)
    _, rounds = timing._samples({"a": lambda crops: np.zeros((len(crops), 7), np.float32)}, (1,))
    assert rounds == timing.LEAST_ROUNDS


def test_milliseconds_per_face() -> None:
    assert timing._spread([0.008] * 9 + [0.080], 8) == Spread(1.0, 1.0, 1.9)


def test_a_process_of_its_own_runs_a_bundle_and_tells_its_errors(tiny_bundle: Path, tmp_path: Path) -> None:
    spreads, rounds = timing.in_new_process(timing.time_networks, {"tiny": tiny_bundle}, 1, (1, 2), None)
    assert rounds >= timing.LEAST_ROUNDS
    assert set(spreads["tiny"]) == {1, 2}
    assert all(0 < spread.p10 <= spread.p50 <= spread.p90 for spread in spreads["tiny"].values())
    with pytest.raises(InputError, match="is not a model"):
        timing.in_new_process(timing.time_networks, {"none": tmp_path}, 1, (1,), None)


@pytest.mark.slow
@pytest.mark.training
def test_beside_mini_xception_for_real(
    tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("tensorflow", reason="needs the extra `training`")
    monkeypatch.setattr(bench_classifier, "THREADS", (1,))
    monkeypatch.setattr(bench_classifier, "FACES", (1, 2))
    before = (tiny_bundle / META).read_bytes()
    assert main(["bench", "--classifier", "--model", str(tiny_bundle), "--json"]) == 0
    out, err = capfd.readouterr()
    result = json.loads(out)
    assert result["missing"] == [] and err == ""
    assert len(result["rows"]) == 6
    assert all(0 < row["p10"] <= row["p50"] <= row["p90"] for row in result["rows"])
    ratios = [row["ratio"] for row in result["rows"] if row["network"] == "tiny float32"]
    assert ratios and max(ratios) < 1
    assert (tiny_bundle / META).read_bytes() == before


def test_a_bundle_with_a_gate_converts(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow", reason="conversion needs the extra `training`")
    bundle = load_bundle()
    assert bundle.gate is not None
    timing.in_new_process(timing.convert, bundle.path, "float32", tmp_path)
    assert load_bundle(tmp_path).labels == bundle.labels
