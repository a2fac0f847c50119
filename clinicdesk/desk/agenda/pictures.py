"""The agenda's three pictures of the same visits, one at a time: columns over the hours, the month, and the list."""

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.agenda.board import LIST, MONTH, WEEK, Board
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.month import MonthPicture
from clinicdesk.desk.agenda.month_accessible import announce_day, install
from clinicdesk.desk.agenda.several import SeveralBar
from clinicdesk.desk.agenda.view import AgendaView
from clinicdesk.desk.agenda.visit_list import VisitList
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.domain.agenda import Appointment
from clinicdesk.words import _


class AgendaPictures(QStackedWidget):
    """`chosen` asks to choose a visit, `activated` to work on it; the painted hours keep the choice for all three."""

    chosen = Signal(object)  # appointment id or None
    activated = Signal()
    menu_requested = Signal(object, QPoint)
    day_opened = Signal(object)  # dt.date
    stepped = Signal(int)
    commanded = Signal(str)  # a step for all the rows chosen in the list

    def __init__(self, model: AgendaModel, board: Board, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._board = board
        self._clock = clock
        self.hours = AgendaView(model)
        self.month = MonthPicture()
        self.list = VisitList(model)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.several_bar = SeveralBar()
        self._list_page = _ListPage(self.list, self.several_bar)
        for picture in (self.hours, self.month, self._list_page):
            self.addWidget(picture)
        self.setFocusProxy(self.hours)
        install()
        self._connect()

    def show_mode(self) -> None:
        """Bring the picture of the board's mode to the front; the keyboard goes along if it was here."""
        focused = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        pictures: dict[str, tuple[QWidget, QWidget]] = {
            MONTH: (self.month, self.month),
            LIST: (self._list_page, self.list),
        }
        page, keyboard = pictures.get(self._board.mode, (self.hours, self.hours))
        self.setCurrentWidget(page)
        self.setFocusProxy(keyboard)
        if focused:
            keyboard.setFocus()

    def set_hues(self, hues: Mapping[UUID, int]) -> None:
        """The colours of the professionals."""
        self.hours.set_professional_hues(hues)
        self.month.set_hues(hues)

    @property
    def several(self) -> list[Appointment]:
        """The visits chosen in the list when they are more than one."""
        chosen = self.list.all_chosen if self._board.mode is LIST else []
        return chosen if len(chosen) > 1 else []

    def refresh(self) -> None:
        """Take from the board what does not stand in the model: columns, closed time, heads and cells."""
        board, content = self._board, self._board.content
        if content is None:
            return
        zone = content.calendar.zone
        self.month.set_zone(zone)
        if board.mode is MONTH:
            self.month.set_days(board.month(), board.day, self._clock.today())
        elif board.mode is LIST:
            self.list.rows.set_sieve(board.sieve)
            self._list_page.show_found(bool(self._model.rowCount()))
        else:
            self._refresh_hours()

    def narrow(self, text: str) -> None:
        """Keep the rows of the list that these words are found in."""
        self.list.rows.set_words(text)
        self._list_page.show_found(bool(self._model.rowCount()))

    def scroll_to_work(self) -> None:
        """Bring the present into sight, or the morning when it is another day."""
        first, last = self._board.days()
        today = self._clock.today()
        if first <= today <= last:
            # The picture measures from its first column's day: in a week, the same hour on Monday.
            self.hours.scroll_to(self._clock.now() - (today - first))
        else:
            self.hours.verticalScrollBar().setValue(0)

    def _refresh_hours(self) -> None:
        board = self._board
        if board.mode is WEEK:
            self.hours.show_week()
        else:
            self.hours.show_day(board.grouping)
        specs, closures = board.columns()
        self.hours.set_sieve(board.sieve)
        self.hours.set_grid(board.grid_minutes)
        self.hours.set_pixels_per_hour(board.pixels_per_hour or theme.current().density.pixels_per_hour)
        self.hours.set_columns(specs)
        self.hours.set_closures(closures)
        self.hours.set_held(board.held_stretches(self._clock.zone))
        self.hours.set_hours(*board.hours())
        self.hours.set_now(self._clock.now())

    def _connect(self) -> None:
        self.hours.selected.connect(self._mark)
        self.hours.activated.connect(lambda _appointment: self.activated.emit())
        self.hours.menu_requested.connect(self.menu_requested)
        self.hours.day_stepped.connect(self.stepped)
        self.month.selected.connect(self.chosen)
        self.month.cursor_moved.connect(lambda: announce_day(self.month))
        self.month.day_opened.connect(self.day_opened)
        self.month.day_stepped.connect(self.stepped)
        self.list.selected.connect(self.chosen)
        self.list.activated_visit.connect(lambda _appointment: self.activated.emit())
        self.list.menu_requested.connect(self.menu_requested)
        self.list.selectionModel().selectionChanged.connect(self._chosen_in_list)
        self.list.rows.dataChanged.connect(self._chosen_in_list)
        self.several_bar.commanded.connect(self.commanded)
        self.list.rows.rowsRemoved.connect(self._recount)
        self.list.rows.rowsInserted.connect(self._recount)
        self.list.rows.modelReset.connect(self._recount)

    def _chosen_in_list(self, *_selection: object) -> None:
        self.several_bar.show_chosen(self.several, self._clock.now())

    def _mark(self, appointment: object) -> None:
        chosen = getattr(appointment, "id", None)
        self.month.set_chosen(chosen)
        self.list.choose(chosen)

    def _recount(self, *_rows: object) -> None:
        self._list_page.show_found(bool(self._model.rowCount()))


class _ListPage(QStackedWidget):
    """The list, or why it is empty."""

    def __init__(self, visits: VisitList, several: SeveralBar) -> None:
        super().__init__()
        self._visits = visits
        nobody = EmptyState("calendar", _("Nobody is booked on this day"), _("N books a visit."))
        nothing = EmptyState("funnel", _("No visit passes the filters"), _("Take a filter away to see more."))
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(visits, 1)
        column.addWidget(several)
        for widget in (rows, _padded(nobody), _padded(nothing)):
            self.addWidget(widget)

    def show_found(self, any_visit: bool) -> None:
        """Show the rows, or say that the day is empty or the filters too narrow."""
        found = self._visits.rows.rowCount() > 0
        self.setCurrentIndex(0 if found else 2 if any_visit else 1)


def _padded(widget: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(24, 24, 24, 24)
    column.addWidget(widget)
    return page
