"""The bar over the agenda: whose columns are shown, and the day counted by state."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.closing import waiting_words
from clinicdesk.desk.agenda.day_counts import DayCounts
from clinicdesk.desk.agenda.people_filter import PeopleFilter
from clinicdesk.desk.agenda.view_options import ViewOptions
from clinicdesk.desk.shortcuts import AGENDA, key_for
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.domain.clinics import Professional, Service
from clinicdesk.domain.saved_views import ColumnsBy, Mode, Sieve, ViewSettings
from clinicdesk.words import _

_ROOMY = 1280  # from this width on every button has its words


class AgendaBar(QWidget):
    """`filter_changed` carries the professionals to show; `grouping_chosen` what the columns are;
    `professional_chosen` the one whose week is shown; `options_changed` how the rest is wanted."""

    filter_changed = Signal(object)
    grouping_chosen = Signal(str)
    professional_chosen = Signal(object)
    options_changed = Signal(object)  # ViewSettings
    block_requested = Signal()
    unclosed_requested = Signal()
    views_requested = Signal()
    panel_requested = Signal()
    words_typed = Signal(str)
    past_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self._professionals: tuple[Professional, ...] = ()
        self._shown: tuple[UUID, ...] = ()
        self._services: tuple[Service, ...] = ()
        self._settings = ViewSettings()
        self.people = Button("", "flat", icon="users", size="dense")
        self.people.clicked.connect(self._open_filter)
        self._grouping = Select(
            [
                (ColumnsBy.PROFESSIONAL, _("By professional")),
                (ColumnsBy.ROOM, _("By room")),
                (ColumnsBy.EQUIPMENT, _("By equipment")),
            ]
        )
        self._grouping.currentIndexChanged.connect(lambda: self.grouping_chosen.emit(str(self._grouping.value)))
        self._one = Select(icon="user-round")
        self._one.setMinimumWidth(240)
        self._one.currentIndexChanged.connect(lambda: self.professional_chosen.emit(self._one.value))
        self._legend_box = QWidget()
        self._legend = QHBoxLayout(self._legend_box)
        self._legend.setContentsMargins(0, 0, 0, 0)
        self._legend.setSpacing(12)
        self.counts = DayCounts()
        self.words = LineEdit(_("Find in the list"), icon="search")
        self.words.setAccessibleName(_("Find in the list"))
        self.words.setFixedWidth(200)
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self.words_typed)
        self.words.hide()
        self.filtered = Button(_("Filtered"), "soft", icon="funnel", size="dense")
        self.filtered.setToolTip(_("Some visits are not shown. Press to show all of them."))
        self.filtered.clicked.connect(self._take_filters_away)
        self.filtered.hide()
        self.unclosed = Button("", "soft", icon="clipboard-check", size="dense", tone="warn")
        self.unclosed.setToolTip(_("Past visits that nobody has closed"))
        self.unclosed.clicked.connect(self.unclosed_requested)
        self.unclosed.hide()
        self.views = Button(_("Views"), "flat", icon="star", size="dense")
        self.views.clicked.connect(self.views_requested)
        self._view_name = ""
        self.options = Button(_("Display"), "flat", icon="eye", size="dense")
        self.options.clicked.connect(self._open_options)
        self.block = Button(_("Block time"), "flat", icon="calendar-off", key="B", size="dense")
        self.block.clicked.connect(self.block_requested)
        past = icon_button("history", _("The day as it was"), size="dense", key="H")
        past.clicked.connect(self.past_requested)
        self.panel = icon_button("panel-right", _("Month and figures"), size="dense", key=key_for(AGENDA, "go_to_date"))
        self.panel.clicked.connect(self.panel_requested)
        self.panel.hide()
        self._row = row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        for widget in (self.people, self._one, self._grouping, self.words):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self.counts, 1)
        row.addWidget(self._legend_box)
        row.addStretch(0)
        for button in (self.unclosed, self.filtered, self.views, self.options, past, self.block, self.panel):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)  # its controls have a height of their own, and the line belongs at the foot
        column.addLayout(row)
        column.addStretch(1)
        column.addWidget(separator())
        self.setFixedHeight(48)

    def show_settings(self, settings: ViewSettings) -> None:
        """How the agenda is looked at: what the options begin with, and whether something is filtered out."""
        self._settings = settings
        self._grouping.blockSignals(True)
        self._grouping.set_value(settings.columns_by)
        self._grouping.blockSignals(False)
        self.filtered.setVisible(settings.sieve.hides_standing)

    def show_unclosed(self, count: int) -> None:
        """How many past visits wait to be closed; nothing when none does."""
        self.unclosed.setVisible(count > 0)
        self.unclosed.setText(waiting_words(count))

    def offer_panel(self, offered: bool) -> None:
        """Whether the panel is out of sight and has to be asked for."""
        self.panel.setVisible(offered)

    def show_view(self, name: str) -> None:
        """The name of the kept view that is on screen; empty when it is none of them."""
        self._view_name = name
        self._name_buttons()

    def set_services(self, services: Sequence[Service]) -> None:
        """What there is to filter by."""
        self._services = tuple(services)

    def show_names_hidden(self, hidden: bool) -> None:
        """Say that names are hidden, where they are shown again."""
        self.options.set_icon("eye-off" if hidden else "eye")
        self._name_buttons()

    def show_mode(self, mode: Mode) -> None:
        """A week shows one person, everything else many; only a day has columns to choose."""
        week = mode is Mode.WEEK
        self.people.setVisible(not week)
        self.counts.setVisible(not week)
        self._grouping.setVisible(mode is Mode.DAY)
        self._one.setVisible(week)
        self.words.setVisible(mode is Mode.LIST)

    def set_professionals(self, professionals: Sequence[Professional], shown: Sequence[UUID]) -> None:
        """Who there is, and who is shown."""
        self._professionals, self._shown = tuple(professionals), tuple(shown)
        self._one.blockSignals(True)
        self._one.set_options([(one.id, one.name) for one in professionals])
        self._one.blockSignals(False)
        self.people.setText(
            _("{shown} of {all} professionals").format(shown=len(self._shown), all=len(self._professionals))
        )

    def set_professional(self, professional_id: UUID) -> None:
        """Whose week it is, without telling anyone."""
        self._one.blockSignals(True)
        self._one.set_value(professional_id)
        self._one.blockSignals(False)

    def show_legend(self, services: Sequence[Service]) -> None:
        """The colours of a week: one for each category in it."""
        _clear(self._legend)
        seen: dict[UUID | None, Service] = {one.category_id: one for one in services if one.category_name}
        for service in list(seen.values())[:5]:
            swatch = _Swatch(service.category_name, service.category_hue)
            self._legend.addWidget(swatch)
            swatch.show()  # at once, so that it is measured
        self._fit_legend()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_buttons()
        self._fit_legend()

    def _name_buttons(self) -> None:
        """Where room is scarce the figures keep their place and the buttons give up their words."""
        roomy = self.width() >= _ROOMY * current().text_scale
        hidden = privacy.hides()
        for button, words in (
            (self.views, self._view_name or _("Views")),
            (self.options, _("Names hidden") if hidden else _("Display")),
            (self.block, _("Block time")),
        ):
            button.setText(words if roomy else "")
            button.setAccessibleName(words)
            if button.isEnabled():
                button.setToolTip("" if roomy else words)

    def _fit_legend(self) -> None:
        """The legend gives way before anything that is pressed."""
        self._legend_box.show()
        if self._row.minimumSize().width() > self.width():
            self._legend_box.hide()

    def _open_filter(self) -> None:
        popover = PeopleFilter(self, self._professionals, self._shown)
        popover.chosen.connect(self._people_chosen)
        popover.open_at(self.people)

    def _people_chosen(self, chosen: tuple[UUID, ...]) -> None:
        self._shown = chosen
        self.filter_changed.emit(chosen)

    def _open_options(self) -> None:
        popover = ViewOptions(self, self._settings, self._services)
        popover.changed.connect(self._options_chosen)
        popover.open_at(self.options)

    def _options_chosen(self, settings: ViewSettings) -> None:
        self.show_settings(settings)
        self.options_changed.emit(settings)

    def _take_filters_away(self) -> None:
        self._options_chosen(replace(self._settings, sieve=Sieve(cancelled=self._settings.sieve.cancelled)))


class _Swatch(QWidget):
    """A category's colour and its name."""

    def __init__(self, name: str, hue: int) -> None:
        super().__init__()
        self._hue = hue
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 0, 0)
        row.addWidget(Label(name, "second", "muted"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = current().hue(self._hue)
        painter = QPainter(self)
        drawing.box(painter, QRectF(0, (self.height() - 13) / 2, 13, 13), 4, shades.fill, shades.edge)


def _clear(layout: QHBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
