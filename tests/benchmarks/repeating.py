"""A series of a hundred visits: planned day by day, booked in one transaction, changed in one and taken back."""

import datetime as dt
import statistics
from dataclasses import replace

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.series import Frequency, Rule
from clinicdesk.domain.series_booking import BookSeries, SeriesWish
from clinicdesk.domain.series_edit import EditSeries, Scope, SeriesChange
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.together import taking_back
from clinicdesk.usecases import series, series_edit, together
from clinicdesk.usecases.clinic import new_id
from tests.benchmarks.figures import Figure, milliseconds, percentile
from tests.benchmarks.ground import Ground

VISITS, RUNS = 100, 9


def create(ground: Ground) -> Figure:
    """A hundred weeks with one professional, in time that is free."""
    desk = ground.desk()
    planning, booking, changing, undoing = [], [], [], []
    for number in range(RUNS):
        place = next(one for one in ground.places(10) if one.slot.starts_at.weekday() < 5)
        first = FreeSlot(place.professional_id, place.slot, place.room_ids[0], None)
        rule = Rule(Frequency.WEEKLY, weekdays=(place.slot.starts_at.isoweekday(),), count=VISITS + 30)
        wish = SeriesWish(first, place.service.id, rule)
        plans = []
        planning.append(milliseconds(lambda wish=wish, plans=plans: plans.append(series.plan_series(desk, wish))))
        places = tuple((one.day, one.place) for one in plans[0].planned if one.refusal is None)[:VISITS]
        assert len(places) == VISITS, [one.refusal for one in plans[0].planned[:5]]
        wanted = replace(ground.wish(place, ground.patients[number]), operation_id=new_id())
        command = BookSeries(new_id(), new_id(), wish, wanted, places)
        done = []
        booking.append(milliseconds(lambda command=command, done=done: done.append(series.book(desk, command))))
        named = done[0].after[0]
        later = Slot.lasting(named.starts_at + dt.timedelta(minutes=15), named.slot.minutes)
        edit = EditSeries(new_id(), named.id, Scope.ALL, SeriesChange(slot=later))
        moved = []
        changing.append(milliseconds(lambda edit=edit, moved=moved: moved.append(_edited(ground, edit))))
        back = taking_back(moved[0], new_id(), "")
        undoing.append(milliseconds(lambda back=back: together.put_back(desk, back)))
        ground.take_away()
    rest = ", ".join(
        f"{what} {statistics.median(times):.0f} ms"
        for what, times in (("planned in", planning), ("all moved in", changing), ("moved back in", undoing))
    )
    p50 = statistics.median(booking)
    return Figure(
        work="series of 100 visits booked",
        must="≤ 300 ms",
        met=p50 <= 300,
        p50=p50,
        p95=percentile(booking, 0.95),
        found=rest,
    )


def _edited(ground: Ground, command: EditSeries):  # type: ignore[no-untyped-def]
    """The change, with what cannot be moved left where it stands."""
    now = dt.datetime.now(dt.UTC)
    plan = series_edit.plan_edit(ground.desk(), command, now)
    left = tuple((one.before.id, None) for one in plan.conflicts if one.before)
    return series_edit.edit(ground.desk(), replace(command, seen=plan.seen, places=left), now)
