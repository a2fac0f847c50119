"""The pieces of a booking under the line: what was understood, what lacks, and what may be several things."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.palette.wording import PaletteWords, who
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.chip import chip_colours, chip_width, paint_chip
from clinicdesk.domain.one_line import Kind, Reading
from clinicdesk.domain.patients import show_phone, written_name
from clinicdesk.usecases.one_line import Draft
from clinicdesk.words import _

_GAP = 8


@dataclass(frozen=True)
class Piece:
    """One piece as a chip shows it. `missing` ones are asked for."""

    kind: Kind
    words: str
    icon: str
    tone: str = "muted"
    missing: bool = False


def pieces_of(draft: Draft, words: PaletteWords) -> list[Piece]:
    """The pieces of a booking in the order one says them."""
    reading = draft.reading
    found = [_person(draft), _service(draft), _day(reading, words), _time(draft, words), _professional(draft, words)]
    if reading.room_ids:
        found.append(Piece(Kind.ROOM, " / ".join(map(words.name, reading.room_ids)), "door-open"))
    if reading.equipment_ids:
        found.append(Piece(Kind.EQUIPMENT, " / ".join(map(words.name, reading.equipment_ids)), "activity"))
    if reading.minutes:
        found.append(Piece(Kind.LENGTH, dates.minutes_text(reading.minutes), "timer"))
    if reading.moving:
        found.insert(0, Piece(Kind.MOVE, _("Move"), "calendar-clock", "accent"))
    if reading.overbooking:
        found.append(Piece(Kind.OVERBOOKING, _("Overbooking"), "zap", "warn"))
    if reading.follow_up:
        found.append(Piece(Kind.FOLLOW_UP, _("Return visit"), "undo-2"))
    if reading.note:
        found.append(Piece(Kind.NOTE, reading.note[:40], "sticky-note"))
    return found


def _person(draft: Draft) -> Piece:
    if draft.patient is not None:
        return Piece(Kind.PERSON, who(draft.patient), "user-check", "accent")
    name = written_name(draft.reading.patient) or show_phone(draft.reading.phone)
    return Piece(Kind.PERSON, _("{name}: which one?").format(name=name), "user-round", "warn", missing=True)


def _service(draft: Draft) -> Piece:
    if draft.visit is not None:
        return Piece(Kind.SERVICE, draft.visit.service_name, draft.visit.service_icon, "accent")
    if draft.reading.moving:
        return Piece(Kind.SERVICE, _("Which visit?"), "stethoscope", "warn", missing=True)
    if draft.service is not None:
        return Piece(Kind.SERVICE, draft.service.name, draft.service.category_icon, "accent")
    return Piece(Kind.SERVICE, _("Which service?"), "stethoscope", "warn", missing=True)


def _day(reading: Reading, words: PaletteWords) -> Piece:
    if reading.days is None:
        return Piece(Kind.DAY, _("Any day"), "calendar", missing=True)
    return Piece(Kind.DAY, words.days(reading.days), "calendar", "info")


def _time(draft: Draft, words: PaletteWords) -> Piece:
    said = words.hours(draft.reading.hours)
    return Piece(Kind.TIME, said, "clock", "info") if said else Piece(Kind.TIME, _("Any time"), "clock", missing=True)


def _professional(draft: Draft, words: PaletteWords) -> Piece:
    named = draft.reading.professional_ids
    if draft.visit is not None and not named:
        return Piece(Kind.PROFESSIONAL, draft.visit.professional_name, "user-round")
    if not named:
        return Piece(Kind.PROFESSIONAL, _("Whoever is free"), "users", missing=True)
    tone = "accent" if len(named) == 1 else "warn"
    return Piece(Kind.PROFESSIONAL, " / ".join(map(words.name, named)), "user-round", tone)


class PieceBar(QWidget):
    """`wanted` carries the kind of the piece that is to be fixed; Tab walks the chips."""

    wanted = Signal(object)  # Kind

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: list[PieceChip] = []
        self._shown: list[Piece] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_pieces(self, pieces: Sequence[Piece]) -> None:
        """Show these; a chip whose kind stays keeps its place and so the focus."""
        if list(pieces) == self._shown:
            return
        self._shown = list(pieces)
        while len(self.chips) > len(pieces):
            self.chips.pop().deleteLater()
        while len(self.chips) < len(pieces):
            chip = PieceChip(self)
            chip.clicked.connect(lambda _on=False, chip=chip: self.wanted.emit(chip.piece.kind))
            self.chips.append(chip)
        for chip, piece in zip(self.chips, pieces, strict=True):
            chip.show_piece(piece)
            chip.show()
        self._place(self.width(), move=True)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, move=False)

    def sizeHint(self) -> QSize:
        return QSize(0, self._place(max(self.width(), 1), move=False))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width(), move=True)

    def _place(self, width: int, move: bool) -> int:
        left = top = height = 0
        for chip in self.chips:
            size = chip.sizeHint()
            if left and left + size.width() > width:
                left, top = 0, top + height
            if move:
                chip.setGeometry(left, top, min(size.width(), max(width, 1)), size.height())
            left += size.width() + _GAP
            height = size.height()
        return top + height


class PieceChip(QAbstractButton):
    """One piece; pressing it asks what else it may be. What lacks has a dashed edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.piece = Piece(Kind.PERSON, "", "user-round")
        self.setProperty("radius", 13)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_piece(self, piece: Piece) -> None:
        """Be this piece."""
        self.piece = piece
        self.setText(piece.words)
        self.setAccessibleName(piece.words)
        self.setAccessibleDescription(_("Change this"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self.piece.words, self.piece.icon), max(32, current().line_height("chip") + 12))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(0, 3, self.width(), self.height() - 6)
        paint_chip(painter, area, self.piece.words, self.piece.tone, self.piece.icon)
        ink = chip_colours(self.piece.tone)[1]
        if self.piece.missing:
            drawing.box(painter, area, area.height() / 2, None, ink, dashed=True)
        elif self.underMouse():
            drawing.box(painter, area, area.height() / 2, None, current().color("border"))
