"""Checking in by a code: how a code reads, whatever keyboard typed it, and what a visit answers to it.

A code is `CD` and twelve letters and digits without those that are mistaken for each other. A scanner types it as a
keyboard of the United States would, and the computer reads that with its own layout, so one code has several readings.
"""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.errors import InvalidField

LENGTH = 14
_BEGINNING = "CD"
_ALPHABET = frozenset("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
_CODE = re.compile(r"CD[A-HJ-NP-Z2-9]{12}")
# What a key of the United States layout gives on a French or Belgian computer, with the capital lock or without, and on
# a German one.
_FRENCH = str.maketrans(
    {"Q": "A", "A": "Q", "W": "Z", "Z": "W", ",": "M", "?": "M", "M": ";"}
    | {"É": "2", '"': "3", "'": "4", "(": "5", "-": "6", "§": "6", "È": "7", "_": "8", "!": "8", "Ç": "9"}
)
_GERMAN = str.maketrans("YZ", "ZY")
_LETTERS = _ALPHABET | frozenset(chr(key) for key in _FRENCH)


class Answer(StrEnum):
    """What a visit answers to its code."""

    ARRIVED = "arrived"
    HERE = "here"  # was checked in before
    INSIDE = "inside"  # with the professional already
    OVER = "over"
    CANCELLED = "cancelled"
    OTHER_DAY = "other_day"


_ANSWERS = {
    Status.CANCELLED: Answer.CANCELLED,
    Status.COMPLETED: Answer.OVER,
    Status.CHECKED_IN: Answer.HERE,
    Status.IN_PROGRESS: Answer.INSIDE,
}


@dataclass(frozen=True, slots=True)
class Arrive:
    """Register the arrival of whoever holds this code; `today` is the clinic's day at the desk."""

    operation_id: UUID
    code: str
    today: dt.date


@dataclass(frozen=True, slots=True)
class Arrival:
    """A visit and what it answered; `before` is what it was when the arrival was registered by this very code."""

    answer: Answer
    appointment: Appointment
    before: Appointment | None = None


def readings(text: str) -> tuple[str, ...]:
    """The codes that `text` may be, the likeliest first; none when it is no code on any keyboard."""
    capitals = "".join(text.upper().split())
    plain = re.sub(r"[-–.]", "", capitals)
    found = (plain, capitals.translate(_FRENCH), plain.translate(_GERMAN))
    return tuple(dict.fromkeys(one for one in found if _CODE.fullmatch(one)))


def require_readings(text: str) -> tuple[str, ...]:
    """The same, for a code that somebody typed. Raises InvalidField when it is none."""
    found = readings(text)
    if not found:
        raise InvalidField("code", "not_a_code")
    return found


def continues(place: int, letter: str) -> bool:
    """Whether `letter` may be the one at `place` of a code, on any keyboard; the first two are the same on all."""
    capital = letter.upper()
    return capital == _BEGINNING[place] if place < len(_BEGINNING) else capital in _LETTERS


def shown(code: str) -> str:
    """A code in groups, as it is printed and read aloud: `CD 7KQ2 M9XA HTRW`."""
    groups = [code[place : place + 4] for place in range(2, len(code), 4)]
    return " ".join([code[:2], *groups])


def answer(appointment: Appointment, today: dt.date, zone: dt.tzinfo) -> Answer:
    """What a visit says to its code being shown on `today`; who had been given up as missing may still arrive."""
    status = appointment.status
    if status in (Status.CANCELLED, Status.COMPLETED):
        return _ANSWERS[status]
    if appointment.starts_at.astimezone(zone).date() != today:
        return Answer.OTHER_DAY
    return _ANSWERS.get(status, Answer.ARRIVED)
