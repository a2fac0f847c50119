"""A patient in numbers: what the visits to a clinic add up to, and how regularly somebody comes.

The database keeps the sums by trigger; `metrics_of` is the same counted again. What depends on today, the frequency
score, is never kept. docs/metrics.md gives every definition with its reason.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from typing import TypeVar
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, Status

_Trait = TypeVar("_Trait", bound=Hashable)

PREFERRED = 3  # so many services, weekdays and hours are told
OFTEN, SELDOM = 30, 365  # days between visits: who comes monthly comes often, who comes yearly comes seldom


@dataclass(frozen=True, slots=True)
class PatientMetrics:
    """One patient's visits in one clinic. Weekdays are ISO's, 1 to 7; days and hours those of the clinic's wall."""

    booked: int = 0
    completed: int = 0
    cancelled: int = 0
    cancelled_late: int = 0
    no_show: int = 0
    rescheduled: int = 0
    first_visit_at: dt.datetime | None = None
    last_visit_at: dt.datetime | None = None
    average_days: Decimal | None = None  # between the days of visits that took place; None for fewer than two
    preferred_services: tuple[UUID, ...] = ()
    preferred_weekdays: tuple[int, ...] = ()
    preferred_hours: tuple[int, ...] = ()


def metrics_of(visits: Iterable[Appointment], zone: dt.tzinfo) -> PatientMetrics:
    """Count the visits of one patient in one clinic, whose wall clock is `zone`."""
    all_of_them = list(visits)
    came = sorted((one for one in all_of_them if one.status is Status.COMPLETED), key=lambda one: one.starts_at)
    local = [(one, one.starts_at.astimezone(zone)) for one in came]
    statuses = Counter(one.status for one in all_of_them)
    return PatientMetrics(
        booked=len(all_of_them),
        completed=len(came),
        cancelled=statuses[Status.CANCELLED],
        cancelled_late=sum(one.cancelled_late for one in all_of_them),
        no_show=statuses[Status.NO_SHOW],
        rescheduled=sum(one.reschedule_count for one in all_of_them),
        first_visit_at=came[0].starts_at if came else None,
        last_visit_at=came[-1].starts_at if came else None,
        average_days=average_pause({at.date() for _one, at in local}),
        preferred_services=_preferred(came, lambda one: one.service_id),
        preferred_weekdays=_preferred(came, lambda one: one.starts_at.astimezone(zone).isoweekday()),
        preferred_hours=_preferred(came, lambda one: one.starts_at.astimezone(zone).hour),
    )


def average_pause(days: set[dt.date]) -> Decimal | None:
    """The days between visits on average, to a tenth; several visits on one day are one coming."""
    if len(days) < 2:
        return None
    pause = Decimal((max(days) - min(days)).days) / (len(days) - 1)
    return pause.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _preferred(came: Sequence[Appointment], trait: Callable[[Appointment], _Trait]) -> tuple[_Trait, ...]:
    """The three met most often; equals by which was met last, and at one instant by their own order."""
    times = Counter(map(trait, came))
    last = {trait(one): one.starts_at for one in came}
    ordered = sorted(times, key=str)
    ordered.sort(key=lambda one: (times[one], last[one]), reverse=True)
    return tuple(ordered[:PREFERRED])


def frequency_score(metrics: PatientMetrics, today: dt.date, zone: dt.tzinfo) -> int:
    """How regularly a patient comes, 0 to 100: habit, weakened by absence and by visits that were let down.

    Habit is the mean of how often (1 for monthly or oftener, falling with the root of the pause) and of how many visits
    there were (n of n + 1). It halves with every pause of their own that goes by after the first without a visit, and
    counts in the share of visits that were kept. Who never came has 0.
    """
    if metrics.last_visit_at is None:
        return 0
    rhythm = min(max(float(metrics.average_days or SELDOM), OFTEN), SELDOM)
    away = max(0, (today - metrics.last_visit_at.astimezone(zone).date()).days)
    often = sqrt(OFTEN / rhythm)
    many = metrics.completed / (metrics.completed + 1)
    kept = (metrics.completed + 1) / (metrics.completed + 1 + metrics.no_show + metrics.cancelled_late)
    present = min(1.0, 2 ** (1 - away / rhythm))
    return round(100 * (often + many) / 2 * kept * present)
