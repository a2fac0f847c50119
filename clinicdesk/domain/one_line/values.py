"""What a line says: its pieces with their places in the text, and the booking they add up to."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

_MARKS = ("com ", "c/", "dr", "with ", "con ")  # before a professional's name


class Kind(StrEnum):
    """What a piece of the line is."""

    PERSON = "person"
    PHONE = "phone"
    SERVICE = "service"
    DAY = "day"
    TIME = "time"
    HOURS = "hours"  # a part of the day: in the afternoon, after three
    LENGTH = "length"
    PROFESSIONAL = "professional"
    ROOM = "room"
    EQUIPMENT = "equipment"
    OVERBOOKING = "overbooking"
    FOLLOW_UP = "follow_up"
    MOVE = "move"  # a visit that stands goes elsewhere: “remarcar”
    NOTE = "note"
    FILLER = "filler"  # says nothing: “com”, “às”, “marcar”
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of local days, both ends in it. `or_else` is the other stretch the words may mean."""

    first: dt.date
    last: dt.date
    or_else: "Days | None" = None

    @property
    def is_one(self) -> bool:
        """Whether it is a single day."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Hours:
    """When within a day: an exact `start` (with the `minutes` up to its end, if told), or a stretch to start in."""

    start: dt.time | None = None
    minutes: int = 0
    earliest: dt.time = dt.time(0)
    latest: dt.time = dt.time(23, 59)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something of the clinic's that words may mean, and how well they fit."""

    id: UUID
    fit: float


Value = str | int | Days | Hours | tuple[Choice, ...] | None


@dataclass(frozen=True, slots=True)
class Token:
    """One piece: `text[start:end]` of the line, what it is, and what it says."""

    kind: Kind
    start: int
    end: int
    text: str
    value: Value = None


@dataclass(frozen=True)
class Reading:
    """A booking as one line tells it. What was not said is empty; several ids are several that fit equally well.

    Two readings are equal when they mean the same booking, wherever the words stood.
    """

    patient: str = ""  # the words of the name as they were typed
    phone: str = ""
    service_ids: tuple[UUID, ...] = ()
    professional_ids: tuple[UUID, ...] = ()
    room_ids: tuple[UUID, ...] = ()
    equipment_ids: tuple[UUID, ...] = ()
    days: Days | None = None
    hours: Hours = Hours()
    minutes: int = 0  # zero: the service's own
    overbooking: bool = False
    follow_up: bool = False
    moving: bool = False
    note: str = ""
    tokens: tuple[Token, ...] = field(default=(), compare=False)
    score: float = field(default=0.0, compare=False)

    @property
    def is_booking(self) -> bool:
        """Whether more than a name was said: something to do, with whom, or when."""
        said = {one.kind for one in self.tokens}
        professional = self.token(Kind.PROFESSIONAL)
        marked = professional is not None and professional.text.lower().startswith(_MARKS)
        what = said & {Kind.SERVICE, Kind.DAY, Kind.TIME, Kind.HOURS, Kind.OVERBOOKING, Kind.MOVE}
        return bool(self.patient or self.phone) and (bool(what) or marked)

    @property
    def missing(self) -> tuple[Kind, ...]:
        """What a booking cannot do without and was not said, in the order it is asked for."""
        lacks = {
            Kind.PERSON: not (self.patient or self.phone),
            Kind.SERVICE: not self.service_ids,
            Kind.DAY: self.days is None,
            Kind.TIME: self.hours.start is None,
        }
        return tuple(kind for kind, lacking in lacks.items() if lacking)

    @property
    def open_choices(self) -> tuple[Kind, ...]:
        """What may mean several things equally well."""
        several = {
            Kind.SERVICE: self.service_ids,
            Kind.PROFESSIONAL: self.professional_ids,
            Kind.ROOM: self.room_ids,
            Kind.EQUIPMENT: self.equipment_ids,
        }
        return tuple(kind for kind, ids in several.items() if len(ids) > 1)

    @property
    def unknown(self) -> tuple[Token, ...]:
        """Pieces that name something the clinic does not have: “sala 99”."""
        return tuple(one for one in self.tokens if one.value == ())

    def token(self, kind: Kind) -> Token | None:
        """The piece of a kind, if there is one."""
        return next((one for one in self.tokens if one.kind is kind), None)
