"""How a person looks at the agenda: view, columns, grid and filters; and the eight of these kept under Alt+1–8."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.free_text import clean_text
from clinicdesk.errors import InvalidField

MOST_VIEWS = 8
LONGEST_NAME = 40
GRIDS = (5, 10, 15, 30)  # minutes; zero is the usual one
LOWEST_HOUR, TALLEST_HOUR = 48, 176  # pixels

_Kind = TypeVar("_Kind", bound=StrEnum)


class Mode(StrEnum):
    """What stretch of time is on show, and in which shape."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    LIST = "list"


class ColumnsBy(StrEnum):
    """What the columns of a day stand for."""

    PROFESSIONAL = "professional"
    ROOM = "room"
    EQUIPMENT = "equipment"


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which visits are drawn. Empty sets let everything through; what is cancelled is asked for by itself."""

    categories: frozenset[UUID | None] = frozenset()  # None: a service without a category
    statuses: frozenset[Status] = frozenset()
    cancelled: bool = False

    def lets_through(self, appointment: Appointment) -> bool:
        """Whether this visit is drawn."""
        if appointment.status is Status.CANCELLED:
            if not self.cancelled:
                return False
        elif self.statuses and appointment.status not in self.statuses:
            return False
        return not self.categories or appointment.category_id in self.categories

    @property
    def hides_standing(self) -> bool:
        """Whether visits that take time may be missing from what is drawn."""
        return bool(self.categories or self.statuses)


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """Everything that makes a view of the agenda, but the day."""

    mode: Mode = Mode.DAY
    columns_by: ColumnsBy = ColumnsBy.PROFESSIONAL
    professionals: tuple[UUID, ...] = ()  # empty: everybody
    whose: UUID | None = None  # the professional of a week
    grid_minutes: int = 0
    pixels_per_hour: int = 0  # zero: as the density has it
    sieve: Sieve = field(default_factory=Sieve)

    def as_json(self) -> dict[str, Any]:
        """These settings as they are kept."""
        return {
            "mode": self.mode.value,
            "columns_by": self.columns_by.value,
            "professionals": [str(one) for one in self.professionals],
            "whose": str(self.whose) if self.whose else None,
            "grid_minutes": self.grid_minutes,
            "pixels_per_hour": self.pixels_per_hour,
            "categories": sorted(str(one) if one else "" for one in self.sieve.categories),
            "statuses": sorted(one.value for one in self.sieve.statuses),
            "cancelled": self.sieve.cancelled,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "ViewSettings":
        """Settings as another release may have kept them: what makes no sense here gives the usual."""
        plain = cls()
        whose = _ids([kept.get("whose")])
        grid, pixels = kept.get("grid_minutes"), kept.get("pixels_per_hour")
        return cls(
            mode=_one_of(Mode, kept.get("mode"), plain.mode),
            columns_by=_one_of(ColumnsBy, kept.get("columns_by"), plain.columns_by),
            professionals=tuple(_ids(kept.get("professionals"))),
            whose=whose[0] if whose else None,
            grid_minutes=grid if isinstance(grid, int) and grid in GRIDS else 0,
            pixels_per_hour=pixels if isinstance(pixels, int) and LOWEST_HOUR <= pixels <= TALLEST_HOUR else 0,
            sieve=Sieve(
                _categories(kept.get("categories")), _statuses(kept.get("statuses")), kept.get("cancelled") is True
            ),
        )


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view under one of a person's eight keys."""

    id: UUID
    position: int  # 1–8: the figure beside Alt
    name: str
    settings: ViewSettings


def clean_view_name(text: str) -> str:
    """The name of a saved view: a few words on one line. Raises InvalidField."""
    name = " ".join(clean_text(text, "name").split())
    if not name:
        raise InvalidField("name", "missing")
    if len(name) > LONGEST_NAME:
        raise InvalidField("name", "too_long", str(LONGEST_NAME))
    return name


def free_position(taken: tuple[SavedView, ...]) -> int | None:
    """The lowest key that keeps no view yet; None when all eight do."""
    used = {one.position for one in taken}
    return next((number for number in range(1, MOST_VIEWS + 1) if number not in used), None)


def _one_of(kind: type[_Kind], kept: object, usual: _Kind) -> _Kind:
    return kind(kept) if isinstance(kept, str) and kept in set(kind) else usual


def _ids(kept: object) -> list[UUID]:
    found: list[UUID] = []
    for one in kept if isinstance(kept, list) else ():
        try:
            found.append(UUID(one))
        except (ValueError, TypeError, AttributeError):
            continue
    return found


def _categories(kept: object) -> frozenset[UUID | None]:
    without = frozenset[UUID | None]([None]) if isinstance(kept, list) and "" in kept else frozenset[UUID | None]()
    return without | frozenset(_ids(kept))


def _statuses(kept: object) -> frozenset[Status]:
    words = [one for one in kept if isinstance(one, str)] if isinstance(kept, list) else []
    return frozenset(Status(one) for one in words if one in set(Status))
