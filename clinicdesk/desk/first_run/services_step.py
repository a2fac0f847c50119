"""The first services: a ready-made list for the kind of clinic, from which what is not done here is taken out."""

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy

from clinicdesk import formats
from clinicdesk.desk import icons
from clinicdesk.desk.first_run.step import Step
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.domain.first_run import Answers
from clinicdesk.domain.starter_services import STARTER_SERVICES, ClinicKind, StarterService
from clinicdesk.words import _, ngettext

_NOTHING = "none"
_LEFT, _APART = 50, 20
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ServicesStep(Step):
    """Prices and durations are a beginning; the settings change them one by one."""

    def __init__(self) -> None:
        super().__init__(
            _("What do you offer?"),
            _("A list to begin with, prices and durations included. All of it can be changed in the settings."),
        )
        self.kind = Segmented(
            [
                (ClinicKind.MEDICAL, _("Medical")),
                (ClinicKind.DENTAL, _("Dental")),
                (ClinicKind.AESTHETIC, _("Aesthetic")),
                (_NOTHING, _("Empty list")),
            ],
            _("Kind of clinic"),
        )
        self.rows: list[ServiceRow] = []
        self.counts = Label("", "second", "muted")
        self._left_out: set[str] = set()
        self._frame = card()
        self._grid = QGridLayout(self._frame)
        self._grid.setContentsMargins(12, 10, 12, 10)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(0)
        for column in range(2):
            self._grid.setColumnStretch(column, 1)
        self.column.addWidget(self.kind)
        self.column.addSpacing(16)
        self.column.addWidget(self._frame)
        self.column.addSpacing(8)
        self.column.addWidget(self.counts)
        self.column.addStretch(1)
        self.kind.chosen.connect(self._chose)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def next_word(self) -> str:
        return _("Make the clinic")

    def put(self, answers: Answers) -> None:
        self.kind.set_current(answers.kind or _NOTHING)
        self._left_out = set(answers.left_out)
        self._show()

    def taken(self, answers: Answers) -> Answers:
        key = self.kind.current
        return replace(
            answers,
            kind=None if key == _NOTHING else ClinicKind(key),
            left_out=tuple(sorted(self._left_out)),
        )

    def help(self) -> str:
        return _(
            "What is ticked is what can be booked from the first minute. The minutes after a service are kept for the "
            "room. Rooms and machines are added in the settings."
        )

    def take_focus(self) -> None:
        self.kind.focus_current()

    def _chose(self) -> None:
        self._show()
        self.edited.emit()

    def _show(self) -> None:
        for row in self.rows:
            self._grid.removeWidget(row)
            row.hide()
            row.deleteLater()
        key = self.kind.current
        services = () if key == _NOTHING else STARTER_SERVICES[ClinicKind(key)]
        self.rows = [ServiceRow(one, one.name not in self._left_out) for one in services]
        for at, row in enumerate(self.rows):
            row.clicked.connect(lambda _checked=False, row=row: self._tick(row))
            row.stepped.connect(lambda by, at=at: self._step(at + by))
        self._place()
        self._frame.setVisible(bool(self.rows))
        self._count()

    def _place(self) -> None:
        """Two columns where names, minutes and prices have room beside each other, else one."""
        needed = max((row.needed() for row in self.rows), default=0)
        columns = 2 if self.width() >= 2 * needed + 60 else 1
        half = max(1, -(-len(self.rows) // columns))
        for at, row in enumerate(self.rows):
            self._grid.addWidget(row, at % half, at // half)
        self._grid.setColumnStretch(1, columns - 1)

    def _step(self, at: int) -> None:
        if 0 <= at < len(self.rows):
            self.rows[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _tick(self, row: "ServiceRow") -> None:
        (self._left_out.discard if row.isChecked() else self._left_out.add)(row.service.name)
        self._count()
        self.edited.emit()

    def _count(self) -> None:
        count = sum(row.isChecked() for row in self.rows)
        words = ngettext("{count} service to begin with", "{count} services to begin with", count)
        empty = _("The list stays empty; add services in the settings before booking.")
        self.counts.setText(words.format(count=count) if count else empty)


class ServiceRow(QAbstractButton):
    """A service with its tick, the colour of its heading, how long it takes and what it costs."""

    stepped = Signal(int)

    def __init__(self, service: StarterService, checked: bool) -> None:
        super().__init__()
        self.service = service
        self.setText(service.name)
        self.setCheckable(True)
        self.setChecked(checked)
        self.setProperty("radius", 6)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{service.name}, {service.category.name}, {self._takes()}, {self._costs()}")

    def sizeHint(self) -> QSize:
        return QSize(300, max(36, current().line_height("control") + 14))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.needed(), self.sizeHint().height())

    def needed(self) -> int:
        """How wide the row has to be for all its words."""
        theme = current()
        name = drawing.width_of(self.service.name, theme.font("control"))
        takes = drawing.width_of(self._takes(), theme.font("second", numbers=True))
        return round(_LEFT + name + _APART + takes + _APART + self._price_room() + 12)

    @staticmethod
    def _price_room() -> float:
        return drawing.width_of("R$ 8.888,88", current().font("body", numbers=True))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = _STEPS.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(by)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        on, height = self.isChecked(), self.height()
        if self.underMouse():
            drawing.box(painter, QRectF(self.rect()), 6, theme.color("hover"))
        box = QRectF(8, (height - 18) / 2, 18, 18)
        drawing.box(painter, box, 4, theme.color("accent" if on else "surface"), None if on else theme.color("field"))
        if on:
            icons.paint(painter, "check", "onAccent", box.adjusted(2, 2, -2, -2))
        colours = theme.hue(self.service.category.hue)
        drawing.box(painter, QRectF(36, (height - 16) / 2, 4, 16), 2, colours.edge if on else theme.color("border"))
        right = self.width() - 8.0
        ink = theme.color("text" if on else "muted")
        align = Qt.AlignmentFlag.AlignRight
        cost = QRectF(0, 0, right, height)
        drawing.text(painter, cost, self._costs(), theme.font("body", numbers=True), ink, align)
        takes = QRectF(0, 0, right - self._price_room() - _APART, height)
        drawing.text(painter, takes, self._takes(), theme.font("second", numbers=True), theme.color("muted"), align)
        words = QRectF(_LEFT, 0, self.width(), height)
        drawing.text(painter, words, self.service.name, theme.font("control"), ink)

    def _takes(self) -> str:
        words = _("{count} min").format(count=self.service.minutes)
        return f"{words} + {self.service.after}" if self.service.after else words

    def _costs(self) -> str:
        return formats.money(self.service.price) if self.service.price else _("free of charge")
