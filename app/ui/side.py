"""The side panel: a card for each person in the picture, and the explanation of the chosen one's label."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.core.types import FaceResult, FrameResult
from app.player.parts import Openers
from app.player.player import Player
from app.ui.cards import Person, PersonCard
from app.ui.controls import quiet_label
from app.ui.drawing import MOST_PORTRAITS
from app.ui.keys import keep_space
from app.ui.language import translate
from app.ui.strips import face_strip
from app.ui.why import WhyPanel

WIDTH = 300
LIVE_S, STRIP_PIXELS = 120.0, 240


class SidePanel(QWidget):
    """Shows the people in the picture.

    Args:
        openers: Open the detector and network for explanations.

    Signals:
        face_chosen: Id of the person whose card was chosen.
    """

    face_chosen = Signal(int)

    def __init__(self, openers: Openers) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.cards: list[PersonCard] = []
        self.nobody = quiet_label()
        self.nobody.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.more = quiet_label()
        self.caption = quiet_label()
        self.caption.setText(translate("side", "Apparent expression, not a feeling."))
        self.correction = QLabel("")
        self.correction.setWordWrap(True)
        self.correction.setTextFormat(Qt.TextFormat.PlainText)
        self.correction.setAccessibleName(translate("side", "What a person says of the face"))
        self.correction.setContentsMargins(14, 12, 14, 0)
        self.correction.setVisible(False)  # visible throughout a session with labels, so that nothing jumps
        self.why = WhyPanel(openers)
        self._turn = 0
        self._seen: int | None = None
        inside = QWidget()
        inside.setObjectName("people")
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(14, 14, 14, 6)
        self._rows.setSpacing(9)
        self._rows.addWidget(self.nobody)
        self._rows.addWidget(self.more)
        self._rows.addStretch(1)
        self.people = QScrollArea()
        self.people.setObjectName("people")
        self.people.setAccessibleName(translate("side", "People in the picture"))
        self.people.setWidgetResizable(True)
        self.people.setFrameShape(QFrame.Shape.NoFrame)
        self.people.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.people.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.people.setWidget(inside)
        self._have(1)  # so that cards precede what is added later in the tab order
        rows = QVBoxLayout(self)
        rows.setContentsMargins(1, 0, 0, 12)  # one pixel for the line on the left
        rows.setSpacing(8)
        rows.addWidget(self.correction)
        rows.addWidget(self.people, 1)
        self.below = QVBoxLayout()
        self.below.setContentsMargins(14, 0, 14, 0)
        self.below.setSpacing(9)
        self.below.addWidget(self.why)
        self.below.addWidget(self.caption)
        rows.addLayout(self.below)
        self.show_result(None, None, {})

    def add_buttons(self, actions: Sequence[QAction]) -> None:
        """Add a row of buttons for menu actions at the bottom."""
        row = QHBoxLayout()
        row.setSpacing(7)
        self.below.addLayout(row)
        for action in actions:
            button = QToolButton()
            button.setObjectName("control")
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            keep_space(button)
            row.addWidget(button)

    def show_result(
        self,
        result: FrameResult | None,
        chosen: FaceResult | None,
        portraits: Mapping[int, QImage],
        *,
        read: bool = True,
    ) -> None:
        """Show the people of a result in the order of their ids, so that cards keep their places.

        Args:
            result: The result on the screen; None before the first.
            chosen: The enlarged face.
            portraits: Face id -> portrait, for faces that have one.
            read: Whether faces have been searched in it.
        """
        everybody = () if result is None else tuple(sorted(result.faces, key=lambda face: face.track_id))
        faces = _fewer(everybody, chosen)
        self._have(len(faces))
        for card, face in zip(self.cards, faces, strict=False):
            assert result is not None
            is_chosen = chosen is not None and face.track_id == chosen.track_id
            person = Person(
                face, result.labels, portraits.get(face.track_id), is_chosen, followed=not result.frame.still
            )
            card.show_person(person)
        if result is None:
            nothing = translate("side", "No picture yet")
        elif not read:
            nothing = translate("side", "Not read yet")
        else:
            nothing = translate("side", "No face in the picture")
        self.nobody.setText(nothing)
        self.nobody.setVisible(not faces)
        self.more.setVisible(len(everybody) > len(faces))
        self.more.setText(translate("side", "and {count} more").format(count=len(everybody) - len(faces)))
        if chosen is not None and chosen.track_id != self._seen:
            QTimer.singleShot(0, self, self._come_to_chosen)  # once the card has its new height and place
        self._seen = None if chosen is None else chosen.track_id

    def _come_to_chosen(self) -> None:
        """Scroll to the card of the face that was chosen last."""
        card = next((card for card in self.cards if card.isVisible() and card.person and card.person.chosen), None)
        if card is not None:
            self.people.ensureWidgetVisible(card, 0, self._rows.spacing())

    def show_strip(self, player: Player) -> None:
        """Redraw the strip of labels on one card; each call takes the next card, so that no call takes long.

        The strip covers a whole film, or the last two minutes of a live source.
        """
        cards = [card for card in self.cards if not card.isHidden() and card.person is not None]
        if not cards:
            return
        self._turn = (self._turn + 1) % len(cards)
        card = cards[self._turn]
        assert card.person is not None
        if not card.person.followed:
            return
        end_s = player.duration_s if player.duration_s is not None else max(player.position_s, LIVE_S)
        start_s = 0.0 if player.duration_s is not None else end_s - LIVE_S
        edges = np.linspace(start_s, max(end_s, start_s + 1e-3), STRIP_PIXELS + 1)
        card.show_strip(face_strip(player.readings, card.person.face.track_id, edges))

    def _have(self, count: int) -> None:
        """Show this many cards; the others are kept for later."""
        while len(self.cards) < count:
            card = PersonCard()
            card.picked.connect(self.face_chosen)
            self._rows.insertWidget(len(self.cards), card)
            if self.cards:
                self.setTabOrder(self.cards[-1], card)
            self.cards.append(card)
        for number, card in enumerate(self.cards):
            card.setVisible(number < count)


def _fewer(faces: tuple[FaceResult, ...], chosen: FaceResult | None) -> tuple[FaceResult, ...]:
    """The faces that get a card: in a crowd only the first ones, but always the chosen one."""
    if len(faces) <= MOST_PORTRAITS:
        return faces
    kept = faces[:MOST_PORTRAITS]
    return kept if chosen is None or chosen in kept else (*kept[:-1], chosen)
