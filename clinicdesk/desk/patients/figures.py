"""A patient in numbers, as far as visits tell: how often they came, failed to come, and with what pauses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from clinicdesk.domain.agenda import Appointment, Status


@dataclass(frozen=True)
class VisitFigures:
    """`days_between` is the average pause between days on which the patient came; None below two such days."""

    visits: int
    no_shows: int
    cancelled: int
    days_between: int | None


def visit_figures(appointments: Sequence[Appointment], zone: tzinfo) -> VisitFigures:
    """Count what took place, what did not, and the pauses in days of the clinic's calendar."""
    came = [one for one in appointments if one.status is Status.COMPLETED]
    days = sorted({one.starts_at.astimezone(zone).date() for one in came})
    between = round((days[-1] - days[0]).days / (len(days) - 1)) if len(days) > 1 else None
    return VisitFigures(
        visits=len(came),
        no_shows=sum(one.status is Status.NO_SHOW for one in appointments),
        cancelled=sum(one.status is Status.CANCELLED for one in appointments),
        days_between=between,
    )
