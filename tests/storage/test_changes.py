"""What a desk makes of a notification that anybody who signs in may have sent."""

import queue

import pytest

from clinicdesk.errors import ClinicUnreachable
from clinicdesk.storage.changes import Change, Link, Watch
from clinicdesk.storage.engine import forget_idle, make_engine, transaction
from tests.office import Office, value

GARBAGE = [
    "",
    "[]",
    '"x"',
    "{}",
    "[" * 7900,
    '{"kind": "patient", "id": "x", "version": 1}',
    '{"kind": "patient", "id": null, "version": "new"}',
    '{"kind": "patient", "id": null, "version": [1]}',
    '{"kind": ["patient"], "id": null, "version": 1}',
]


@pytest.mark.parametrize("note", GARBAGE, ids=range(len(GARBAGE)))
def test_a_note_that_is_none_deafens_nobody(note: str, office: Office) -> None:
    heard: queue.SimpleQueue[Change | Link] = queue.SimpleQueue()
    watch = Watch(office.conninfo("claudia"), heard.put, heard.put)
    try:
        assert heard.get(timeout=5) is Link.CONNECTED
        sender = office.connect("bruno")
        value(sender, "SELECT pg_notify('clinicdesk', %s)", [note])
        value(sender, 'SELECT pg_notify(\'clinicdesk\', \'{"kind": "tag", "id": null, "version": 1}\')')
        assert heard.get(timeout=5) == Change("tag", None, 1)
    finally:
        watch.close()


def test_what_is_in_hand_while_idle_connections_are_forgotten_is_closed_with_the_others(office: Office) -> None:
    engine = make_engine(office.conninfo("claudia"))
    with transaction(engine) as tx:
        in_hand = tx.connection.dbapi_connection
        forget_idle(engine)
    with transaction(engine) as tx:
        fresh = tx.connection.dbapi_connection
    assert in_hand is not None and fresh is not None
    assert in_hand is not fresh and in_hand.closed
    with transaction(engine) as tx:
        assert tx.connection.dbapi_connection is fresh
    engine.dispose()
    assert fresh.closed


def test_what_is_in_hand_while_a_desk_closes_is_closed_when_it_is_given_back(office: Office) -> None:
    engine = make_engine(office.conninfo("claudia"))
    with transaction(engine) as tx:
        in_hand = tx.connection.dbapi_connection
        engine.dispose()
    assert in_hand is not None and in_hand.closed
    with pytest.raises(ClinicUnreachable), transaction(engine):
        pass
