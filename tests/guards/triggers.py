"""What triggers write, follow and refuse."""

from collections.abc import Iterator

from tests.guards.guard import Guard, trigger
from tests.guards.suites import (
    ATTACKS,
    HOLDS,
    ISOLATION,
    MERGING,
    MESSAGES,
    METRICS,
    OVERLAP,
    PEOPLE,
    PINBOARD,
    PLANNING,
    RECALLS,
    RECEIPTS,
    TRIGGERS,
)
from tests.storage.test_triggers import RECORDED, STAMPED


def guards() -> Iterator[Guard]:
    """All of them."""
    for table in STAMPED:
        yield trigger(table, "a_stamp", f"{TRIGGERS}::test_a_row_keeps_its_own_stamps[{table}]")
    for table in RECORDED:
        yield trigger(table, "z_record", f"{TRIGGERS}::test_every_change_is_written_down_and_told[{table}]")
    for table in ("professional", "room", "equipment"):
        yield trigger(table, "b_thing", f"{ISOLATION}::test_a_thing_is_not_made_of_somebody_elses_resource[{table}]")
    yield trigger("patient", "b_index", f"{TRIGGERS}::test_a_patient_is_found_by_names_and_phone")
    yield trigger("appointment", "b_guard", f"{OVERLAP}::test_the_limit_of_overbookings_counts_the_local_day")
    yield trigger("appointment", "m_hold", f"{TRIGGERS}::test_what_a_visit_holds_follows_from_its_row")
    yield trigger("appointment", "m_version", f"{TRIGGERS}::test_every_version_of_an_appointment_is_kept")
    yield trigger("appointment", "m_unpin", f"{PINBOARD}::test_a_card_that_was_placed_leaves_every_pinboard")
    yield trigger("appointment", "y_metrics", f"{METRICS}::test_a_booking_counts_and_a_visit_that_took_place_tells")
    yield trigger("clinic", "y_metrics", f"{METRICS}::test_days_are_those_of_the_clinics_wall")
    yield trigger("appointment", "n_recall", f"{RECALLS}::test_a_booking_closes_the_recall_it_answers[visit]")
    yield trigger("appointment", "n_recall_again", f"{RECALLS}::test_another_service_opens_the_recall_of_the_first")
    for table in ("appointment", "waiting_entry", "recall", "patient_alert", "patient_tag", "consent", "question",
                  "outgoing_message", "conversation"):  # fmt: skip
        yield trigger(
            table,
            "c_stands",
            f"{MERGING}::test_what_is_written_for_an_entry_that_was_given_up_is_of_the_one_that_stands",
        )
    yield trigger("check_in_pass", "b_code", f"{TRIGGERS}::test_nobody_chooses_a_check_in_code")
    yield trigger("slot_hold", "z_tell", f"{HOLDS}::test_holds_are_told_to_other_desks_and_name_nobody")
    yield trigger("time_block", "b_guard", f"{ISOLATION}::test_a_block_is_of_the_clinics_own_people_and_things")
    yield trigger("person", "y_founded", f"{PEOPLE}::test_a_founder_ends_with_the_first_person")
    yield trigger("appointment", "p_plan", f"{PLANNING}::test_a_booking_is_told_after_its_grace_and_reminded_of")
    yield trigger("appointment", "p_plan_again", f"{PLANNING}::test_an_undone_booking_sends_nothing")
    yield trigger("messaging_policy", "p_plan", f"{PLANNING}::test_nothing_is_planned_where_messages_are_off")
    yield trigger("message_rule", "p_plan", f"{PLANNING}::test_a_rule_that_changes_counts_for_what_is_booked")
    yield trigger("consent", "b_guard", f"{MESSAGES}::test_a_consent_is_revoked_once_and_by_the_servers_clock")
    yield trigger("webhook_receipt", "n_queue", f"{RECEIPTS}::test_a_delivery_is_queued_with_its_row")
    yield trigger("media", "n_queue", f"{RECEIPTS}::test_a_file_at_the_provider_is_queued_and_no_other")
    yield trigger("person", "y_owner", f"{ATTACKS}::test_the_last_owner_stays")
