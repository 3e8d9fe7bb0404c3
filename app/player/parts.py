"""The session's detector and classifier: opened when needed, kept between sources, replaced when the choice changes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.stages import Detector, FrameSource
from app.player.messages import CameraEntry, Choice
from app.spec import camera_index, is_address, path_of
from models.errors import InputError

if TYPE_CHECKING:
    from app.core.pipeline import FaceClassifier, Pipeline
    from app.detectors.verifier import FaceVerifier
    from app.player.analysis import Place
    from app.player.cache import Cache
    from app.player.clock import FilmClock
    from app.player.player import Player, Tell
    from app.player.sound import Sound
    from app.player.speaker import Speaker
    from app.sinks.json_file import RunFacts
    from models.bundle import Bundle

DEMO = "demo"


# The functions below import lazily, in the session's thread, after the window's first paint.


def open_chosen_detector(choice: Choice, notify: Callable[[str], None]) -> Detector:
    from app.detectors import open_detector

    return open_detector(choice.detector, model_file=choice.detector_model, notify=notify)


def open_chosen_classifier(choice: Choice) -> "FaceClassifier":
    from models.bundle import load_bundle
    from models.engines import open_classifier

    return open_classifier(load_bundle(choice.model), choice.engine)


def open_bundle_verifier(detector: Detector, bundle: "Bundle") -> "FaceVerifier":
    from app.detectors.verifier import open_verifier

    return open_verifier(detector, bundle)


def open_any_source(spec: str, fps: float | None = None) -> FrameSource:
    from app.player.recorded import pictures_of, session_of
    from app.sources import open_source

    session = session_of(spec)
    return open_source(spec if session is None else str(pictures_of(session)), fps=fps)


def find_cameras() -> tuple[CameraEntry, ...]:
    from app.sources.camera import list_cameras

    return tuple(CameraEntry(found.index, found.name) for found in list_cameras())


def model_names() -> tuple[str, ...]:
    """Names of the bundles that come with the program."""
    from models.bundle import list_bundles

    return list_bundles()


def user_library() -> Path:
    from app.sessions.places import library_of_user

    return library_of_user()


def open_device() -> "Speaker":
    from app.player.speaker import Device

    return Device()


def cache_of_user() -> "Cache":
    from app.player.cache import Cache

    return Cache.of_user()


@dataclass(frozen=True, slots=True)
class Openers:
    """The functions that open the session's parts; tests substitute their own."""

    detector: Callable[[Choice, Callable[[str], None]], Detector] = open_chosen_detector
    classifier: Callable[[Choice], "FaceClassifier"] = open_chosen_classifier
    source: Callable[[str], FrameSource] = open_any_source
    cameras: Callable[[], tuple[CameraEntry, ...]] = find_cameras
    models: Callable[[], tuple[str, ...]] = model_names
    verifier: "Callable[[Detector, Bundle], FaceVerifier]" = open_bundle_verifier
    cache: Callable[[], "Cache | None"] = cache_of_user
    library: Callable[[], Path] = user_library
    speaker: "Callable[[], Speaker]" = open_device


