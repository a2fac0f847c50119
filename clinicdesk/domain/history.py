"""What became of visits: their kept versions compared, and a stretch of days as it stood at any instant.

Versions are facts of the past and never change; names of people, rooms and services are those in use today.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, CancelledBy, Channel, Slot, Status

TAKEN_BACK_WITHIN = dt.timedelta(minutes=10)  # later than that, going back is a decision of its own


class VisitVersion(NamedTuple):
    """One kept version of a visit, with who wrote it, when by the server's clock, and at which desk."""

    appointment_id: UUID
    version: int
    at: dt.datetime
    person_name: str  # empty: nobody signed in, a program wrote it
    desk: str
    status: str
    status_at: dt.datetime
    status_channel: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    patient_id: UUID
    guardian_id: UUID | None
    professional_id: UUID
    room_id: UUID | None
    equipment_id: UUID | None
    service_id: UUID
    buffer_before: int
    buffer_after: int
    price: Decimal
    note: str
    overbooking_reason: str
    reschedule_count: int
    cancelled_by: str | None
    cancel_reason: str
    cancelled_late: bool
    visit_id: UUID | None
    series_id: UUID | None
    series_day: dt.date | None


class Named(NamedTuple):
    """What a version names by id, as cards show it; the last three are a service's."""

    name: str
    icon: str = ""
    category_id: UUID | None = None
    hue: int = 200


Names = Mapping[UUID | None, Named]
_NOBODY = Named("")


class EventKind(StrEnum):
    """What a line of a history speaks of first."""

    BOOKED = "booked"
    STATUS = "status"
    MOVED = "moved"
    EDITED = "edited"


class Aspect(StrEnum):
    """What of a visit became another."""

    START = "start"
    LENGTH = "length"
    PROFESSIONAL = "professional"
    ROOM = "room"
    EQUIPMENT = "equipment"
    OVERBOOKING = "overbooking"
    SERVICE = "service"
    NOTE = "note"
    PATIENT = "patient"
    GUARDIAN = "guardian"


