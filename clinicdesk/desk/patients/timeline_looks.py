"""How each kind of thing on a timeline looks: a room joins with a line in `_LOOKS`."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clinicdesk import formats
from clinicdesk.desk.widgets.status import STATUS_LOOKS, StatusLook
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.alerts import WrittenAlert
from clinicdesk.domain.merging import Merge
from clinicdesk.domain.patients import Severity
from clinicdesk.domain.recall import Attempt, Outcome
from clinicdesk.domain.timeline import Moment, Registered
from clinicdesk.domain.waiting import WaitingEntry, WaitingState
from clinicdesk.terms import channel_phrase
from clinicdesk.words import _, ngettext

ALERT_TONES = {Severity.SEVERE: "danger", Severity.WARNING: "warn", Severity.INFO: "info"}
ALERT_ICONS = {Severity.SEVERE: "shield-alert", Severity.WARNING: "triangle-alert", Severity.INFO: "circle-alert"}


@dataclass(frozen=True)
class Look:
    """One moment in words: `title`, what stands under it, and the chip at its right when there is a `word`."""

    icon: str
    tone: str
    title: str
    second: tuple[str, ...]
    word: str = ""


def look_of(moment: Moment, zone: dt.tzinfo) -> Look:
    """How a moment looks; what no room here knows is told by its time alone."""
    makes = _LOOKS.get(type(moment.subject))
    at = formats.clock(moment.at, zone)
    return makes(moment.subject, at) if makes else Look("circle-dashed", "muted", at, ())


def status_look(appointment: Appointment) -> StatusLook:
    """How the state of a visit looks."""
    return STATUS_LOOKS[appointment.status.value]


def _visit(one: Appointment, at: str) -> Look:
    look = status_look(one)
    minutes = one.slot.minutes
    parts = (
        at,
        one.professional_name,
        one.room_name,
        one.cancel_reason or ngettext("{count} min", "{count} min", minutes).format(count=minutes),
        _("cancelled late") if one.cancelled_late else "",
    )
    return Look(look.icon, look.tone, _visit_title(one), tuple(part for part in parts if part), _(look.word))


def _visit_title(one: Appointment) -> str:
    """What it was; a visit that did not take place says so first."""
    service = one.service_name
    lowered = service[:1].lower() + service[1:]
    if one.status is Status.NO_SHOW:
        return _("Did not come: {service}").format(service=lowered)
    if one.status is Status.CANCELLED:
        return _("Cancelled: {service}").format(service=lowered)
    return service


def _alert(one: WrittenAlert, at: str) -> Look:
    word = _("Alert") if one.stands else _("Withdrawn")
    tone = ALERT_TONES[one.alert.severity] if one.stands else "muted"
    return Look(ALERT_ICONS[one.alert.severity], tone, one.alert.text, _by(at, one.by), word)


def _merge(one: Merge, at: str) -> Look:
    title = _("Records joined: {name}").format(name=one.merged_name)
    visits = ngettext("{count} visit came along", "{count} visits came along", one.visits).format(count=one.visits)
    second = (*_by(at, one.person_name), *((visits,) if one.visits else ()))
    return Look("users", "muted", title, second, _("Parted again") if one.undone_at else "")


def _waiting(one: WaitingEntry, at: str) -> Look:
    words = {
        WaitingState.OPEN: "",
        WaitingState.BOOKED: _("Booked from the list"),
        WaitingState.GIVEN_UP: _("Off the list"),
    }
    title = _("On the waiting list: {service}").format(service=one.service_name)
    second = (at, one.professional_name) if one.professional_name else (at,)
    return Look("hourglass", "muted", title, second, words[one.state])


def _attempt(one: Attempt, at: str) -> Look:
    outcome = {
        Outcome.NO_ANSWER: _("No answer"),
        Outcome.LEFT_MESSAGE: _("Left a message"),
        Outcome.CALL_BACK: _("Will call back"),
        Outcome.REFUSED: _("Does not want to come"),
        Outcome.BOOKED: _("Booked"),
    }[one.outcome]
    second = (*_by(at, one.person_name), channel_phrase(one.channel), *((one.note,) if one.note else ()))
    return Look("phone", "muted", _("Asked to come again"), second, outcome)


def _registered(one: Registered, at: str) -> Look:
    second = (*_by(at, one.by), *((one.source,) if one.source else ()))
    return Look("user-plus", "muted", _("Put on the register"), second)


def _by(at: str, name: str) -> tuple[str, ...]:
    return (at, name) if name else (at,)


_LOOKS: dict[type, Callable[[Any, str], Look]] = {
    Appointment: _visit,
    WrittenAlert: _alert,
    Merge: _merge,
    WaitingEntry: _waiting,
    Attempt: _attempt,
    Registered: _registered,
}
