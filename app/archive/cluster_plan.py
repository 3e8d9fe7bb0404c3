"""The plan of a run on its way to a cluster's workers, with the files of model and detector."""

import pickle
from dataclasses import replace
from pathlib import Path

from app.archive.tasks import Plan
from app.detectors.open import open_detector
from app.detectors.verifier import network_of
from app.standard import say
from models.bundle import META, load_bundle


def pack(plan: Plan) -> bytes:
    """The plan, with the files of model and detector and the name of the detector that one process here would use.

    Raises:
        InputError: If model or detector cannot be used.
    """
    options = plan.settings.options
    bundle = load_bundle(options.model)
    files = {name: (bundle.path / name).read_bytes() for name in (META, *bundle.sha256)}
    detector = open_detector(options.detector, model_file=options.detector_model, notify=say)
    try:
        network, name = network_of(detector), detector.name
        model = None if network is None else network.content
    finally:
        detector.close()
    settings = replace(plan.settings, options=replace(options, detector=name))
    return pickle.dumps((replace(plan, settings=settings), files, model))


def unpack(folder: Path, packed: bytes) -> Plan:
    """Unpack what `pack` gave into a folder, and return the plan with the paths of the files there."""
    plan, files, model = pickle.loads(packed)
    bundle = folder / "model"
    bundle.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (bundle / name).write_bytes(content)
    options = replace(plan.settings.options, model=str(bundle), detector_model=None)
    if model is not None:
        (folder / "detector.tflite").write_bytes(model)
        options = replace(options, detector_model=str(folder / "detector.tflite"))
    unpacked: Plan = replace(plan, settings=replace(plan.settings, options=options))
    return unpacked
