"""Whose rows are read and written."""

from collections.abc import Iterator

from tests.guards.guard import Guard, opened
from tests.guards.suites import ATTACKS, CATALOGUE, ISOLATION, MESSAGE_ATTACKS, PINBOARD, RECALLS, UPGRADING
from tests.storage.test_catalogue import TABLES
from tests.storage.test_isolation import BY_CLINIC, WRITES


def guards() -> Iterator[Guard]:
    """All of them."""
    for table in TABLES:
        test = f"{CATALOGUE}::test_row_security_is_on_for_the_owner_too[{table}]"
        yield Guard(
            f"forced row security on {table}", f"ALTER TABLE clinicdesk.{table} NO FORCE ROW LEVEL SECURITY", test
        )
        test = f"{CATALOGUE}::test_a_policy_names_its_roles[{table}]"
        yield Guard(f"no policy for everybody on {table}", f"CREATE POLICY x ON clinicdesk.{table} USING (true)", test)
    for table in BY_CLINIC:
        test = f"{ISOLATION}::test_another_clinics_rows_are_not_seen[{table}]"
        yield Guard(f"policy clinic on {table}, reading", opened(table, "clinic"), test)
        if table in WRITES:
            test = f"{ISOLATION}::test_another_clinics_rows_are_not_written[{table}]"
            yield Guard(f"policy clinic on {table}, writing", opened(table, "clinic"), test)
    clinic = opened("appointment", "clinic")
    test = f"{ISOLATION}::test_a_booking_into_another_clinic_is_refused[marta]"
    yield Guard("policy clinic on appointment, booking", clinic, test)
    test = f"{ISOLATION}::test_another_clinics_visit_does_not_change[marta]"
    yield Guard("policy clinic on appointment, changing", clinic, test)
    for table in ("organisation", "clinic", "person", "person_clinic", "resource", "professional", "patient",
                  "patient_alert", "data_key", "custom_field", "tag", "patient_tag", "segment",
                  "patient_merge", "patient_distinct"):  # fmt: skip
        test = f"{ISOLATION}::test_what_all_clinics_share_is_for_people_who_work_here[{table}]"
        yield Guard(f"policy organisation on {table}", opened(table, "organisation"), test)
    yield from _single_policies()


def _single_policies() -> Iterator[Guard]:
    for table, policy, test in (
        ("import_line", "batch", "test_another_clinics_rows_are_not_seen[import_line]"),
        ("clinic", "own_clinic", "test_another_clinics_own_row_does_not_change"),
        ("resource", "own_resource", "test_another_clinics_rows_are_not_written[resource]"),
        ("appointment", "own_column", "test_a_professional_writes_in_their_own_column"),
        ("appointment", "own_column_new", "test_a_professional_books_for_nobody_else"),
        ("time_block", "own_time", "test_a_professional_takes_back_only_their_own_blocks"),
        ("time_block", "own_time_new", "test_a_professional_blocks_only_their_own_time"),
        ("recall_attempt", "own_attempt", f"{RECALLS}::test_an_attempt_is_taken_back_by_who_noted_it_alone"),
        (
            "media_key",
            "own_version",
            f"{MESSAGE_ATTACKS}::test_nobody_shows_a_key_of_their_own_for_files",
        ),
        ("schema_release", "everybody", f"{UPGRADING}::test_who_has_only_a_code_may_know_that_the_desk_is_too_old"),
    ):
        off = f"DROP POLICY {policy} ON clinicdesk.{table}" if policy != "batch" else opened(table, policy)
        yield Guard(f"policy {policy} on {table}", off, test if "::" in test else f"{ISOLATION}::{test}")
    for table in ("pinned_card", "saved_view"):
        test = f"{PINBOARD}::test_what_one_put_aside_is_ones_own[{table}]"
        yield Guard(f"policy own on {table}", opened(table, "own"), test)
    weak = (
        "ALTER POLICY own_column ON clinicdesk.appointment"
        " USING (professional_id = (SELECT clinicdesk.my_professional())) WITH CHECK (true)"
    )
    yield Guard("own_column looks at the new row", weak, f"{ISOLATION}::test_a_professional_gives_no_visit_away")
    off = opened("wrapped_key", "own_key")
    yield Guard("policy own_key on wrapped_key", off, f"{ATTACKS}::test_one_person_does_not_read_anothers_keys")
    off = opened("audit", "readers", "SELECT")
    yield Guard("policy readers on audit, by clinic", off, f"{ISOLATION}::test_the_audit_is_read_by_clinic")
    yield Guard("policy readers on audit, active", off, f"{ISOLATION}::test_a_closed_account_reads_nothing[audit]")