_PLACE = frozenset({Aspect.START, Aspect.LENGTH, Aspect.PROFESSIONAL, Aspect.ROOM, Aspect.EQUIPMENT})


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect before and after, by name or text, empty for none; times stand in the event's slots."""

    aspect: Aspect
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One thing that happened to a visit. `before` and `after` are its times; before is None when it was booked.

    `taken_back_at` is when the same person undid it at once: the undoing is then no event of its own.
    """

    at: dt.datetime
    kind: EventKind
    person_name: str
    channel: Channel
    status: Status
    before: Slot | None = None
    after: Slot | None = None
    reason: str = ""
    appointment_id: UUID | None = None
    patient_name: str = ""
    desk: str = ""
    differences: tuple[Difference, ...] = ()
    taken_back_at: dt.datetime | None = None
    late: bool = False  # a cancellation with less notice than the policy of that day asked for


# --- one visit -------------------------------------------------------------------------------------------------------


def events(versions: Sequence[VisitVersion], names: Names) -> list[HistoryEvent]:
    """What happened to one visit, oldest first; a step taken back at once is one event with its undoing."""
    told: list[tuple[VisitVersion | None, HistoryEvent]] = []  # what it was before each of them
    before: VisitVersion | None = None
    for version in versions:
        undone = _undone_by(version, told)
        if undone is None:
            told.append((before, _event(version, before, names)))
        else:
            told[undone] = (told[undone][0], replace(told[undone][1], taken_back_at=version.at))
        before = version
    return [event for _before, event in told]


def _undone_by(version: VisitVersion, told: Sequence[tuple[VisitVersion | None, HistoryEvent]]) -> int | None:
    """Which event this version takes back: the last that still stands, if the same person puts all as it was."""
    standing = [place for place, (_before, event) in enumerate(told) if event.taken_back_at is None]
    if not standing:
        return None
    before, event = told[standing[-1]]
    same = before is not None and _substance(before) == _substance(version)
    soon = version.at - event.at <= TAKEN_BACK_WITHIN
    return standing[-1] if same and soon and event.person_name == version.person_name else None


def _substance(version: VisitVersion) -> tuple[object, ...]:
    """What a person means by “as it was”: without stamps, counts and what a service brings along."""
    v = version
    place = (v.starts_at, v.ends_at, v.professional_id, v.room_id, v.equipment_id, v.overbooking_reason)
    what = (v.status, v.service_id, v.note, v.patient_id, v.guardian_id, v.cancelled_by, v.cancel_reason)
    return place + what


def _event(version: VisitVersion, before: VisitVersion | None, names: Names) -> HistoryEvent:
    found = () if before is None else differences(before, version, names)
    stepped = before is None or before.status != version.status
    return HistoryEvent(
        at=version.at,
        kind=_kind(version, before, found),
        person_name=version.person_name,
        # The road is kept for the status alone; anything else a person did at a desk.
        channel=Channel(version.status_channel) if stepped or not version.person_name else Channel.DESK,
        status=Status(version.status),
        before=None if before is None else Slot(before.starts_at, before.ends_at),
        after=Slot(version.starts_at, version.ends_at),
        reason=version.cancel_reason if stepped else "",
        appointment_id=version.appointment_id,
        patient_name=names.get(version.patient_id, _NOBODY).name,
        desk=version.desk,
        differences=found,
        late=stepped and version.cancelled_late,
    )


def _kind(version: VisitVersion, before: VisitVersion | None, found: Sequence[Difference]) -> EventKind:
    if before is None:
        return EventKind.BOOKED
    if before.status != version.status:
        return EventKind.STATUS
    return EventKind.MOVED if any(one.aspect in _PLACE for one in found) else EventKind.EDITED


def differences(before: VisitVersion, after: VisitVersion, names: Names) -> tuple[Difference, ...]:
    """Which aspects of a visit are other ones than before, besides its status."""

    def name(key: UUID | None) -> str:
        return names.get(key, _NOBODY).name

    found = []
    if before.starts_at != after.starts_at:
        found.append(Difference(Aspect.START))
    if before.ends_at - before.starts_at != after.ends_at - after.starts_at:
        found.append(Difference(Aspect.LENGTH))
    by_name: tuple[tuple[Aspect, Callable[[VisitVersion], UUID | None]], ...] = (
        (Aspect.PROFESSIONAL, lambda one: one.professional_id),
        (Aspect.ROOM, lambda one: one.room_id),
        (Aspect.EQUIPMENT, lambda one: one.equipment_id),
        (Aspect.SERVICE, lambda one: one.service_id),
        (Aspect.PATIENT, lambda one: one.patient_id),
        (Aspect.GUARDIAN, lambda one: one.guardian_id),
    )
    for aspect, of in by_name:
        if of(before) != of(after):
            found.append(Difference(aspect, name(of(before)), name(of(after))))
    if before.note != after.note:
        found.append(Difference(Aspect.NOTE, before.note, after.note))
    if before.overbooking_reason != after.overbooking_reason:
        found.append(Difference(Aspect.OVERBOOKING, before.overbooking_reason, after.overbooking_reason))
    return tuple(found)


# --- a stretch of days -----------------------------------------------------------------------------------------------


class Life:
    """Everything that ever lay in a stretch of days of some professionals (or all), through all its versions.

    `visits` are the cards as they stand today of everything that has a version here. Nothing is read any more: each
    instant is worked out from what is held, so a slider may ask for one after another.
    """

    def __init__(
        self,
        span: Slot,
        versions: Iterable[VisitVersion],
        visits: Iterable[Appointment],
        names: Names,
        read_at: dt.datetime,
        professional_ids: Iterable[UUID] | None = None,
    ) -> None:
        self.span = span
        self.read_at = read_at  # by the server's clock
        self._people = None if professional_ids is None else frozenset(professional_ids)
        self._visits = {one.id: one for one in visits}
        self._names = names
        ordered = sorted(versions, key=lambda one: (one.appointment_id, one.version))
        self._versions = {key: tuple(lived) for key, lived in groupby(ordered, lambda one: one.appointment_id)}
        self._cards: dict[tuple[UUID, int], Appointment] = {}
        self.events = self._touching()
        self.moments = sorted({one.at for lived in self._versions.values() for one in self._steps_here(lived)})

    def as_it_stood(self, at: dt.datetime) -> tuple[Appointment, ...]:
        """The visits of the stretch at an instant, in order of time: of each the newest version recorded by then.

        A version with the same instant counts as there already. Alerts, phones and whether it was a first visit are
        those known today.
        """
        found = []
        for lived in self._versions.values():
            newest = next((one for one in reversed(lived) if one.at <= at), None)
            if newest is not None and self._here(newest):
                card = self._card(newest)
                if card is not None:
                    found.append(card)
        return tuple(sorted(found, key=lambda one: (one.starts_at, one.id)))

    def changed_at(self, at: dt.datetime) -> frozenset[UUID]:
        """The visits that a change at exactly this instant touched."""
        return frozenset(
            one.appointment_id for lived in self._versions.values() for one in self._steps_here(lived) if one.at == at
        )

    def _here(self, version: VisitVersion) -> bool:
        inside = self.span.starts_at <= version.starts_at < self.span.ends_at
        return inside and (self._people is None or version.professional_id in self._people)

    def _steps_here(self, lived: Sequence[VisitVersion]) -> list[VisitVersion]:
        """The versions by which the stretch looked otherwise than before: also the one that left it."""
        here = [self._here(one) for one in lived]
        return [one for place, one in enumerate(lived) if here[place] or (place and here[place - 1])]

    def _touching(self) -> tuple[HistoryEvent, ...]:
        found = []
        for lived in self._versions.values():
            moments = {one.at for one in self._steps_here(lived)}
            found += [one for one in events(lived, self._names) if {one.at, one.taken_back_at} & moments]
        return tuple(sorted(found, key=lambda one: (one.at, str(one.appointment_id))))

    def _card(self, version: VisitVersion) -> Appointment | None:
        card = self._visits.get(version.appointment_id)
        if card is None or card.version == version.version:
            return card
        key = (version.appointment_id, version.version)
        if key not in self._cards:
            self._cards[key] = as_of(card, version, self._names)
        return self._cards[key]


def as_of(card: Appointment, version: VisitVersion, names: Names) -> Appointment:
    """A visit's card as one of its versions says."""
    v = version
    service = names.get(v.service_id, _NOBODY)
    return replace(
        card,
        version=v.version,
        status=Status(v.status),
        status_at=v.status_at,
        status_channel=Channel(v.status_channel),
        starts_at=v.starts_at,
        ends_at=v.ends_at,
        patient_id=v.patient_id,
        patient_name=names.get(v.patient_id, _NOBODY).name,
        professional_id=v.professional_id,
        professional_name=names.get(v.professional_id, _NOBODY).name,
        service_id=v.service_id,
        service_name=service.name,
        service_icon=service.icon,
        category_id=service.category_id,
        category_hue=service.hue,
        room_id=v.room_id,
        room_name=names.get(v.room_id, _NOBODY).name,
        equipment_id=v.equipment_id,
        equipment_name=names.get(v.equipment_id, _NOBODY).name,
        buffer_before=v.buffer_before,
        buffer_after=v.buffer_after,
        price=v.price,
        note=v.note,
        overbooking_reason=v.overbooking_reason,
        reschedule_count=v.reschedule_count,
        cancelled_by=CancelledBy(v.cancelled_by) if v.cancelled_by else None,
        cancel_reason=v.cancel_reason,
        cancelled_late=v.cancelled_late,
        visit_id=v.visit_id,
        series_id=v.series_id,
        series_day=v.series_day,
        guardian_name=names.get(v.guardian_id, _NOBODY).name,
    )
