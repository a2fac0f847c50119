"""What is written down of a change, and told to other desks."""

from collections.abc import Iterator

from tests.guards.guard import Guard, bodies
from tests.guards.suites import ATTACKS, RACES, TRIGGERS


def guards() -> Iterator[Guard]:
    """All of them."""
    yield from bodies(
        ATTACKS,
        (
            (
                "the audit holds no wrapped key",
                "record_change",
                ",wrapped}",
                "}",
                "test_the_audit_says_who_keeps_a_key_and_not_the_key",
            ),
        ),
    )
    yield from bodies(
        TRIGGERS,
        (
            (
                "a note carries no row",
                "record_change",
                "'kind', TG_TABLE_NAME,",
                "'row', current, 'kind', TG_TABLE_NAME,",
                "test_a_note_to_other_desks_names_nobody",
            ),
            (
                "the audit keeps what was before",
                "record_change",
                "previous, current)",
                "NULL, current)",
                "test_the_audit_says_who_from_where_before_and_after",
            ),
        ),
    )
    yield from bodies(
        RACES,
        (
            (
                "a change is told",
                "record_change",
                "PERFORM pg_notify(",
                "PERFORM concat(",
                "test_a_booking_is_heard_at_another_desk",
            ),
        ),
    )
