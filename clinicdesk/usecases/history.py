"""What a person can learn of the agenda's past: a day as it stood at any instant, and who changed it, how and where."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.history import Life
from clinicdesk.domain.hours import instant
from clinicdesk.storage import agenda as agenda_rows
from clinicdesk.storage import history as rows
from clinicdesk.usecases.clinic import Clinic


def life(clinic: Clinic, first_day: dt.date, last_day: dt.date, professional_ids: Sequence[UUID] | None = None) -> Life:
    """All that ever lay in these local days, inclusive, of some professionals or of all; see `Life` for its answers.

    Open to whoever reads the agenda, under the same row security. What is told of an instant T is made of the versions
    recorded by T (the server dates a version while its row is written) that were committed when this was read. A change
    still under way is therefore missing and, once committed, belongs to the instant it was written at, a moment before
    others could see it; one that was rolled back never happened. The picture of T is final as soon as every transaction
    that was writing at T has ended; whoever shows one reads again when an echo tells of a change.
    """
    with clinic.transaction() as tx:
        zone, now = rows.present(tx, clinic.id)
        midnight, tomorrow = dt.time(0), last_day + dt.timedelta(days=1)
        span = Slot(instant(first_day, midnight, zone), instant(tomorrow, midnight, zone))
        ids = rows.lived_in(tx, clinic.id, span, professional_ids)
        versions = rows.versions(tx, ids)
        return Life(span, versions, agenda_rows.by_ids(tx, ids), rows.names(tx, versions), now, professional_ids)
