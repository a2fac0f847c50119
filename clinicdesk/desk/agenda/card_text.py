"""Which words of a visit fit on its card, and what is given up first: room, time, flags, waiting minutes, names.

No word is ever cut: names shorten by the register's rule, services lose whole words, and what still does not fit goes.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from clinicdesk.desk.agenda.spoken import clock, minutes_waiting, time_range
from clinicdesk.desk.dates import minutes_text
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.patients import initials, shorter_names

Measure = Callable[[str, str], float]  # type role, text -> width in pixels

WAITING_LONG = 20
ICON = 14
ICON_GAP = 5
FLAG_GAP = 4
CHIP_PADDING = 6
MOST_FLAGS = 2
WORD_GAP = "  "
_LOOSE_ENDS = frozenset({"de", "da", "do", "das", "dos", "e", "com", "para", "em", "·", "-", "–", "+", "a", "y", "of"})


@dataclass(frozen=True, slots=True)
class CardText:
    """The words and flags of one card, ready to be drawn. `bold` and `time` stand before `second`."""

    name: str
    flags: tuple[str, ...] = ()
    chip: str = ""  # minutes waited, at the right of the name
    beside: str = ""  # the service beside the name of a one-line card
    bold: str = ""
    time: str = ""  # stands before `second`, in figures of one width
    second: str = ""
    third: str = ""
    waits_long: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """What a card offers: pixels for text, and how many lines (1 to 3)."""

    width: float
    lines: int


def card_text(appointment: Appointment, room: Room, measure: Measure, zone: dt.tzinfo, now: dt.datetime) -> CardText:
    """Choose the words of a card. `measure` gives the width of a text in a type role."""
    waited = minutes_waiting(appointment, now) if appointment.status is Status.CHECKED_IN else None
    waiting = "" if waited is None else minutes_text(waited)
    name, flags, chip = _first_line(appointment, room.width, waiting, measure)
    long = waited is not None and waited >= WAITING_LONG
    if room.lines == 1:
        beside = _beside(appointment.service_name, room.width, name, flags, chip, measure)
        return CardText(name, flags, chip, beside=beside, waits_long=long)
    bold = "" if chip else waiting
    if room.lines == 2:
        time, second = _time_and_service(appointment, bold, room.width, measure, zone)
        return CardText(name, flags, chip, bold=bold, time=time, second=second, waits_long=long)
    second = _second(appointment.service_name, bold, room.width, measure)
    third = _fitting(_time_and_room(appointment, zone), room.width, "time", measure)
    return CardText(name, flags, chip, bold=bold, second=second, third=third, waits_long=long)


def flags_of(appointment: Appointment) -> tuple[str, ...]:
    """The icons at the right of a card, the gravest first: given up from the end."""
    found = (
        ("shield-alert", bool(appointment.alert)),
        ("zap", appointment.overbooked),
        ("sparkles", appointment.first_visit),
        ("repeat", appointment.series_id is not None),
        ("link", appointment.visit_id is not None),
    )
    return tuple(icon for icon, shown in found if shown)


def service_forms(name: str) -> Iterator[str]:
    """A service's name and what is left of it when words go from its end."""
    words = name.split()
    while words:
        yield " ".join(words)
        words.pop()
        while words and words[-1].lower() in _LOOSE_ENDS:
            words.pop()


def _first_line(
    appointment: Appointment, width: float, waiting: str, measure: Measure
) -> tuple[str, tuple[str, ...], str]:
    flags = flags_of(appointment)
    names = _name_forms(appointment.patient_name)
    attempts = [(names[0], flags, waiting)] if len(flags) > MOST_FLAGS else []
    flags = flags[:MOST_FLAGS]
    attempts.append((names[0], flags, waiting))
    attempts += [(name, flags, "") for name in names]
    attempts += [(name, flags[:1], "") for name in names]
    attempts += [(initials(appointment.patient_name), flags[:1], ""), ("", flags[:1], "")]
    for name, shown, chip in attempts:
        if _first_width(name, shown, chip, measure) <= width:
            return name, shown, chip
    return "", (), ""


def _name_forms(name: str) -> tuple[str, ...]:
    """The register's shorter forms; last the surname alone with an initial, for first names longer than a card."""
    words = name.split()
    return (*shorter_names(name), f"{words[0][0]}. {words[-1]}") if len(words) > 1 else shorter_names(name)


def _first_width(name: str, flags: tuple[str, ...], chip: str, measure: Measure) -> float:
    width = ICON + ICON_GAP + measure("card_name", name)
    if flags:
        width += len(flags) * (ICON + FLAG_GAP)
    if chip:
        width += measure("detail_strong", chip) + 2 * CHIP_PADDING + FLAG_GAP
    return width


def _beside(service: str, width: float, name: str, flags: tuple[str, ...], chip: str, measure: Measure) -> str:
    left = width - _first_width(name, flags, chip, measure) - 2 * FLAG_GAP
    return service if name and measure("detail", service) <= left else ""


def _time_and_service(
    appointment: Appointment, bold: str, width: float, measure: Measure, zone: dt.tzinfo
) -> tuple[str, str]:
    if bold:
        return "", _second(appointment.service_name, bold, width, measure)
    start = clock(appointment.starts_at, zone)
    taken = measure("time", start + WORD_GAP)
    if taken + measure("detail", appointment.service_name) <= width:
        return start, appointment.service_name
    service = _second(appointment.service_name, "", width, measure)
    return ("", service) if service or measure("time", start) > width else (start, "")


def _second(service: str, bold: str, width: float, measure: Measure) -> str:
    taken = measure("detail_strong", bold + WORD_GAP) if bold else 0.0
    return _fitting(service_forms(service), width - taken, "detail", measure)


def _time_and_room(appointment: Appointment, zone: dt.tzinfo) -> Iterator[str]:
    whole = time_range(appointment.starts_at, appointment.ends_at, zone)
    if appointment.room_name:
        yield f"{whole} · {appointment.room_name}"
    yield whole
    yield clock(appointment.starts_at, zone)


def _fitting(candidates: Iterable[str], width: float, role: str, measure: Measure) -> str:
    return next((text for text in candidates if measure(role, text) <= width), "")
