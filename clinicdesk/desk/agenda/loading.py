"""What the agenda reads: catalogue and days, so that board and model equal the answers. Knows no widget."""

import datetime as dt

from PySide6.QtCore import QObject, Signal

from clinicdesk.desk.agenda.board import Board
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic

Days = tuple[dt.date, dt.date]


class AgendaLoading(QObject):
    """`asked` says which days are wanted, `came` that they are held and whether they are others than before."""

    catalogue_came = Signal(object)  # Catalogue
    asked = Signal(object, object)  # first and last local day
    came = Signal(bool)
    failed = Signal(object)  # ClinicError

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        board: Board,
        model: AgendaModel,
        clock: DeskClock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._background = background
        self._board = board
        self._model = model
        self._clock = clock
        self._news = 0  # counts values that came in; a slower answer about the whole day may not know them
        self.days: Days | None = None  # what the model holds now
        self.under_way = False  # an answer about the days is still to come, and may be older than what is heard

    def load_catalogue(self) -> None:
        """Read what a booking chooses from, and then the days."""
        self._background.run(
            self,
            lambda: agenda.catalogue(self._clinic),
            self._catalogue_came,
            self.failed.emit,
            replaces="catalogue",
        )

    def load(self) -> None:
        """Read the days the board wants; nothing before the catalogue is known."""
        if self._board.catalogue is None:
            return
        first, last = self._board.days()
        self.asked.emit(first, last)
        self.under_way = True
        people, things, news = self._board.people(), self._board.things(), self._news
        self._background.run(
            self,
            lambda: agenda.days(self._clinic, first, last, people, things),
            lambda page: self._days_came(page, first, last, news),
            self._days_failed,
            replaces="days",
        )

    def note_news(self) -> None:
        """A visit came in or left by another road."""
        self._news += 1

    def forget(self) -> None:
        """What is held is not what is wanted any more: the next answer takes its place whole."""
        self.days = None

    def _catalogue_came(self, catalogue: Catalogue) -> None:
        self._board.take_catalogue(catalogue)
        self.catalogue_came.emit(catalogue)
        self.load()

    def _days_failed(self, error: ClinicError) -> None:
        self.under_way = False
        self.failed.emit(error)

    def _days_came(self, page: agenda.AgendaPage, first: dt.date, last: dt.date, news: int) -> None:
        self.under_way = False
        if news == self._news:
            self._show(page, first, last)
            return
        # A visit came in or left while the answer was under way; the answer may not have it.
        if self.days != (first, last):
            self._show(page, first, last)
        self.load()

    def _show(self, page: agenda.AgendaPage, first: dt.date, last: dt.date) -> None:
        self._board.content = page
        self._board.forget_taken()
        self._clock.align(page.now)
        moved = self.days != (first, last)
        if moved:
            self._model.set_zone(page.calendar.zone)
            self._model.replace_all(page.appointments)
        else:
            kept = {one.id for one in page.appointments}
            for gone in [one.id for one in self._model.appointments() if one.id not in kept]:
                self._model.remove(gone)
            for one in page.appointments:
                self._model.upsert(one)
        self.days = first, last
        self.came.emit(moved)
