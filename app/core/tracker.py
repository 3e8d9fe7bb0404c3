"""Gives faces ids that stay with the person."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial

from app.core.appearance import Describe, Signature
from app.core.assignment import assign
from app.core.finder import Expected
from app.core.geometry import center_distance, iou, is_usable, side, tilt
from app.core.track import Track
from app.core.types import Box, Detection, Face

_TENTATIVE_S = 0.25
"""A face that is not confirmed yet is forgotten after being unseen for this long."""
_REJECTED_S, _REJECTED = 1.5, 2
"""A detection that has failed this many verifications is remembered this long, so that it is not verified again at each
sighting, and it is no longer searched for where expected."""
_CONTESTED_IOU = 0.1
_AWAY_S = 0.15
_DOUBT_S = 0.4
"""Where people cover each other, a new face is mostly a mixture of them; where a person was lost, it is mostly a part
of that person coming back into view. It is accepted after this time."""
_BETWEEN = 0.1
"""A box that looks like no known face belongs to two people if their distances differ by less than this, in sides."""
_ROUNDING_S = 1e-6
_PERIODS = 1.5
"""If the frame interval exceeds the limits, a face may be unseen for this many intervals: one step, not two."""


_KEPT = -0.6
"""Hysteresis: a face that is shown fails a verification only if it is believed less than this."""

Verify = Callable[[Sequence[Detection]], Sequence[float]]
"""Log odds that detections in the current frame are faces, relative to those required: 0 or more passes."""


class Tracker:
    """Tracks faces from frame to frame by place, size, constant velocity and, where given, appearance.

    In every frame tracks and detections are paired so that the sum of distances is smallest; confirmed tracks choose
    first. A detection further from its track than a face can have moved in the time, or that looks too different, is
    another person. A lost face is recovered near the place where it was lost or along its path from there. Weak
    detections, and strong ones in the place of another face, are shown only once they have lasted. A single box on a
    mixture of two people who cover each other is tracked but not shown, because it is the face of neither. If there is
    a verifier, no face gets an id without it. Verification is repeated about once a second, and a face that fails twice
    in a row is still tracked but not shown.

    All limits are in seconds and in sides of a face: neither the frame rate nor the size of the picture matters. The
    same calls give the same answers; no clock is read.

    Args:
        confirm_score: A detection of at least this score, 0..1, is shown at once.
        confirm_s: A weaker one is shown after this time, with at least two sightings.
        keep_s: How long a face may be unseen and keep its id; where pictures come more rarely, until the next one.
    """

    def __init__(self, *, confirm_score: float = 0.5, confirm_s: float = 0.1, keep_s: float = 1.5) -> None:
        self._confirm_score = confirm_score
        self._confirm_s = confirm_s
        self._keep_s = keep_s
        self._tracks: tuple[Track, ...] = ()
        self._shown: tuple[Face, ...] = ()
        self._next_id = self._next_key = 0
        self._time_s = -math.inf
        self._gap_s = self._period_s = 0.0

    def expected(self, time_s: float) -> tuple[Expected, ...]:
        """The expected places of recently seen faces at a time not before the last one."""
        return tuple(
            Expected(track.key, track.predict(time_s), track.angle, time_s - track.seen_s)
            for track in self._tracks
            if time_s - track.seen_s <= self._patience_s(track) and not _is_rejected(track)
        )

    def update(
        self,
        detections: Sequence[Detection],
        time_s: float,
        describe: Describe | None = None,
        verify: Verify | None = None,
        *,
        anchor: bool = False,
    ) -> tuple[Face, ...]:
        """Process the detections of the next frame.

        Args:
            detections: All of the frame's; boxes without area are ignored. Not modified.
            time_s: When; a step back of more than `keep_s` forgets all tracks, a smaller one counts as no step.
            describe: Returns the appearance of boxes in this frame; None uses only their places.
            verify: Returns the face probability of detections in this frame; None trusts the detector.
            anchor: The frame is an anchor (`app.core.anchors`): everybody is verified, and whoever is seen is followed
                from here as if seen for the first time, with the id as before.

        Returns:
            The faces of this frame in the order of their detections, ids distinct. Ids count from 0 and are never given
            to a second track.
        """
        if self._time_s - time_s > self._keep_s:
            self._tracks = ()
            self._time_s = time_s
        if anchor:
            self._tracks = tuple(track.unverified() for track in self._tracks)
        now_s = max(time_s, self._time_s)
        self._measure(now_s)
        self._time_s = now_s
        usable = [detection for detection in detections if is_usable(detection.box)]
        seen = list(zip(usable, _looks(usable, describe), strict=True))

        alive = [track for track in self._tracks if now_s - track.seen_s <= self._patience_s(track)]
        still = [cache(partial(track.is_still_there, now_s, describe)) for track in alive]
        owners = self._pair(alive, seen, now_s, still, [_is_alone(track, alive, now_s) for track in alive])
        unseen = [track for i, track in enumerate(alive) if i not in owners.values()]
        tracks: list[Track] = []
        mixed: set[int] = set()
        for i, (detection, look) in enumerate(seen):
            box = detection.box
            if i in owners:
                owner = alive[owners[i]]
                if not owner.is_like(look) and _is_between(box, owner, unseen, now_s):
                    mixed.add(i)
                track = owner.follow(box, now_s, look, still_there=still[owners[i]])
                track = track.rebased(look) if anchor else track
            else:
                track = replace(Track.start(box, now_s, look), key=self._next_key)
                self._next_key += 1
            tracks.append(replace(track, angle=tilt(detection.keypoints)))
        lasting = {
            i
            for i, (track, detection) in enumerate(zip(tracks, usable, strict=True))
            if track.track_id is None and self._is_confirmed(track, detection.score, alive, unseen)
        }
        if verify is not None:
            lasting = self._verify(tracks, usable, lasting, mixed, verify)
        for i in sorted(lasting):
            tracks[i] = tracks[i].confirm(self._next_id)
            self._next_id += 1
        self._tracks = (*tracks, *unseen)
        self._shown = tuple(
            Face(track.track_id, detection.box, detection.score, detection.keypoints)
            for i, (track, detection) in enumerate(zip(tracks, usable, strict=True))
            if track.track_id is not None and not track.hidden and i not in mixed
        )
        return self._shown

    def carried(self, time_s: float) -> tuple[Face, ...]:
        """The faces of the last frame, each at its expected place at a later time."""
        places = {track.track_id: track.predict(max(time_s, self._time_s)) for track in self._tracks}
        return tuple(replace(face, box=places[face.track_id], keypoints=None) for face in self._shown)

    def _verify(
        self, tracks: list[Track], seen: Sequence[Detection], lasting: set[int], mixed: set[int], verify: Verify
    ) -> set[int]:
        """Verify all that are due, in one call, and record the results in `tracks`. Returns which of `lasting`
        passed."""
        due = [
            i
            for i, track in enumerate(tracks)
            if (i in lasting or track.track_id is not None) and i not in mixed and track.is_due(self._time_s)
        ]
        passed = set()
        for i, margin in zip(due, verify([seen[i] for i in due]) if due else (), strict=True):
            shown = tracks[i].track_id is not None and not tracks[i].hidden
            track = tracks[i].weighed(margin)
            is_face = track.belief >= (_KEPT if shown else 0)
            tracks[i] = track.checked(self._time_s, is_face)
            if is_face:
                passed.add(i)
        return lasting & passed

    def introduce(self, detections: Sequence[Detection]) -> tuple[Face, ...]:
        """Process the detections of a single picture, which has no connection to others.

        Weak detections are shown too, since no later frame can confirm them.

        Args:
            detections: All of the picture's; boxes without area are ignored.

        Returns:
            The faces in the order of their detections, each with a new id.
        """
        self._tracks, self._shown = (), ()
        self._time_s = -math.inf
        self._gap_s = self._period_s = 0.0
        usable = [detection for detection in detections if is_usable(detection.box)]
        ids = range(self._next_id, self._next_id + len(usable))
        self._next_id = ids.stop
        return tuple(Face(i, seen.box, seen.score, seen.keypoints) for i, seen in zip(ids, usable, strict=True))

    def _measure(self, now_s: float) -> None:
        """Take the time since the last picture as the frame interval, or the step before if that was shorter: a single
        long step is a gap in the film, not its rate.
        """
        gap_s = now_s - self._time_s if math.isfinite(self._time_s) else 0.0
        self._period_s = min(gap_s, self._gap_s or gap_s)
        self._gap_s = gap_s

    def _patience_s(self, track: Track) -> float:
        patience_s = self._keep_s
        if track.track_id is None:
            patience_s = _REJECTED_S if _is_rejected(track) else _TENTATIVE_S
        return max(patience_s, _PERIODS * self._period_s)

    def _is_confirmed(self, track: Track, score: float, alive: Sequence[Track], unseen: Sequence[Track]) -> bool:
        """Whether a new face may be shown: at once if strong, later if weak or at the place of others."""
        now_s = track.seen_s
        others = [
            other
            for other in alive
            if other.track_id is not None
            and max(iou(other.predict(now_s), track.box), iou(other.box, track.box)) > _CONTESTED_IOU
        ]
        covering = [other for other in others if not _is_alone(other, alive, now_s)]
        # While a face is covered, an unknown box at its place is the detector's view of the visible rest.
        if any(other in unseen for other in covering):
            return False
        doubtful = bool(covering) or len(others) > 1 or any(track.born_s - other.seen_s > _AWAY_S for other in others)
        # A new face at the place of one seen a moment ago appeared with a cut.
        if score >= self._confirm_score and not doubtful and all(other in unseen for other in others):
            return True
        wanted_s = max(_DOUBT_S, self._confirm_s) if doubtful else self._confirm_s
        return track.sightings > 1 and now_s - track.born_s >= wanted_s - _ROUNDING_S

    @staticmethod
    def _pair(
        tracks: Sequence[Track],
        seen: Sequence[tuple[Detection, Signature | None]],
        now_s: float,
        still: Sequence[Callable[[], bool]],
        alone: Sequence[bool],
    ) -> dict[int, int]:
        """Map positions in `seen` to positions in `tracks`."""
        owners: dict[int, int] = {}
        for confirmed in (True, False):
            rows = [i for i, track in enumerate(tracks) if (track.track_id is not None) is confirmed]
            columns = [i for i in range(len(seen)) if i not in owners]
            costs = [
                [
                    tracks[r].cost(seen[c][0].box, now_s, seen[c][1], still_there=still[r], alone=alone[r])
                    for c in columns
                ]
                for r in rows
            ]
            owners |= {columns[c]: rows[r] for r, c in assign(costs, unmatched=1.0)}
        return owners


def _is_rejected(track: Track) -> bool:
    return track.track_id is None and track.failures >= _REJECTED


def _is_alone(track: Track, others: Sequence[Track], now_s: float) -> bool:
    """Whether no other known person is expected near this one."""
    place = track.predict(now_s)
    known = [other for other in others if other is not track and other.track_id is not None]
    return not any(max(iou(other.predict(now_s), place), iou(other.box, track.box)) > 0 for other in known)


def _is_between(box: Box, owner: Track, unseen: Sequence[Track], now_s: float) -> bool:
    """Whether a box is about as near to an unseen face as to its owner."""
    nearer = center_distance(owner.predict(now_s), box)
    return any(
        iou(other.predict(now_s), box) > _CONTESTED_IOU
        and center_distance(other.predict(now_s), box) - nearer < _BETWEEN * side(box)
        for other in unseen
        if other.track_id is not None
    )


def _looks(detections: Sequence[Detection], describe: Describe | None) -> list[Signature | None]:
    """Signatures of the detections; None without `describe`."""
    if describe is None:
        return [None] * len(detections)
    return [look if look.any() else None for look in describe([detection.box for detection in detections])]
