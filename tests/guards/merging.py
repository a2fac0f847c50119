"""What is decided where two entries of one patient become one."""

from collections.abc import Iterator

from tests.guards.guard import Guard, bodies
from tests.guards.suites import MERGING

_STANDS = "test_what_is_written_for_an_entry_that_was_given_up_is_of_the_one_that_stands"


def guards() -> Iterator[Guard]:
    """All of them."""
    yield from bodies(
        MERGING,
        (
            (
                "a merge is of what was seen",
                "merge_patients",
                "stays.version <> kept_version OR goes.version <> merged_version",
                "false",
                "test_a_merge_in_sql_is_of_what_was_seen",
            ),
            (
                "nobody is merged twice",
                "merge_patients",
                "stays.merged_into IS NOT NULL OR goes.merged_into IS NOT NULL OR kept = merged",
                "false",
                "test_a_merge_in_sql_is_of_two_that_stand",
            ),
            (
                "a merge asks for a person",
                "merge_patients",
                "clinicdesk.my_person() IS NULL",
                "false",
                "test_an_account_that_was_closed_merges_and_parts_nobody",
            ),
            (
                "an undo of a merge asks for a person",
                "undo_merge",
                "clinicdesk.my_person() IS NULL",
                "false",
                "test_an_account_that_was_closed_merges_and_parts_nobody",
            ),
            (
                "duplicates are told to people who work here",
                "likely_duplicates",
                "(SELECT clinicdesk.my_person()) IS NOT NULL",
                "true",
                "test_an_account_that_was_closed_merges_and_parts_nobody",
            ),
            (
                "a merge is undone once, and before the next",
                "undo_merge",
                "stays.merged_into IS NOT NULL",
                "false",
                "test_a_visit_that_went_to_a_third_person_stays_there",
            ),
            (
                "what was booked since a merge stays",
                "name_instead",
                "($3 IS NULL OR $3 ? t.id::text)",
                "true",
                "test_everything_follows_and_comes_back",
            ),
            (
                "what was changed since a merge stays",
                "undo_merge",
                "became -> was_then.key IS NOT DISTINCT FROM to_jsonb(stays) -> was_then.key",
                "true",
                "test_what_was_changed_since_stays_changed",
            ),
            (
                "a booking waits for a merge",
                "who_stands",
                " FOR KEY SHARE",
                "",
                "test_a_booking_waits_for_the_merge_that_is_being_written",
            ),
            (
                "a consent stays where the other has the same",
                "name_instead",
                "AND (t.revoked_at IS NOT NULL OR NOT EXISTS",
                "AND (true OR NOT EXISTS",
                "test_what_was_said_and_allowed_follows_too",
            ),
            (
                "a guardian is one that stands",
                "name_who_stands",
                "NEW.guardian_id := clinicdesk.who_stands(NEW.guardian_id)",
                "NULL",
                _STANDS,
            ),
            (
                "a merge takes visits by their ids",
                "lock_entries",
                "= ANY (visits) ORDER BY id",
                "= ANY (visits) ORDER BY starts_at",
                "test_a_merge_takes_rows_in_the_order_in_which_desks_do[False]",
            ),
            (
                "an undo of a merge takes visits before entries",
                "lock_entries",
                "= ANY (visits) ORDER BY id",
                "= ANY (visits) AND false",
                "test_a_merge_takes_rows_in_the_order_in_which_desks_do[True]",
            ),
        ),
    )
