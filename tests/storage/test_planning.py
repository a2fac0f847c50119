"""What is planned for a visit follows from what happens to it, and is what a plain model of it says."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from clinicdesk.domain.message_rules import QuietHours
from tests.office import ZONE, Office, at, value
from tests.outgoing import Grounds, Outgoing
from tests.storage.plan_model import BEFORE, STANDING, Planned, Rule, Visit

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
NOW = at(10) - 7 * DAY  # a Tuesday too
VISIT = at(9) + 2 * DAY  # a Thursday
BOOKED, TWO_DAYS, HALF_DAY = Rule("booked", "booked"), Rule("48h", "reminder", 2880), Rule("12h", "reminder", 720)
MOVED, CANCELLED = Rule("moved", "moved"), Rule("cancelled", "cancelled")
AFTER = Rule("after", "follow_up", 60, 1440)
ALL = (BOOKED, TWO_DAYS, HALF_DAY, MOVED, CANCELLED, AFTER)


class Planning:
    """A clinic whose clock is set by hand."""

    def __init__(self, ground: Outgoing, rules: tuple[Rule, ...] = ALL) -> None:
        self.ground, self.admin = ground, ground.admin
        self.admin.execute(
            "CREATE OR REPLACE FUNCTION clinicdesk.this_moment() RETURNS timestamptz LANGUAGE sql STABLE"
            " SET search_path = pg_catalog AS $$ SELECT current_setting('tests.now')::timestamptz $$"
        )
        self.set_clock(NOW)
        self.rules = {one.name: self._rule(one) for one in rules}

    def _rule(self, one: Rule) -> UUID:
        services = [self.ground.office.sample.services[one.service]] if one.service else []
        return self.ground.rule(
            one.event, offset_minutes=one.offset, late_minutes=one.late, asks=one.asks, service_ids=services
        )

    def set_clock(self, now: dt.datetime) -> None:
        self.now = now
        self.admin.execute("SELECT set_config('tests.now', %s, true)", [now.isoformat()])

    def book(self, starts_at: dt.datetime = VISIT, **changes: object) -> UUID:
        times = {"starts_at": starts_at, "ends_at": starts_at + 30 * MINUTE}
        return self.ground.office.book_row(self.admin, **times, **changes)

    def change(self, visit: UUID, **columns: object) -> None:
        if "starts_at" in columns:
            columns["ends_at"] = columns["starts_at"] + 30 * MINUTE  # type: ignore[operator]
        if columns.get("status") == "cancelled":
            columns.setdefault("cancelled_by", "clinic")
        elif "status" in columns:
            columns["cancelled_by"] = None
        names = ", ".join(f"{name} = %s" for name in columns)
        self.admin.execute(
            f"UPDATE clinicdesk.appointment SET {names} WHERE id = %s".encode(), [*columns.values(), visit]
        )

    def send_due(self) -> None:
        self.admin.execute(
            "UPDATE clinicdesk.outgoing_message SET state = 'sending' WHERE state = 'planned' AND planned_for <= %s",
            [self.now],
        )
        self.admin.execute("UPDATE clinicdesk.outgoing_message SET state = 'sent' WHERE state = 'sending'")

    def plan(self, visit: UUID) -> set[Planned]:
        names = {key: name for name, key in self.rules.items()}
        found = self.admin.execute(
            "SELECT kind, rule_id, visit_at, planned_for, state, reason FROM clinicdesk.outgoing_message"
            " WHERE appointment_id = %s",
            [visit],
        ).fetchall()
        return {Planned(row[0], names[row[1]], *row[2:]) for row in found}

    def due(self, visit: UUID) -> dict[str, dt.datetime]:
        """What is to be said, by the name of its rule."""
        return {one.rule: one.planned_for for one in self.plan(visit) if one.state == "planned"}


@pytest.fixture
def grounds(rolled_back: Office) -> Iterator[Grounds]:
    opened = Grounds(rolled_back)
    yield opened
    opened.close()


@pytest.fixture
def planning(grounds: Grounds) -> Planning:
    return Planning(grounds.ground())


REMINDERS = {"48h": VISIT - 48 * HOUR, "12h": at(20, 30) + DAY}  # twelve hours before nine is nine, and quiet


def test_a_booking_is_told_after_its_grace_and_reminded_of(planning: Planning) -> None:
    visit = planning.book()
    assert planning.due(visit) == REMINDERS | {"booked": NOW + 3 * MINUTE}
    jobs = value(planning.admin, "SELECT count(*) FROM queue.procrastinate_jobs WHERE status = 'todo'")
    assert jobs == 3


def test_what_falls_on_a_sunday_is_said_the_evening_before(planning: Planning) -> None:
    visit = planning.book(VISIT + 4 * DAY)
    assert planning.due(visit)["12h"] == at(20, 30) + 4 * DAY  # on Saturday; the visit is on Monday


def test_an_undone_booking_sends_nothing(planning: Planning) -> None:
    visit = planning.book()
    planning.set_clock(NOW + 2 * MINUTE)
    planning.change(visit, status="cancelled")
    assert planning.due(visit) == {}
    assert {one.reason for one in planning.plan(visit)} == {"cancelled"}


def test_a_cancellation_undone_restores_what_was_planned(planning: Planning) -> None:
    visit = planning.book()
    planning.change(visit, status="cancelled")
    planning.set_clock(NOW + 10 * MINUTE)
    planning.change(visit, status="pending")
    assert planning.due(visit) == REMINDERS | {"booked": NOW + 13 * MINUTE}


def test_a_move_replaces_the_reminders_and_only_the_last_one_is_told(planning: Planning) -> None:
    visit = planning.book()
    planning.set_clock(NOW + HOUR)
    planning.send_due()
    planning.change(visit, starts_at=VISIT + DAY)
    planning.set_clock(NOW + HOUR + MINUTE)
    planning.change(visit, starts_at=VISIT + 6 * HOUR)
    moved = {"48h": VISIT - 42 * HOUR, "12h": at(20, 30) + DAY}
    assert planning.due(visit) == moved | {"moved": NOW + HOUR + 4 * MINUTE}


def test_a_reminder_at_the_same_time_speaks_of_the_new_visit(planning: Planning) -> None:
    for name, hours in (("4h", 4), ("2h", 2)):
        planning.rules[name] = planning.ground.rule("reminder", offset_minutes=hours * 60)
    visit = planning.book(VISIT + 6 * HOUR)
    planning.change(visit, starts_at=VISIT + 8 * HOUR)
    assert Planned("reminder", "4h", VISIT + 8 * HOUR, VISIT + 4 * HOUR) in planning.plan(visit)


def test_moving_back_sends_nothing(planning: Planning) -> None:
    visit = planning.book()
    planning.set_clock(NOW + HOUR)
    planning.send_due()
    planning.change(visit, starts_at=VISIT + DAY)
    planning.change(visit, starts_at=VISIT)
    assert planning.due(visit) == REMINDERS


def test_a_move_within_the_grace_is_told_as_the_booking(planning: Planning) -> None:
    visit = planning.book()
    planning.set_clock(NOW + MINUTE)
    planning.change(visit, starts_at=VISIT + DAY)
    assert planning.due(visit)["booked"] == NOW + 4 * MINUTE
    assert "moved" not in planning.due(visit)


@pytest.mark.parametrize(("by", "told"), [("clinic", True), ("patient", False)])
def test_the_clinics_cancellation_is_told_to_whom_the_booking_was(planning: Planning, by: str, told: bool) -> None:
    visit = planning.book()
    planning.set_clock(NOW + HOUR)
    planning.send_due()
    planning.change(visit, status="cancelled", cancelled_by=by)
    assert planning.due(visit) == ({"cancelled": NOW + HOUR + 3 * MINUTE} if told else {})
    if told:
        planning.set_clock(NOW + 2 * HOUR)
        planning.send_due()
        planning.change(visit, status="confirmed")
        # Who was told that it is off is told that it is on.
        assert planning.due(visit) == REMINDERS | {"booked": NOW + 2 * HOUR + 3 * MINUTE}


def test_what_took_place_is_asked_about_and_not_reminded_of(planning: Planning) -> None:
    visit = planning.book()
    planning.set_clock(VISIT + HOUR)
    planning.change(visit, status="completed")
    assert planning.due(visit) == {"after": VISIT + 90 * MINUTE}
    planning.change(visit, status="in_progress")
    assert planning.due(visit) == {}
    planning.change(visit, status="completed")
    assert planning.due(visit) == {"after": VISIT + 90 * MINUTE}


def test_who_was_asked_once_is_not_asked_again(planning: Planning) -> None:
    visit = planning.book()
    planning.set_clock(VISIT + HOUR)
    planning.change(visit, status="completed")
    planning.set_clock(VISIT + 2 * HOUR)
    planning.send_due()
    planning.change(visit, status="in_progress")
    planning.change(visit, status="completed")
    assert planning.due(visit) == {}


def test_a_visit_that_was_completed_long_ago_is_not_asked_about(planning: Planning) -> None:
    visit = planning.book()
    planning.set_clock(VISIT + 3 * DAY)
    planning.change(visit, status="completed")
    assert planning.due(visit) == {}


def test_nothing_is_said_of_the_past_nor_told_to_who_was_imported(planning: Planning) -> None:
    assert planning.due(planning.book(NOW - DAY)) == {}
    assert planning.due(planning.book(status_channel="import")) == REMINDERS


def test_a_reminder_whose_time_is_over_is_left_out(planning: Planning) -> None:
    visit = planning.book(NOW + 20 * HOUR)
    assert set(planning.due(visit)) == {"booked", "12h"}


def test_nothing_is_planned_where_messages_are_off(grounds: Grounds) -> None:
    planning = Planning(grounds.ground(on=False))
    visit, far = planning.book(NOW + 2 * DAY + HOUR), planning.book(NOW + 9 * DAY)
    assert planning.plan(visit) == set()
    planning.admin.execute("UPDATE clinicdesk.messaging_policy SET active = true")
    assert planning.due(visit) == {"48h": NOW + HOUR, "12h": at(20, 30) - 6 * DAY}
    # What nobody would be told for days to come is left to whoever sends.
    assert planning.plan(far) == set()


def test_a_rule_speaks_of_its_services_and_people_alone(planning: Planning) -> None:
    sample = planning.ground.office.sample
    laser, caio = sample.services["laser"], sample.professionals["caio"]
    for changes, spoken in (
        ({"service_ids": [laser]}, False),
        ({"service_ids": [laser, sample.services["visit"]]}, True),
        ({"professional_ids": [caio]}, False),
        ({"excluded_service_ids": [sample.services["visit"]]}, False),
    ):
        rule_id = planning.ground.rule("reminder", offset_minutes=60, **changes)
        planning.rules["extra"] = rule_id
        visit = planning.book(VISIT + 5 * HOUR)
        assert ("extra" in planning.due(visit)) is spoken, changes
        planning.change(visit, status="cancelled")
        planning.admin.execute("UPDATE clinicdesk.message_rule SET active = false WHERE id = %s", [rule_id])
        planning.rules[str(rule_id)] = planning.rules.pop("extra")


def test_a_rule_that_changes_counts_for_what_is_booked(planning: Planning) -> None:
    visit = planning.book(NOW + 2 * DAY + HOUR)
    planning.admin.execute(
        "UPDATE clinicdesk.message_rule SET offset_minutes = 1440 WHERE id = %s", [planning.rules["48h"]]
    )
    assert planning.due(visit)["48h"] == NOW + DAY + HOUR
    assert len([one for one in planning.plan(visit) if one.reason == "rule_inactive"]) == 1


def test_what_somebody_discarded_stays_discarded(planning: Planning) -> None:
    visit = planning.book()
    planning.admin.execute(
        "UPDATE clinicdesk.outgoing_message SET state = 'cancelled', reason = 'discarded' WHERE rule_id = %s",
        [planning.rules["48h"]],
    )
    planning.change(visit, starts_at=VISIT + DAY)
    planning.change(visit, starts_at=VISIT)
    assert set(planning.due(visit)) == {"booked", "12h"}


# --- quiet hours are those of the domain -----------------------------------------------------------------------------

_TIMES = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    quiet_from=_TIMES,
    quiet_to=_TIMES,
    sundays=st.booleans(),
    minutes=st.integers(0, 14 * 24 * 60),
)
def test_quiet_hours_are_those_of_the_domain(
    planning: Planning, quiet_from: dt.time, quiet_to: dt.time, sundays: bool, minutes: int
) -> None:
    quiet, moment = QuietHours(ZONE, quiet_from, quiet_to, sundays), NOW + minutes * MINUTE
    asked = {"row": f"(,t,{quiet_from},{quiet_to},{sundays},3,60,90,,1,,,,)", "at": moment, "zone": ZONE.key}
    found = planning.admin.execute(
        "SELECT clinicdesk.next_allowed(p, %(zone)s, %(at)s), clinicdesk.last_allowed(p, %(zone)s, %(at)s)"
        " FROM (SELECT %(row)s::clinicdesk.messaging_policy AS p) one",
        asked,
    ).fetchone()
    assert found == (quiet.next_allowed(moment), quiet.last_allowed(moment))


# --- the whole of it, at random --------------------------------------------------------------------------------------

RANDOM_RULES = (*ALL, Rule("24h", "reminder", 1440, asks=True), Rule("laser", "booked", 30, service="laser"),
                Rule("code", "check_in", 120))  # fmt: skip
STEPS = {
    "pending": ("confirmed", "checked_in", "completed", "cancelled", "no_show"),
    "confirmed": ("pending", "checked_in", "completed", "cancelled", "no_show"),
    "checked_in": ("pending", "confirmed", "in_progress", "completed", "cancelled", "no_show"),
    "in_progress": ("checked_in", "completed"),
    "completed": ("pending", "confirmed", "checked_in", "in_progress"),
    "no_show": ("pending", "confirmed", "checked_in"),
    "cancelled": ("pending", "confirmed"),
}


class OneVisit(RuleBasedStateMachine):
    """Book, move, cancel, undo, send and let time pass; the plan is the model's after every step."""

    grounds: Grounds
    planning: Planning
    point: int = 0

    @initialize(
        hours=st.integers(-30, 200), imported=st.booleans(), grace=st.sampled_from([0, 3, 60]),
        quiet=st.sampled_from([(21, 8), (13, 15), (0, 0)]),
    )  # fmt: skip
    def begin(self, hours: int, imported: bool, grace: int, quiet: tuple[int, int]) -> None:
        admin = self.planning.admin
        admin.execute("ROLLBACK TO SAVEPOINT one_visit")
        self.planning.set_clock(NOW)
        times = [dt.time(each) for each in quiet]
        admin.execute(
            "UPDATE clinicdesk.messaging_policy SET grace_minutes = %s, quiet_from = %s, quiet_to = %s", [grace, *times]
        )
        self.model = Visit(RANDOM_RULES, QuietHours(ZONE, *times), grace * MINUTE, imported)
        starts = NOW + hours * HOUR
        self.sent: list[Planned] = []
        self.id = self.planning.book(starts, room_id=None, status_channel="import" if imported else "desk")
        self.model.book(NOW, starts)
        self.check()

    @rule(minutes=st.sampled_from([1, 2, 3, 5, 60, 300, 1440, 2880, 4320]))
    def time_passes_and_nobody_sends(self, minutes: int) -> None:
        self.planning.set_clock(self.planning.now + minutes * MINUTE)

    @rule(minutes=st.sampled_from([1, 4, 61, 600, 1440]))
    def time_passes(self, minutes: int) -> None:
        self.planning.set_clock(self.planning.now + minutes * MINUTE)
        standing = self.model.status in STANDING
        due = [one for one in self.model.messages.values() if one.state == "planned"]
        for one in due:
            # What is planned speaks of the visit as it is.
            if one.kind in ("booked", "moved", *BEFORE):
                assert standing and one.visit_at == self.model.starts_at
            if one.kind == "cancelled":
                assert self.model.status == "cancelled"
        self.planning.send_due()
        self.sent += self.model.send_due(self.planning.now)
        assert len({(one.kind, one.planned_for) for one in self.sent}) == len(self.sent)
        self.check()

    @precondition(lambda self: self.model.status not in ("completed", "cancelled", "no_show"))
    @rule(hours=st.sampled_from([-50, -24, -12, -1, 1, 12, 24, 50, 100]))
    def move(self, hours: int) -> None:
        assert self.model.starts_at is not None
        self._change(starts_at=self.model.starts_at + hours * HOUR)

    @precondition(lambda self: self.model.status not in ("completed", "cancelled", "no_show"))
    @rule()
    def move_back(self) -> None:
        self._change(starts_at=self.model.first_at)

    @rule(data=st.data(), by_clinic=st.booleans())
    def step(self, data: st.DataObject, by_clinic: bool) -> None:
        status = data.draw(st.sampled_from(STEPS[self.model.status]))
        self._change(status=status, by_clinic=by_clinic)

    @rule()
    def cancel_and_undo(self) -> None:
        before = self.model.status
        if before in STANDING:
            self._change(status="cancelled")
            self._change(status=before)

    @rule(service=st.sampled_from(["visit", "laser"]))
    def other_service(self, service: str) -> None:
        self._change(service=service)

    def _change(self, **changes: Any) -> None:
        columns = dict(changes)
        if columns.pop("by_clinic", True) is False and columns.get("status") == "cancelled":
            columns["cancelled_by"] = "patient"
        if "service" in columns:
            columns["service_id"] = self.planning.ground.office.sample.services[columns.pop("service")]
        self.planning.change(self.id, **columns)
        self.model.change(self.planning.now, **changes)
        self.check()

    def check(self) -> None:
        assert self.planning.plan(self.id) == set(self.model.messages.values())


def test_the_plan_is_the_models(grounds: Grounds) -> None:
    planning = Planning(grounds.ground(), RANDOM_RULES)
    # Several rules of one event are told apart by their ids, which are random, and in the model by their names.
    planning.admin.execute("SAVEPOINT one_visit")
    machine = type("Machine", (OneVisit,), {"planning": planning, "grounds": grounds})
    run_state_machine_as_test(machine, settings=settings(max_examples=60, stateful_step_count=25, deadline=None))
