"""What a change of one card means for others: its series, or the other services of the same coming.

Asked at the card itself and never in a dialog; a change of a series is planned first, and what stands against it is
decided visit by visit before anything is written.
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.agenda.deeds import AgendaDeeds
from clinicdesk.desk.agenda.group_deeds import GroupDeeds
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.scope import ScopePopover, series_choices
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.domain.agenda import STEPS, Appointment, CancelledBy, Status
from clinicdesk.domain.series_booking import ExtendSeries
from clinicdesk.domain.series_edit import CancelSeries, EditSeries, Plan, Scope, SeriesChange
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.together import Together
from clinicdesk.domain.visits import MoveVisit, StepVisit, moves_together, steps_together
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import series_edit, visits
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _

_ALONE, _WHOLE = "alone", "whole"


class LinkedVisits(QObject):
    """`refused` carries the visit and why not; `left` a visit whose change was given up, so that its card goes back."""

    refused = Signal(object, object)  # appointment id or None, ClinicError
    left = Signal(object)  # appointment id
    conflicts_found = Signal(object, object)  # EditSeries, Plan

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        deeds: AgendaDeeds,
        group: GroupDeeds,
        model: AgendaModel,
        clock: DeskClock,
        page: QWidget,
        card_at: Callable[[UUID], tuple[QWidget, QRect | None]],
    ) -> None:
        super().__init__(page)
        self._clinic, self._background, self._clock = clinic, background, clock
        self._deeds, self._group, self._model = deeds, group, model
        self._page, self._card_at = page, card_at

    # --- moving ---

    def move(self, before: Appointment, place: FreeSlot, *, alone: bool = False, hold_id: UUID | None = None) -> None:
        """Put a visit somewhere else, with what goes along; `alone` leaves the services of the same coming.

        `hold_id` is one's own hold on the place, given up by the move.
        """
        later = place.slot.starts_at != before.starts_at
        if before.visit_id is not None and later and not alone:
            self._move_visit(before, place, hold_id)
        elif before.series_id is not None:
            self._ask_series(before, lambda scope: self._move_series(before, place, scope, hold_id))
        else:
            self._move_alone(before, place, hold_id)

    def _move_alone(self, before: Appointment, place: FreeSlot, hold_id: UUID | None) -> None:
        self._deeds.move(before, place.professional_id, place.slot, place.room_id, place.equipment_id, hold_id=hold_id)

    def _move_visit(self, before: Appointment, place: FreeSlot, hold_id: UUID | None) -> None:
        assert before.visit_id is not None
        visit_id, operation_id = before.visit_id, new_id()

        def work() -> Together:
            along = moves_together(before, visits.services_of(self._clinic, visit_id))
            seen = tuple((one.id, self._seen(one).version) for one in along)
            return visits.move(self._clinic, MoveVisit(operation_id, before.id, place, seen, hold_id))

        self._group.move_visit(work, self._failed(before.id))

    def _seen(self, one: Appointment) -> Appointment:
        """What this desk shows of a visit, else what was read."""
        return self._model.appointment(one.id) or one

    def _move_series(self, before: Appointment, place: FreeSlot, scope: Scope, hold_id: UUID | None) -> None:
        if scope is Scope.THIS:
            self._move_alone(before, place, hold_id)
            return
        change = SeriesChange(
            slot=place.slot if place.slot != before.slot else None,
            professional_id=place.professional_id if place.professional_id != before.professional_id else None,
            room_id=place.room_id if place.room_id != before.room_id else None,
        )
        self.edit(EditSeries(new_id(), before.id, scope, change, ((before.id, before.version),), hold_id=hold_id))

    # --- series ---

    def edit(self, command: EditSeries) -> None:
        """Plan a change of a series; written at once when nothing stands against it, else shown to be decided."""
        now = self._clock.now()

        def planned(plan: Plan) -> None:
            seen = replace(command, seen=plan.seen)
            if plan.conflicts:
                self.conflicts_found.emit(seen, plan)
            else:
                self._group.edit_series(seen, self._failed(command.appointment_id), now)

        self._background.run(
            self,
            lambda: series_edit.plan_edit(self._clinic, command, now),
            planned,
            self._failed(command.appointment_id),
        )

    def extend(self, command: ExtendSeries) -> None:
        """Let a series go on, as it was decided."""
        self._group.extend_series(command, lambda _done: None, self._failed(None))

    def write(self, command: EditSeries) -> None:
        """Write a change whose conflicts were decided."""
        self._group.edit_series(command, self._failed(command.appointment_id), self._clock.now())

    def _ask_series(self, appointment: Appointment, decided: Callable[[Scope], None]) -> None:
        self._ask(appointment, _("It is part of a series. Change"), series_choices(), lambda key: decided(Scope(key)))

    # --- steps ---

    def cancel(self, appointment: Appointment, by: CancelledBy, reason: str) -> None:
        """Give a visit up: alone, or with its series or the services of the same coming when asked so."""
        if appointment.series_id is not None:
            self._ask(
                appointment,
                _("It is part of a series. Cancel"),
                series_choices(),
                lambda key: self._cancel_series(appointment, Scope(key), by, reason),
            )
        elif appointment.visit_id is not None:
            choices = [(_ALONE, _("Only this service")), (_WHOLE, _("The whole visit"))]
            self._ask(
                appointment,
                _("There is more in this visit. Cancel"),
                choices,
                lambda key: self.step(appointment, Status.CANCELLED, whole=key == _WHOLE, reason=reason, by=by),
            )
        else:
            self._deeds.step(appointment, Status.CANCELLED, reason=reason, cancelled_by=by)

    def _cancel_series(self, appointment: Appointment, scope: Scope, by: CancelledBy, reason: str) -> None:
        if scope is Scope.THIS:
            self._deeds.step(appointment, Status.CANCELLED, reason=reason, cancelled_by=by)
            return
        seen = ((appointment.id, appointment.version),)
        command = CancelSeries(new_id(), appointment.id, scope, by, reason, seen)
        self._group.cancel_series(command, self._failed(appointment.id), self._clock.now())

    def step(
        self,
        appointment: Appointment,
        status: Status,
        *,
        whole: bool = False,
        reason: str = "",
        by: CancelledBy | None = None,
    ) -> None:
        """Take a step with a visit, or with all services of the same coming whose state allows it."""
        if not whole:
            self._deeds.step(appointment, status, reason=reason, cancelled_by=by)
            return
        visit_id, operation_id = appointment.visit_id, new_id()

        def work() -> Together:
            others = visits.services_of(self._clinic, visit_id) if visit_id else []
            stepping = [one for one in steps_together(appointment, others, status) if status in STEPS[one.status]]
            seen = tuple((one.id, self._seen(one).version) for one in stepping)
            return visits.step(self._clinic, StepVisit(operation_id, status, seen, reason=reason, cancelled_by=by))

        self._group.step_visit(work, self._failed(appointment.id))

    # --- within ---

    def _ask(
        self,
        appointment: Appointment,
        title: str,
        choices: list[tuple[str, str]],
        decided: Callable[[str], None],
    ) -> None:
        popover = ScopePopover(self._page, title, choices)
        popover.decided.connect(decided)
        popover.given_up.connect(lambda: self.left.emit(appointment.id))
        widget, part = self._card_at(appointment.id)
        popover.open_at(widget, part, beside=True)

    def _failed(self, appointment_id: UUID | None) -> Callable[[ClinicError], None]:
        return lambda error: self.refused.emit(appointment_id, error)
