"""What a calendar file (iCalendar, RFC 5545) says: its events of a stretch of days, and whom they are for."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from icalendar.cal import Component

from clinicdesk.domain.clinics import Professional, Service
from clinicdesk.domain.hours import instant
from clinicdesk.domain.patients import clean_phone, fold
from clinicdesk.errors import InvalidField

_Raw = Any  # icalendar types a property as everything that some property may be
_LONGEST_NOTE = 500
# Rules that would fill a day by themselves are no visits, and would take for ever to write out.
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
# Words with which people keep time for themselves.
_OWN_TIME = re.compile(
    r"\b(almoco|reuniao|ferias|folga|feriado|bloqueio|bloqueado|bloquear|congresso|curso|pessoal|ocupado|busy|"
    r"indisponivel|intervalo|cirurgia externa|nao agendar|nao atende|lunch|meeting|vacation|out of office)\b"
)
_TITLES = re.compile(r"\b(dra?|sra?|prof|profa)\b\.?")
_PHONE = re.compile(r"(?:\+?55[\s.-]?)?\(?\d{2}\)?[\s.-]?9?\d{4}[\s.-]?\d{4}")
_PARTS = re.compile(r"\s+[-–—]\s+|\s*[|/:;()\[\]]\s*|\s+com\s+|\s*,\s+")


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody invited."""

    name: str
    email: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event, or one occurrence of a repeated one; `uid` is the same each time the file is read."""

    uid: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    description: str = ""
    all_day: bool = False
    own_time: bool = False  # kept by the professional, for nobody's visit
    attendees: tuple[Attendee, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadableEvent:
    """An event of the file that makes no sense: what it called itself and why."""

    uid: str
    summary: str
    reason: str


def read_calendar(
    text: str, first_day: dt.date, last_day: dt.date, zone: ZoneInfo
) -> tuple[list[CalendarEvent], list[UnreadableEvent]]:
    """The events that begin in a stretch of local days (inclusive) in order of time, and those that cannot be read.

    Times of no zone are the clinic's. Cancelled events and all-day ones that keep no time free are left out. Raises
    ValueError when the text is no calendar.
    """
    calendar = icalendar.Calendar.from_ical(text)
    if not isinstance(calendar, Component) or calendar.name != "VCALENDAR":
        raise ValueError("no calendar")
    bad = list(_take_out_unreadable(calendar))
    repeated = {str(each["UID"]) for each in calendar.walk("VEVENT") if "RRULE" in each or "RDATE" in each}
    found = recurring_ical_events.of(calendar, skip_bad_series=True).between(
        instant(first_day, dt.time(0), zone), instant(last_day + dt.timedelta(days=1), dt.time(0), zone)
    )
    events = [_event(each, repeated, zone) for each in found if not _is_left_out(each)]
    inside = [one for one in events if first_day <= one.starts_at.astimezone(zone).date()]
    return sorted(inside, key=lambda one: (one.starts_at, one.uid)), bad


def _take_out_unreadable(calendar: _Raw) -> Iterator[UnreadableEvent]:
    """Remove and name the events that would spoil the rest."""
    for each in list(calendar.subcomponents):
        if each.name != "VEVENT":
            continue
        reason = _why_unreadable(each)
        if reason:
            calendar.subcomponents.remove(each)
            yield UnreadableEvent(str(each.get("UID", "")), str(each.get("SUMMARY", ""))[:200], reason)


def _why_unreadable(event: _Raw) -> str:
    if event.errors or "DTSTART" not in event:
        return "unreadable_time"
    if not str(event.get("UID", "")).strip():
        return "no_uid"
    rule = event.get("RRULE")
    for each in rule if isinstance(rule, list) else [rule] if rule else []:
        if set(each.get("FREQ", [])) & _TOO_OFTEN:
            return "too_often"
    return ""


def _is_left_out(event: _Raw) -> bool:
    free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT" and not isinstance(event.start, dt.datetime)
    return free or str(event.get("STATUS", "")).upper() == "CANCELLED"


def _event(event: _Raw, repeated: set[str], zone: ZoneInfo) -> CalendarEvent:
    uid, summary = str(event["UID"]), " ".join(str(event.get("SUMMARY", "")).split())
    if uid in repeated:
        occurrence = event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else event.start
        uid = f"{uid}#{_utc(occurrence, zone):%Y%m%dT%H%M%SZ}"
    all_day = not isinstance(event.start, dt.datetime)
    return CalendarEvent(
        uid=uid,
        starts_at=_utc(event.start, zone),
        ends_at=_utc(event.end, zone),
        summary=summary,
        description=str(event.get("DESCRIPTION", "")).strip()[:_LONGEST_NOTE],
        all_day=all_day,
        own_time=all_day or not summary or bool(_OWN_TIME.search(fold(summary))),
        attendees=tuple(_attendees(event)),
    )


def _attendees(event: _Raw) -> Iterator[Attendee]:
    written = event.get("ATTENDEE", [])
    for each in written if isinstance(written, list) else [written]:
        email = re.sub(r"^mailto:", "", str(each), flags=re.IGNORECASE).strip().lower()
        name = str(each.params.get("CN", "")).strip()
        accepted = str(each.params.get("PARTSTAT", "")).upper() == "ACCEPTED"
        yield Attendee("" if "@" in name else name, email if "@" in email else "", accepted)


def _utc(moment: dt.date, zone: ZoneInfo) -> dt.datetime:
    if not isinstance(moment, dt.datetime):
        return instant(moment, dt.time(0), zone)
    if moment.utcoffset() is None:
        return instant(moment.date(), moment.time(), zone)
    return moment.astimezone(dt.UTC)


# --- whom and what for -----------------------------------------------------------------------------------------------


def find_professional(name: str, professionals: Sequence[Professional]) -> Professional | None:
    """The one professional a person means by `name`: whole, without the title, or any part that only one has."""
    wanted = _untitled(name)
    exact = [one for one in professionals if _untitled(one.name) == wanted]
    part = [one for one in professionals if wanted and wanted in _untitled(one.name)]
    return exact[0] if len(exact) == 1 else part[0] if len(part) == 1 else None


def _untitled(name: str) -> str:
    return " ".join(_TITLES.sub(" ", fold(name)).split())


def guess_service(summary: str, services: Sequence[Service], professional: Professional) -> Service | None:
    """The professional's service that the summary names by most of its words, else their first one."""
    offered = [one for one in services if not one.professional_ids or professional.id in one.professional_ids]
    said = set(re.findall(r"[a-z0-9]{3,}", fold(summary)))

    def likeness(service: Service) -> float:
        words = set(re.findall(r"[a-z0-9]{3,}", fold(service.name)))
        return len(words & said) + len(words & said) / (len(words) + 1)

    return max(offered, key=likeness, default=None)


def patient_words(event: CalendarEvent, service: Service | None, professional: Professional) -> tuple[str, str]:
    """The patient's name and phone as the event has them, in the summary or among the guests; empty where unknown."""
    phone = _first_phone((event.summary, event.description))
    known = set(re.findall(r"[a-z0-9]{3,}", fold(service.name))) if service else set()
    parts = [part for part in _PARTS.split(_PHONE.sub(" ", event.summary)) if part and re.search(r"[^\W\d_]", part)]
    names = [part.strip(" -–—.,") for part in parts if not set(fold(part).split()) & (known | _VISIT_WORDS)]
    guest = next(
        (one.name for one in event.attendees if one.name and _untitled(one.name) != _untitled(professional.name)), ""
    )
    whole = next((name for name in names if " " in name), "")
    return whole or guest or (names[0] if names else ""), phone


_VISIT_WORDS = frozenset(
    {"consulta", "retorno", "sessao", "avaliacao", "exame", "atendimento", "encaixe", "primeira", "online", "on-line"}
)


def _first_phone(texts: Iterable[str]) -> str:
    for text in texts:
        for written in _PHONE.findall(text):
            try:
                return clean_phone(written)
            except InvalidField:
                continue
    return ""
