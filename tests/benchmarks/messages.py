"""What it costs a booking that messages are planned for it, each with its job in the queue."""

import random
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg

from clinicdesk.domain.templates import STARTERS
from clinicdesk.usecases import agenda
from tests.benchmarks.figures import Beside, Figure, milliseconds, percentile
from tests.benchmarks.ground import Ground

RUNS, TURNS, BLOCK = 5, 5, 8


def book(ground: Ground) -> Figure:
    """A booking through the use case with the rules a clinic begins with, beside the same where nothing is sent."""
    desk, choice, places = ground.desk(), random.Random(5), ground.places(45)
    admin = ground.admin()

    def booked() -> float:
        wish = ground.wish(next(places), choice.choice(ground.patients))
        return milliseconds(lambda: agenda.book(desk, wish))

    with _rules(admin, desk.id):
        for sending in (False, True):
            _switch(admin, desk.id, sending)
            [booked() for _each in range(6)]
        times: dict[bool, list[float]] = {False: [], True: []}
        ratios = []
        for _run in range(RUNS):
            run: dict[bool, list[float]] = {False: [], True: []}
            for turn in range(2 * TURNS):
                sending = bool(turn % 2)
                _switch(admin, desk.id, sending)
                run[sending] += [booked() for _each in range(BLOCK)]
            ratios.append(statistics.median(run[True]) / statistics.median(run[False]))
            for sending in (False, True):
                times[sending] += run[sending]
        planned = _planned(admin)
    ground.take_away()
    measured = Beside(
        statistics.median(times[True]),
        percentile(times[True], 0.95),
        statistics.median(times[False]),
        statistics.median(ratios),
        (min(ratios), max(ratios)),
    )
    return measured.figure("book with its messages and their jobs", 1.5, f"{planned:.1f} messages a booking")


@contextmanager
def _rules(admin: psycopg.Connection[Any], clinic_id: UUID) -> Iterator[None]:
    """The rules a clinic begins with and no others, for as long as it is measured."""
    admin.execute("SET session_replication_role = replica")  # nobody plans anew for half a million visits
    kept = admin.execute("SELECT id FROM clinicdesk.message_rule WHERE active").fetchall()
    had = admin.execute("SELECT active FROM clinicdesk.messaging_policy WHERE clinic_id = %s", [clinic_id]).fetchone()
    admin.execute("UPDATE clinicdesk.message_rule SET active = false")
    admin.execute("INSERT INTO clinicdesk.messaging_policy (clinic_id) VALUES (%s) ON CONFLICT DO NOTHING", [clinic_id])
    template = uuid4()
    made: list[UUID] = []
    admin.execute(
        "INSERT INTO clinicdesk.message_template (id, clinic_id, name, body) VALUES (%s, %s, 'benchmark', 'x')",
        [template, clinic_id],
    )
    for one in STARTERS:
        made.append(uuid4())
        admin.execute(
            "INSERT INTO clinicdesk.message_rule (id, clinic_id, event, offset_minutes, template_id, late_minutes)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [made[-1], clinic_id, one.event, one.offset_minutes, template, one.late_minutes],
        )
    try:
        yield
    finally:
        admin.execute("DELETE FROM clinicdesk.message_rule WHERE id = ANY (%s)", [made])
        admin.execute("DELETE FROM clinicdesk.message_template WHERE id = %s", [template])
        admin.execute(
            "UPDATE clinicdesk.message_rule SET active = true WHERE id = ANY (%s)", [[one[0] for one in kept]]
        )
        _switch(admin, clinic_id, bool(had and had[0]))
        admin.execute("RESET session_replication_role")


def _switch(admin: psycopg.Connection[Any], clinic_id: UUID, sending: bool) -> None:
    admin.execute("UPDATE clinicdesk.messaging_policy SET active = %s WHERE clinic_id = %s", [sending, clinic_id])


def _planned(admin: psycopg.Connection[Any]) -> float:
    row = admin.execute(
        "SELECT count(*)::float / greatest(count(DISTINCT m.appointment_id), 1) FROM clinicdesk.outgoing_message m"
        " JOIN clinicdesk.appointment a ON a.id = m.appointment_id WHERE a.note = 'benchmark'"
    ).fetchone()
    assert row is not None
    return float(row[0])