class SessionParts:
    """The parts that are kept between sources. Used only by the session's thread."""

    def __init__(self, openers: Openers) -> None:
        self._openers = openers
        self._detector: Detector | None = None
        self._classifier: FaceClassifier | None = None
        self._verifier: FaceVerifier | None = None
        self._detector_key: tuple[str, str | None] | None = None
        self._classifier_key: tuple[str, str | None] | None = None
        self._reported_silent = False

    def classifier(self, choice: Choice) -> "FaceClassifier":
        """The classifier of a choice, opened if another one is open. Raises `InputError`."""
        key = (choice.engine, choice.model)
        if self._classifier is None or key != self._classifier_key:
            opened = self._openers.classifier(choice)
            self._close_verifier()
            if self._classifier is not None:
                self._classifier.close()
            self._classifier, self._classifier_key = opened, key
        return self._classifier

    def detector(self, choice: Choice, notify: Callable[[str], None]) -> Detector:
        """The detector of a choice, opened if another one is open. Raises `InputError`."""
        key = (choice.detector or "auto", choice.detector_model)
        if self._detector is None or key != self._detector_key:
            opened = self._openers.detector(choice, notify)
            self._close_verifier()
            if self._detector is not None:
                self._detector.close()
            self._detector, self._detector_key = opened, key
        return self._detector

    def pipeline(self, stride_s: float | None = 0.0) -> "Pipeline":
        """A fresh pipeline, without tracks, over the open parts; `stride_s` is as for `Pipeline`."""
        from app.core.pipeline import Pipeline

        if self._detector is None or self._classifier is None:
            raise InputError("No detector or model is loaded: choose one in the menu.")
        if self._verifier is None:
            self._verifier = self._openers.verifier(self._detector, self._classifier.bundle)
        return Pipeline(self._detector, self._classifier, self._verifier, stride_s)

    def player(
        self,
        spec: str,
        source: FrameSource,
        choice: Choice,
        tell: "Tell",
        notify: Callable[[str], None],
        silent: Callable[[str], None] = lambda _: None,
    ) -> "Player":
        """A player for an open source with the open parts; it owns the source.

        Args:
            spec: The source's specification.
            source: The open source.
            choice: The choice of the open parts.
            tell: Called with errors during playback, in another thread.
            notify: Called with sentences about a damaged film, in another thread.
            silent: Called with a sentence if there is no sound device, in another thread, once for all films.
        """
        from app.player.analysis import Analysis
        from app.player.film import FilmPlayer
        from app.player.live import LivePlayer
        from app.player.recorded import recorded_readings
        from app.player.still import StillReader
        from app.player.watchdog import Watchdog

        if source.info.live:
            return LivePlayer(source, self.pipeline(choice.stride_s), tell)
        reopen = partial(self._openers.source, spec)
        watchdog = Watchdog(source.info.name, tell)
        recorded = recorded_readings(spec, notify)
        place = None if recorded is not None else self._place(spec, source, choice)
        pipeline = self.pipeline(choice.stride_s)
        analysis = Analysis(reopen, pipeline, place, tell, notify, watchdog.watch, recorded)
        stills = StillReader(partial(self._still_parts, choice))
        origin = spec if is_address(spec) else _file_of(spec)
        still = source.info.frame_count == 1
        sounding = None if origin is None or still else partial(self._sound, origin, source, silent)
        again = spec == DEMO
        return FilmPlayer(source, reopen, analysis, stills, tell, again=again, watchdog=watchdog, sounding=sounding)

    def _sound(
        self, origin: Path | str, source: FrameSource, silent: Callable[[str], None], clock: "FilmClock"
    ) -> "Sound":
        """The sound of a film; a missing device is reported once."""
        from app.player.sound import Sound
        from app.player.soundtrack import Soundtrack

        def tell(sentence: str) -> None:
            if not self._reported_silent:
                self._reported_silent = True
                silent(sentence)

        track = partial(Soundtrack, origin, lambda: getattr(source, "jumps", ()))
        return Sound(track, clock, self._openers.speaker, tell)

    def facts(self, choice: Choice) -> "RunFacts":
        """The model and detector, for recordings. Raises `InputError` before they are loaded."""
        from app import __version__
        from app.sinks.json_file import RunFacts

        if self._detector is None or self._classifier is None:
            raise InputError("No detector or model is loaded: choose one in the menu.")
        bundle = self._classifier.bundle
        return RunFacts(bundle.name, bundle.digest, self._detector.name, choice.engine, __version__)

    def _still_parts(self, choice: Choice) -> "tuple[Detector, FaceClassifier, FaceVerifier]":
        detector = self._openers.detector(choice, lambda _: None)
        classifier = self._openers.classifier(choice)
        return detector, classifier, self._openers.verifier(detector, classifier.bundle)

    def _place(self, spec: str, source: FrameSource, choice: Choice) -> "Place | None":
        """Where a film's readings are cached; only files have such a place."""
        from app.player.analysis import Place
        from app.player.cache import digest_of

        cache = self._openers.cache()
        path = _file_of(spec)
        if cache is None or path is None or source.info.frame_count == 1:
            return None
        if self._detector is None or self._classifier is None:
            return None
        found_by = self._detector.name
        if choice.detector_model is not None:
            found_by += f" {digest_of(path_of(choice.detector_model))}"
        digests = " ".join(digest for _, digest in sorted(self._classifier.bundle.sha256.items()))
        key = cache.key(path, f"{digests} {choice.engine} {choice.stride_s}", found_by)
        return None if key is None else Place(cache, key)

    def close(self) -> None:
        """Free all parts. May be called twice."""
        self._close_verifier()
        for part in (self._detector, self._classifier):
            if part is not None:
                part.close()
        self._detector = self._classifier = None

    def _close_verifier(self) -> None:
        """The verifier belongs to one detector and one bundle, so it is reopened when either changes."""
        if self._verifier is not None:
            self._verifier.close()
            self._verifier = None


def _file_of(spec: str) -> Path | None:
    """The file behind a source, or None for cameras, folders and addresses."""
    if spec == DEMO:
        from app.sources.demo import demo_path

        return demo_path()
    if camera_index(spec) is not None or is_address(spec):
        return None
    path = path_of(spec)
    return path if path.is_file() else None


def name_of_model(choice: Choice, classifier: "FaceClassifier") -> str:
    """The bundle's name for people, with the engine if it is not the default."""
    name = classifier.bundle.name or classifier.bundle.path.name
    return name if choice.engine == "litert" else f"{name} ({choice.engine})"
