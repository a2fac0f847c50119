"""A day as it stood at any minute, laid over the agenda: the picture, the slider, and who changed what.

The agenda beneath goes on living: what other desks do arrives there as ever, and here as one more line and tick.
Hours and blocked time are today's: no versions are kept of them.
"""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.accessible import announce
from clinicdesk.desk.agenda.board import Board
from clinicdesk.desk.agenda.history import history_line, how_and_who
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.past_list import PastList
from clinicdesk.desk.agenda.past_scale import LifeScale
from clinicdesk.desk.agenda.past_strip import PastStrip
from clinicdesk.desk.agenda.past_view import PastView
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.history import HistoryEvent, Life
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import agenda, history
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _

_AN_INSTANT = dt.timedelta(microseconds=1)


class PastPane(QWidget):
    """Covers `page` until Esc. `left` says that the present is wanted; the last moment shown is forgotten then."""

    left = Signal()
    shown = Signal()  # a life was read and stands on the screen

    def __init__(
        self, page: QWidget, clinic: Clinic, background: Background, live: Board, clock: DeskClock, offline: str = ""
    ) -> None:
        super().__init__(page)
        stand_on(self, "bg")
        self.setProperty("takesKeys", True)  # the agenda's own keys rest
        self.setAccessibleName(_("Agenda as it was"))
        self._clinic, self._background, self._clock = clinic, background, clock
        self.life: Life | None = None
        self._wanted: dt.datetime | None = None
        self._stood: tuple[Appointment, ...] = ()
        self._chosen: UUID | None = None
        self.model = AgendaModel(clock.zone, self)
        self._board = Board(clinic.id, live.day, None, self.model.appointments)
        self._board.columns_by, self._board.shown = live.columns_by, live.shown
        self._board.catalogue = live.catalogue
        self.view = PastView(self.model)
        people = live.catalogue.professionals if live.catalogue else ()
        self.view.set_professional_hues({one.id: one.hue for one in people})
        self.view.set_zone(clock.zone)
        self.strip = PastStrip()
        self.changes = PastList(clock)
        self._banner = Banner("warn", "")
        self._arrange()
        self._connect(page)
        self.setFocusProxy(self.strip.slider)
        self.set_offline(offline)

    # --- what the page asks ---

    @property
    def day(self) -> dt.date:
        """The day that is looked at."""
        return self._board.day

    @property
    def at(self) -> dt.datetime:
        """The moment it is looked at."""
        return self.strip.slider.at

    def open(self, day: dt.date, at: dt.datetime | None = None, appointment_id: UUID | None = None) -> None:
        """Show a day at a moment, else at its latest change; with one visit chosen when it is named."""
        self._board.day, self._wanted, self._chosen = day, at, appointment_id
        self.life = None
        self.strip.say(self._title())
        self._read()

    def hear(self) -> None:
        """Visits were changed at some desk: they may have been of this day. The moment on show stays."""
        if self.life is not None:
            self._read()

    def set_offline(self, words: str) -> None:
        """Why nothing newer can be known; empty when the clinic answers."""
        self._banner.setVisible(bool(words))
        if words:
            self._banner.say("warn", words, icon="wifi-off", detail=_("What is shown here was read before."))
        elif self.life is not None:
            self._read()

    # --- reading ---

    def _read(self) -> None:
        day, people = self._board.day, self._board.people()
        self._background.run(
            self,
            lambda: (agenda.days(self._clinic, day, day, people), history.life(self._clinic, day, day, people)),
            lambda found: self._came(day, *found),
            self._failed,
            replaces="past",
        )

    def _came(self, day: dt.date, content: agenda.AgendaPage, life: Life) -> None:
        if day != self._board.day:
            return
        first = self.life is None
        # What is held now was not held then: the visits of the moment say themselves what they take.
        self._board.content, self.life = replace(content, busy=()), life
        slider = self.strip.slider
        scale = LifeScale(life.moments, self._clock.now())
        slider.show_life(scale, content.calendar.zone, self._clock.today())
        self.changes.show_events(life.events)
        if first:
            latest = scale.latest(scale.last)
            slider.place(self._wanted or latest or scale.last)
            self.view.show_day(self._board.grouping)
            self.view.set_zone(content.calendar.zone)
            self.view.set_hours(*self._board.hours())
        self._stand_at(slider.at, follow=first)
        if first and self._chosen is not None:
            self.view.select(self._chosen)
            self.changes.show_only(self._chosen)
        self.shown.emit()

    def _failed(self, error: ClinicError) -> None:
        self._banner.setVisible(True)
        self._banner.say("warn", sentence(error, self._clock.zone), _("Try now"))

    # --- a moment ---

    def _stand_at(self, at: dt.datetime, *, follow: bool = True) -> None:
        if self.life is None:
            return
        stood = self.life.as_it_stood(at)
        changed = self.life.changed_at(at)
        if stood != self._stood:
            self._stood = stood
            self.model.replace_all(stood)
            self._board.forget_taken()
        self.view.set_now(at)
        specs, closures = self._board.columns()
        self.view.set_columns(specs)
        self.view.set_closures(closures)
        before = [one for one in self.life.as_it_stood(at - _AN_INSTANT) if one.id in changed] if changed else []
        self.view.mark(changed, before, follow=follow)
        self.changes.stand_at(at)
        words = self._words(at)
        self.strip.say(self._title(), *words)
        announce(self.view, words[0])

    def _title(self) -> str:
        return _("{day}, as it was").format(day=dates.day_title(self._board.day))

    def _words(self, at: dt.datetime) -> tuple[str, ...]:
        """What there is to say of a moment, longest form first."""
        assert self.life is not None
        scale = self.strip.slider.scale
        if not scale.moments:
            return (_("Nothing was ever booked on this day"),)
        when = dates.moment(at, self._clock.now(), self._clock.zone)
        if at >= scale.last and at not in scale.moments:
            return (_("Now, after the last change"),)
        here = [one for one in self.life.events if one.at == at]
        if not here:
            return (when,)
        happened = history_line(here[0], self._clock).words.replace("\n", " · ")
        told = f"{privacy.shown_name(here[0].patient_name)}: {happened[:1].lower()}{happened[1:]}"
        return tuple(" · ".join(filter(None, form)) for form in ((when, told, how_and_who(here[0])), (when, told)))

    def _picked(self, event: HistoryEvent) -> None:
        self.strip.stop()
        self.strip.slider.go(event.at)

    def _selected(self, appointment: Appointment | None) -> None:
        self._chosen = appointment.id if appointment is not None else None
        self.changes.show_only(self._chosen)

    def _step_day(self, days: int) -> None:
        self.strip.stop()
        self.view.select(None)
        self.open(self._board.day + dt.timedelta(days=days))

    # --- events ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        slider = self.strip.slider
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.strip.toggle()
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            slider.go_hours(-1 if event.key() == Qt.Key.Key_PageUp else 1)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def _arrange(self) -> None:
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.view, 1)
        body.addWidget(self.changes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self._banner)
        column.addLayout(body, 1)

    def _connect(self, page: QWidget) -> None:
        page.installEventFilter(self)
        self.setGeometry(page.rect())
        self.strip.moved.connect(self._stand_at)
        self.strip.left.connect(self.left)
        self.strip.day_stepped.connect(self._step_day)
        self.view.selected.connect(self._selected)
        self.view.day_stepped.connect(self.strip.slider.go_hours)
        self.changes.chosen.connect(self._picked)
        self.changes.all_wanted.connect(lambda: self.view.select(None))
        self._banner.acted.connect(self._read)
        privacy.veil().changed.connect(self._veiled)

    def _veiled(self) -> None:
        if self.life is not None:
            self.changes.show_events(self.life.events)
            self._stand_at(self.at, follow=False)
