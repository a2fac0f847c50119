"""Every part with its states on one sheet, to look at after each change of the design."""

import datetime as dt

from PySide6.QtCore import QRectF, QStringListModel, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QStyleOptionViewItem, QVBoxLayout, QWidget

from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import Theme
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.avatar import Avatar
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.chip import Chip, FilterChip
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, PasswordEdit, Select, TextArea
from clinicdesk.desk.widgets.header import Header
from clinicdesk.desk.widgets.key_cap import KeyCap
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.widgets.month_calendar import MonthCalendar
from clinicdesk.desk.widgets.rail import Place, Rail
from clinicdesk.desk.widgets.rows import Index, ListView, RowDelegate, paint_matched
from clinicdesk.desk.widgets.search_box import SearchBox
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.widgets.skeleton import Skeleton
from clinicdesk.desk.widgets.status import STATUS_LOOKS
from clinicdesk.desk.widgets.status_pill import RECONNECTING, UNREACHABLE, StatusPill
from clinicdesk.desk.widgets.switch import CheckBox, RadioButton, Switch
from clinicdesk.desk.widgets.tabs import Tabs
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.widgets.waiting_card import WaitingCard
from clinicdesk.words import _

_PEOPLE = (("Heloísa Bittencourt", 340), ("Wellington Sampaio", 265), ("Zilda Ferraz", 155), ("Jorge Assunção", 65))


