"""What is decided of visits: steps, overbooking, what they hold, the recalls they answer, the numbers they leave."""

from collections.abc import Iterator

from tests.guards.guard import Guard, bodies
from tests.guards.suites import AGENDA, METRICS, OVERLAP, RECALLS, TRIGGERS

_LOCK = "PERFORM clinicdesk.lock_resources(ARRAY[NEW.professional_id, NEW.room_id, NEW.equipment_id])"


def guards() -> Iterator[Guard]:
    """All of them."""
    yield from bodies(
        TRIGGERS,
        (
            (
                "the machine of statuses",
                "guard_appointment",
                "NOT clinicdesk.step_allowed(OLD.status, NEW.status)",
                "false",
                "test_a_step_the_machine_has_not_is_refused_in_sql[completed-cancelled]",
            ),
            (
                "the machine of statuses is the domain's",
                "step_allowed",
                "WHEN 'completed' THEN '{pending,confirmed,checked_in,in_progress}'",
                "WHEN 'completed' THEN '{pending,confirmed,checked_in,in_progress,cancelled}'",
                "test_the_machine_in_sql_is_the_machine_of_the_domain[completed]",
            ),
            (
                "the status clock",
                "guard_appointment",
                "NEW.status_at := OLD.status_at",
                "NEW.status_at := clock_timestamp()",
                "test_the_status_clock_moves_with_the_status_alone",
            ),
            (
                "a late cancellation is the policy's to say",
                "guard_appointment",
                "NEW.cancelled_late := NEW.status = 'cancelled'",
                "NEW.cancelled_late := NEW.cancelled_late AND NEW.status = 'cancelled'",
                "test_a_late_cancellation_is_said_by_the_policy",
            ),
        ),
    )
    yield from bodies(
        OVERLAP,
        (
            (
                "a booking locks its resources",
                "guard_appointment",
                _LOCK,
                "NULL",
                "test_resources_are_locked_until_the_end",
            ),
            (
                "overbookings are counted under the lock",
                "guard_appointment",
                _LOCK,
                "PERFORM pg_sleep(0.2)",
                "test_the_limit_of_overbookings_holds_under_a_race",
            ),
            (
                "a step that claims no time takes no lock",
                "guard_appointment",
                "IF NOT claims THEN",
                "IF NOT claims AND false THEN",
                "test_a_status_step_does_not_wait_for_a_lock_that_a_move_holds",
            ),
            (
                "a restored visit holds again",
                "hold_resources",
                "NEW.overbooking_reason = '', NEW.status IN ('cancelled', 'no_show'))",
                "NEW.overbooking_reason = '', OLD.status IN ('cancelled', 'no_show'))",
                "test_the_database_accepts_what_the_model_accepts",
            ),
        ),
    )
    yield from bodies(
        RECALLS,
        (
            (
                "a visit given up opens its recall",
                "follow_recalls",
                "(NOT stands OR service_id <> NEW.service_id)",
                "service_id <> NEW.service_id",
                "test_a_visit_given_up_opens_its_recall_again_and_brought_back_closes_it[no_show]",
            ),
            (
                "another service opens a recall",
                "follow_recalls",
                " OR service_id <> NEW.service_id",
                "",
                "test_another_service_opens_the_recall_of_the_first",
            ),
            (
                "a booking answers its own service's recalls",
                "follow_recalls",
                "AND coalesce(service_id = NEW.service_id, true)",
                "",
                "test_it_closes_every_recall_it_answers_and_no_other",
            ),
            (
                "a booking answers its own patient's recalls",
                "follow_recalls",
                "AND patient_id = NEW.patient_id",
                "",
                "test_it_closes_every_recall_it_answers_and_no_other",
            ),
            (
                "what lies before a recall answers nothing",
                "follow_recalls",
                "AND created_at < NEW.starts_at",
                "",
                "test_a_visit_from_before_the_recall_answers_nothing",
            ),
            (
                "a closed recall stays closed",
                "follow_recalls",
                "AND state = 'open'",
                "",
                "test_what_is_closed_already_stays_closed[refused]",
            ),
        ),
    )
    yield from bodies(
        AGENDA,
        (
            (
                "buffers are held",
                "hold_resources",
                "make_interval(mins => NEW.buffer_after)",
                "interval '0'",
                "test_longer_buffers_do_not_push_the_next_visit",
            ),
            (
                "a cancelled visit holds nothing",
                "hold_resources",
                "IF NEW.status IN ('cancelled', 'no_show') THEN",
                "IF false THEN",
                "test_a_no_show_frees_the_slot",
            ),
        ),
    )
    yield from bodies(
        METRICS,
        (
            (
                "metrics go with a visit that is handed over",
                "keep_metrics",
                "IF TG_OP <> 'INSERT' THEN",
                "IF TG_OP = 'DELETE' THEN",
                "test_a_visit_handed_over_goes_with_its_numbers",
            ),
            (
                "what a visit tells is told when it took place",
                "add_to_metrics",
                "IF told THEN",
                "IF false THEN",
                "test_a_booking_counts_and_a_visit_that_took_place_tells",
            ),
            (
                "counts add up under races",
                "add_to_metrics",
                "completed = m.completed + EXCLUDED.completed",
                "completed = EXCLUDED.completed",
                "test_two_desks_that_close_visits_of_one_patient_lose_neither",
            ),
            (
                "numbers without visits are put right",
                "recount_metrics",
                "RETURN gone + wrong",
                "RETURN wrong",
                "test_what_was_written_past_the_triggers_is_put_right",
            ),
        ),
    )
