"""The front desk of the demo: who was called this morning, and who ought to come again."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import NamedTuple
from uuid import UUID

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.demo.people import new_key
from clinicdesk.domain.demo.visits import DemoVisit
from clinicdesk.domain.recall import Outcome, RecallState, months_later

_SEED = 60
_MONTHS = 6
# How many are due: months from now -> people; those of the past are overdue.
_DUE = {-2: 3, -1: 6, 0: 12, 1: 9, 2: 5}
_REFUSED, _BOOKED = 3, 4
_REASONS = ("", "", "", "Reavaliar", "Trazer exames", "Manutenção do laser", "Rever a cicatriz")
_TRIES = (Outcome.NO_ANSWER, Outcome.NO_ANSWER, Outcome.LEFT_MESSAGE, Outcome.CALL_BACK)
_CALLED_BEFORE = dt.timedelta(minutes=2)


class DemoRecall(NamedTuple):
    """One recall."""

    id: UUID
    clinic_id: UUID
    patient_id: UUID
    service_id: UUID | None
    professional_id: UUID
    due_month: dt.date
    reason: str
    state: str
    appointment_id: UUID | None
    created_at: dt.datetime


class DemoAttempt(NamedTuple):
    """One attempt at a recall."""

    id: UUID
    clinic_id: UUID
    recall_id: UUID
    outcome: str
    created_at: dt.datetime


class DemoCall(NamedTuple):
    """One call to the screen."""

    id: UUID
    clinic_id: UUID
    appointment_id: UUID
    place: str
    called_at: dt.datetime


class DemoFrontDesk(NamedTuple):
    """All of it."""

    recalls: list[DemoRecall]
    attempts: list[DemoAttempt]
    calls: list[DemoCall]


def make_front_desk(
    visits: Sequence[DemoVisit], clinic_id: UUID, rooms: Mapping[UUID, str], moment: dt.datetime, today: dt.date
) -> DemoFrontDesk:
    """The front desk of one unit at `moment`, from seeds of its own: the rest of the demo stays as it is."""
    random = Random(_SEED)
    own = [one for one in visits if one.clinic_id == clinic_id]
    recalls = [*_open(random, own, moment, today), *_booked(random, own, moment, today)]
    attempts = [tried for one in recalls for tried in _attempts(random, one, moment, today)]
    return DemoFrontDesk(recalls, attempts, list(_calls(random, own, rooms, moment)))


def _open(random: Random, visits: Sequence[DemoVisit], moment: dt.datetime, today: dt.date) -> Iterable[DemoRecall]:
    """Of those who came half a year ago and not since, some for each month; a few of them do not want to."""
    last: dict[UUID, DemoVisit] = {}
    for visit in visits:
        if visit.status not in (Status.CANCELLED, Status.NO_SHOW):
            known = last.get(visit.patient_id)
            if known is None or known.starts_at < visit.starts_at:
                last[visit.patient_id] = visit
    refused = _REFUSED
    for ahead, wanted in _DUE.items():
        month = months_later(today, ahead)
        came = [
            one
            for one in last.values()
            if one.status == Status.COMPLETED and months_later(one.starts_at.date(), _MONTHS) == month
        ]
        for visit in sorted(random.sample(came, min(wanted, len(came))), key=lambda one: one.starts_at):
            state = RecallState.REFUSED if refused and ahead < 0 and random.random() < 0.5 else RecallState.OPEN
            refused -= state is RecallState.REFUSED
            yield _recall(random, visit, month, state, None)


def _booked(random: Random, visits: Sequence[DemoVisit], moment: dt.datetime, today: dt.date) -> Iterable[DemoRecall]:
    standing = (Status.PENDING, Status.CONFIRMED)
    ahead = [one for one in visits if one.starts_at > moment + dt.timedelta(days=1) and one.status in standing]
    for visit in random.sample(ahead, min(_BOOKED, len(ahead))):
        yield _recall(random, visit, today.replace(day=1), RecallState.BOOKED, visit.id)


def _recall(
    random: Random, visit: DemoVisit, month: dt.date, state: RecallState, appointment_id: UUID | None
) -> DemoRecall:
    asked_at = visit.booked_at if appointment_id else (visit.closed_at or visit.ends_at)
    return DemoRecall(
        new_key(random, asked_at),
        visit.clinic_id,
        visit.patient_id,
        visit.service_id if random.random() < 0.7 else None,
        visit.professional_id,
        month,
        random.choice(_REASONS),
        state,
        appointment_id,
        asked_at,
    )


def _attempts(random: Random, recall: DemoRecall, moment: dt.datetime, today: dt.date) -> Iterable[DemoAttempt]:
    late = recall.due_month < today.replace(day=1)
    count = random.choice((1, 2, 3)) if late else random.choice((0, 0, 0, 1))
    moments = sorted(
        moment - dt.timedelta(days=random.randrange(1, 40), minutes=random.randrange(240)) for _try in range(count)
    )
    outcomes = [random.choice(_TRIES) for _ in moments]
    if recall.state == RecallState.REFUSED and outcomes:
        outcomes[-1] = Outcome.REFUSED
    if recall.state == RecallState.BOOKED:
        moments, outcomes = [*moments, recall.created_at], [*outcomes, Outcome.BOOKED]
    for at, outcome in zip(moments, outcomes, strict=True):
        yield DemoAttempt(new_key(random, at), recall.clinic_id, recall.id, outcome, at)


def _calls(
    random: Random, visits: Sequence[DemoVisit], rooms: Mapping[UUID, str], moment: dt.datetime
) -> Iterable[DemoCall]:
    """Whoever went in this morning was called a little before."""
    dawn = moment - dt.timedelta(hours=4)
    for visit in visits:
        if visit.started_at is not None and dawn < visit.started_at <= moment:
            at = visit.started_at - _CALLED_BEFORE
            place = rooms.get(visit.room_id, "") if visit.room_id else ""
            yield DemoCall(new_key(random, at), visit.clinic_id, visit.id, place, at)
