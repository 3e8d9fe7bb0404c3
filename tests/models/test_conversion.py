"""Conversion of a Keras network to a flatbuffer: what is quantised, what is kept, and the error without TensorFlow."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras", reason="needs the extra `training`")

import keras
from ai_edge_litert.interpreter import Interpreter

from models.bundle import KERAS_FILE
from models.conversion import QUANTISATIONS, has_tensorflow, require_tensorflow, to_litert
from models.engines.classifier import softmax
from models.errors import InputError

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def network(tiny_bundle: Path) -> keras.Model:
    return keras.saving.load_model(tiny_bundle / KERAS_FILE, compile=False)


@pytest.fixture(scope="module")
def crops() -> np.ndarray:
    """Crops, half of them dark and flat, like faces in the shade."""
    crops = np.random.default_rng(0).integers(0, 256, (60, 48, 48, 1), dtype=np.uint8)
    crops[30:] = 20 + crops[30:] // 32
    return crops


@pytest.fixture(scope="module")
def converted(network: keras.Model, crops: np.ndarray) -> dict[str, bytes]:
    return {quantisation: to_litert(network, quantisation, crops) for quantisation in QUANTISATIONS}


def run(flatbuffer: bytes, crops: np.ndarray) -> dict[str, np.ndarray]:
    interpreter = Interpreter(model_content=flatbuffer)
    place = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(place, crops.shape)
    return interpreter.get_signature_runner()(gray=crops.astype(np.float32))


@pytest.mark.parametrize("quantisation", QUANTISATIONS)
def test_float_comes_in_and_out_under_the_names_of_the_heads(
    converted: dict[str, bytes], network: keras.Model, quantisation: str
) -> None:
    runner = Interpreter(model_content=converted[quantisation]).get_signature_runner()
    (gray,) = runner.get_input_details().values()
    outputs = runner.get_output_details()
    assert gray["dtype"] == np.float32
    assert gray["shape_signature"].tolist() == [-1, 48, 48, 1]
    assert set(outputs) == set(network.output)
    assert {details["dtype"] for details in outputs.values()} == {np.float32}


@pytest.mark.parametrize(("quantisation", "largest"), [("float32", 1e-5), ("dynamic-int8", 0.02), ("full-int8", 0.05)])
def test_says_what_keras_says_on_dark_pictures_too(
    converted: dict[str, bytes], network: keras.Model, crops: np.ndarray, quantisation: str, largest: float
) -> None:
    wanted = network.predict_on_batch(crops.astype(np.float32))
    given = run(converted[quantisation], crops)
    for head in wanted:
        assert np.abs(softmax(given[head]) - softmax(np.asarray(wanted[head]))).max() < largest


def test_weights_and_activations_have_eight_bits_only_where_asked(converted: dict[str, bytes]) -> None:
    def types(quantisation: str) -> tuple[set[type], set[type]]:
        tensors = Interpreter(model_content=converted[quantisation]).get_tensor_details()
        kernels = {tensor["dtype"] for tensor in tensors if tensor["shape"].tolist() == [16, 9, 9, 1]}
        features = {tensor["dtype"] for tensor in tensors if tensor["shape"].tolist() == [1, 7, 7, 16]}
        return kernels, features

    assert types("float32") == ({np.float32}, {np.float32})
    assert types("dynamic-int8") == ({np.int8}, {np.float32})
    assert types("full-int8") == ({np.int8}, {np.int8})


def test_a_wrong_request_is_a_mistake_of_the_caller(network: keras.Model) -> None:
    with pytest.raises(ValueError, match="unknown quantisation"):
        to_litert(network, "int4")
    with pytest.raises(ValueError, match="representative"):
        to_litert(network, "full-int8")


def test_missing_tensorflow_is_one_sentence(network: keras.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    assert has_tensorflow()
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "tensorflow" else find(name))
    assert not has_tensorflow()
    with pytest.raises(InputError, match=r"LiteRT export needs TensorFlow.*mimik\[training\]"):
        to_litert(network, "float32")


def test_another_backend_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(InputError, match="Converting needs Keras on TensorFlow, not on jax; set KERAS_BACKEND"):
        require_tensorflow("Converting")
