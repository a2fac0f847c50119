"""What is typed in the agenda's small forms, and the way to open one again with what was typed before."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol, TypeVar
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.agenda.blocking import BlockPopover
from clinicdesk.desk.agenda.cancelling import CancelPopover
from clinicdesk.desk.agenda.openings import AgendaOpenings
from clinicdesk.desk.agenda.waiting.form import Beginning, WaitingForm
from clinicdesk.desk.agenda.waiting.wiring import AgendaWaiting
from clinicdesk.desk.background import Background
from clinicdesk.desk.drafts import Drafts, Typed
from clinicdesk.domain.agenda import STEPS, Appointment, Status
from clinicdesk.domain.drafts import NEW, Draft
from clinicdesk.domain.patients import PatientMatch
from clinicdesk.domain.plain import from_plain
from clinicdesk.domain.waiting import WaitingWish
from clinicdesk.errors import ClinicError, NotFound, StatusRefused
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic

Form = TypeVar("Form", bound=QWidget)


class Page(Protocol):
    """What opens the forms."""

    openings: AgendaOpenings
    waiting_list: AgendaWaiting

    def show_day(self, day: dt.date) -> None:
        """Open another day."""

    def show_visit(self, appointment: Appointment) -> None:
        """Open the day of a visit with the visit chosen."""

    def ask_block(self) -> None:
        """Ask whose time to keep free."""

    def say_failed(self, error: ClinicError) -> None:
        """Say what was refused."""


class SmallDrafts(QObject):
    """Blocks, cancellations and the waiting list. A form that a person closes is given up, and so is its draft."""

    def __init__(self, page: Page, clinic: Clinic, background: Background, owner: QWidget) -> None:
        super().__init__(owner)
        self._page, self._clinic, self._background, self._owner = page, clinic, background, owner

    def join(self, drafts: Drafts) -> None:
        """Have what is typed in these forms kept, and offered again."""
        drafts.add("block", lambda: self._typed(BlockPopover), self._block)
        drafts.add("cancel", lambda: self._typed(CancelPopover), self._cancel)
        drafts.add("waiting", lambda: self._typed(WaitingForm), self._wait)

    def _typed(self, kind: type[BlockPopover | CancelPopover | WaitingForm]) -> Iterator[Typed]:
        for form in self._open(kind):
            typed = form.typed()
            if typed is not None:
                yield typed

    def _open(self, kind: type[Form]) -> Iterator[Form]:
        yield from (form for form in self._owner.window().findChildren(kind) if form.isVisible())

    def _block(self, draft: Draft) -> None:
        day = dt.date.fromisoformat(draft.values[0])
        self._page.show_day(day)
        self._page.ask_block()
        for form in self._open(BlockPopover):
            form.take_up(draft.values)

    def _cancel(self, draft: Draft) -> None:
        by, reason = draft.values

        def came(found: list[Appointment]) -> None:
            visit = found[0] if found else None
            if visit is None:
                self._page.say_failed(NotFound("appointment", draft.key))
            elif Status.CANCELLED not in STEPS[visit.status]:
                self._page.say_failed(StatusRefused(visit.status, Status.CANCELLED))
            else:
                self._page.show_visit(visit)
                self._page.openings.ask_cancel(visit)
                for form in self._open(CancelPopover):
                    form.take_up(by, reason)

        key = UUID(draft.key)
        self._background.run(self, lambda: agenda.appointments(self._clinic, [key]), came, self._page.say_failed)

    def _wait(self, draft: Draft) -> None:
        who, told, version = draft.values
        patient = from_plain(PatientMatch, who) if who is not None else None
        wish = from_plain(WaitingWish, told)
        waiting = self._page.waiting_list
        if draft.key == NEW:
            waiting.ask_new(Beginning(patient))
        else:
            entry = next((one for one in waiting.list.entries if str(one.id) == draft.key), None)
            if entry is None:
                self._page.say_failed(NotFound("waiting_entry", draft.key))
                return
            # Over the version it was begun on: a change made since is refused, not written over.
            waiting.edit(replace(entry, version=version))
        for form in self._open(WaitingForm):
            form.take_up(patient, wish)
