"""A reading back as a line that is read the same way."""

import datetime as dt
from uuid import UUID

from clinicdesk.domain.one_line.values import Days, Hours, Kind, Reading
from clinicdesk.domain.one_line.vocabulary import Vocabulary


def render(reading: Reading, vocabulary: Vocabulary) -> str:
    """The line that says a reading in a fixed order, the patient's name in quotation marks so that it stays a name."""
    parts = [
        "remarcar" if reading.moving else "",
        f'"{reading.patient}"' if reading.patient else "",
        _phone(reading.phone),
        _named(reading, Kind.SERVICE, reading.service_ids, vocabulary),
        _days(reading.days),
        *_hours(reading.hours),
        f"{reading.minutes}min" if reading.minutes else "",
        _named(reading, Kind.PROFESSIONAL, reading.professional_ids, vocabulary, "com "),
        _named(reading, Kind.ROOM, reading.room_ids, vocabulary, "sala "),
        _named(reading, Kind.EQUIPMENT, reading.equipment_ids, vocabulary, "aparelho "),
        "encaixe" if reading.overbooking else "",
        "retorno" if reading.follow_up else "",
        f"// {reading.note}" if reading.note else "",
    ]
    return " ".join(part for part in parts if part)


def _named(reading: Reading, kind: Kind, ids: tuple[UUID, ...], vocabulary: Vocabulary, mark: str = "") -> str:
    """The full name of what was meant, the words as they were typed while several may be; nothing for what is not."""
    if len(ids) == 1:
        name = vocabulary.name(ids[0])
        return name if name.lower().startswith(mark) and mark != "com " else f"{mark}{name}"
    token = reading.token(kind)
    return token.text if token and ids else ""


def _phone(digits: str) -> str:
    return f"tel {digits}" if digits else ""


def _days(days: Days | None) -> str:
    if days is None:
        return ""
    return _date(days.first) if days.is_one else f"{_date(days.first)} a {_date(days.last)}"


def _date(day: dt.date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def _hours(hours: Hours) -> tuple[str, ...]:
    if hours.start:
        return (f"{hours.start:%Hh%M} {'da manha' if hours.start.hour < 12 else ''}".strip(),)
    if hours.earliest == dt.time(0) and hours.latest == dt.time(23, 59):
        return ()
    return (f"entre {hours.earliest:%H:%M} e {hours.latest:%H:%M}",)


def fixed(line: str, reading: Reading, kind: Kind, words: str) -> str:
    """The line with one piece said by other words: in its place, or before the note when it was not said."""
    token = reading.token(kind)
    if token is not None:
        return f"{line[: token.start]}{words}{line[token.end :]}"
    note = reading.token(Kind.NOTE)
    at = note.start if note else len(line)
    return " ".join(part for part in (line[:at].strip(), words, line[at:].strip()) if part)