class Gallery(QWidget):
    """The sheet; sample names are invented."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "bg")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.rail = _rail()
        outer.addWidget(self.rail)
        column = QVBoxLayout()
        column.setSpacing(0)
        self.header = _header()
        column.addWidget(self.header)
        self.sheet = QWidget()
        column.addWidget(self.sheet, 1)
        outer.addLayout(column, 1)
        self.toasts = ToastArea(self)
        self._fill()

    def _fill(self) -> None:
        grid = QGridLayout(self.sheet)
        grid.setContentsMargins(24, 20, 24, 20)
        grid.setSpacing(16)
        cards = (_buttons, _banners, _loading, _fields, _list, _empty, _states, _people, _month)
        for number, make in enumerate(cards):
            grid.addWidget(make(), number // 3, number % 3)
        for column in range(3):
            grid.setColumnStretch(column, 1)


def _titled(title: str) -> tuple[QFrame, QVBoxLayout]:
    frame = card()
    column = QVBoxLayout(frame)
    column.setContentsMargins(20, 14, 20, 14)
    column.setSpacing(8)
    column.addWidget(Label(title, "strong"))
    return frame, column


def _row(column: QVBoxLayout, *widgets: QWidget, spacing: int = 8) -> None:
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget, alignment=Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(1)
    column.addLayout(row)


def _rail() -> Rail:
    rail = Rail(
        [
            Place("home", "house", _("Home"), "Ctrl+1"),
            Place("agenda", "calendar-days", _("Agenda"), "Ctrl+2"),
            Place("patients", "users", _("Patients"), "Ctrl+3"),
            Place("messages", "message-circle", _("Messages"), "Ctrl+4"),
            Place("till", "shopping-cart", _("Till"), "Ctrl+5"),
            Place("stock", "package", _("Stock"), "Ctrl+6"),
        ]
    )
    rail.set_current("agenda")
    rail.set_badge("messages", 5)
    rail.set_badge("stock", 2, "warn")
    rail.set_person("Renata Souza", 65)
    return rail


def _header() -> Header:
    header = Header("Terça-feira, 24 de novembro")
    header.add_navigation(icon_button("chevron-left", _("Previous day"), "secondary"))
    header.add_navigation(Button(_("Today")))
    header.add_navigation(icon_button("chevron-right", _("Next day"), "secondary"))
    header.add_navigation(_segments(), gap=12)
    header.bell.set_dot(True)
    header.set_primary(Button(_("Book"), "primary", "plus", "N"))
    return header


def _segments() -> Segmented:
    return Segmented([("day", _("Day")), ("week", _("Week")), ("month", _("Month"))], _("View"))


def _buttons() -> QFrame:
    frame, column = _titled(_("Buttons"))
    _row(
        column,
        Button(_("Book"), "primary", "plus", "N"),
        Button(_("Reschedule"), "secondary", "calendar-clock"),
        Button(_("Offer"), "soft"),
        icon_button("ellipsis", _("More")),
    )
    refused = Button(_("No permission"), "secondary", "lock")
    refused.setEnabled(False)
    _row(column, Button(_("Save"), "primary"), Button(_("Cancel"), "secondary", "ban", tone="danger"), refused)
    _row(
        column,
        _segments(),
        Switch(name=_("On"), checked=True),
        Switch(name=_("Off")),
        CheckBox(name=_("On"), checked=True),
        CheckBox(name=_("Off")),
        RadioButton(name=_("On"), checked=True),
    )
    _row(
        column,
        Button(_("Close the till"), "danger"),
        Button(_("Cancel"), "quiet", key="Esc"),
        Button(_("Edit"), "link"),
    )
    column.addStretch(1)
    return frame


def _banners() -> QFrame:
    frame, column = _titled(_("Banners"))
    column.addWidget(Banner("warn", "Sem conexão. Agenda de 10:14, só leitura.", _("Try now"), icon="wifi-off"))
    column.addWidget(Banner("info", "Outra mesa mudou este horário às 10:16.", _("See the change")))
    column.addWidget(Banner("danger", "Alergia grave: dipirona"))
    detail = "Mesma pessoa? Evita um cadastro repetido"
    column.addWidget(Banner("warn", "Este celular é de Conceição", _("Use this one"), detail, "user-check"))
    column.addStretch(1)
    return frame


def _loading() -> QFrame:
    frame, column = _titled(_("Loading"))
    skeleton = Skeleton()
    skeleton.reveal()
    column.addWidget(skeleton)
    _row(column, StatusPill(), StatusPill(RECONNECTING), StatusPill(UNREACHABLE))
    column.addStretch(1)
    return frame


def _fields() -> QFrame:
    frame, column = _titled(_("Fields"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(0)
    phone = Field(_("Mobile"), LineEdit(numbers=True))
    phone.editor.setProperty("text", "(11) 9000-019")
    phone.set_error("Falta um dígito")
    grid.addWidget(phone, 0, 0)
    grid.addWidget(Field("CPF", LineEdit("000.000.000-00", numbers=True), optional=True), 0, 1)
    service = Select([(1, "Toxina botulínica"), (2, "Consulta")], "stethoscope")
    grid.addWidget(Field(_("Service"), service), 1, 0)
    grid.addWidget(Field(_("Password"), PasswordEdit(), hint=_("At least 10 characters")), 1, 1)
    grid.addWidget(SearchBox(_("Search"), "F3"), 2, 0)
    grid.addWidget(Field(_("Note"), TextArea(lines=1), reserve=False), 2, 1)
    column.addLayout(grid)
    column.addStretch(1)
    return frame


def _list() -> QFrame:
    frame, column = _titled(_("List"))
    column.addWidget(Tabs([("all", _("Timeline")), ("data", _("Record 24"))], _("Sections")))
    view = ListView(_("List"))
    view.setModel(QStringListModel([name for name, _hue in _PEOPLE], view))
    view.setItemDelegate(_Names(parent=view))
    view.setCurrentIndex(view.model().index(2, 0))
    view.setMinimumHeight(4 * 44)
    column.addWidget(view)
    column.addStretch(1)
    return frame


class _Names(RowDelegate):
    def paint_content(
        self, painter: QPainter, theme: Theme, area: QRectF, index: Index, option: QStyleOptionViewItem
    ) -> None:
        plain = theme.font("control"), theme.color("text")
        strong = theme.font("strong"), theme.color("accentText")
        paint_matched(painter, area.adjusted(20, 0, 0, 0), str(index.data()), [(0, 3)], plain, strong)
        right = area.adjusted(0, 0, -20, 0)
        ink = theme.color("muted")
        drawing.text(painter, right, "24 nov", theme.font("body", numbers=True), ink, Qt.AlignmentFlag.AlignRight)


def _empty() -> QFrame:
    frame, column = _titled(_("Empty"))
    advice = "Quem chegar aparece aqui. Use C no cartão para registrar."
    column.addWidget(EmptyState("coffee", "Ninguém na recepção", advice, "Encaixar sem hora", "user-plus"), 1)
    return frame


def _states() -> QFrame:
    frame, column = _titled(_("States of an appointment"))
    grid = QGridLayout()
    grid.setVerticalSpacing(8)
    for number, look in enumerate(STATUS_LOOKS.values()):
        chip = Chip(_(look.word), look.tone, look.icon)
        grid.addWidget(chip, number // 2, number % 2, Qt.AlignmentFlag.AlignLeft)
    column.addLayout(grid)
    _row(column, FilterChip(_("All"), checked=True), FilterChip("VIP"), FilterChip(_("Birthday")))
    _row(
        column, KeyCap("↑ ↓"), Label(_("move"), "second", "muted"), KeyCap("Enter"), Label(_("open"), "second", "muted")
    )
    column.addStretch(1)
    return frame


def _people() -> QFrame:
    frame, column = _titled(_("People"))
    _row(column, *(Avatar(name, hue, 40) for name, hue in _PEOPLE), Avatar("Renata Souza", 65, 40, strong=True))
    _row(column, WaitingCard("Vera Magalhães", "Dra. Marina · 10:00", 24, 65))
    _row(column, WaitingCard("Matheus Brandão", "Dra. Helena · 10:30", 12, 200))
    column.addStretch(1)
    return frame


def _month() -> QFrame:
    frame, column = _titled(_("Month"))
    column.addWidget(MonthCalendar(dt.date(2026, 11, 24), week_tint=True))
    column.addStretch(1)
    return frame
