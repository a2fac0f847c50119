"""What is decided where messages are planned."""

from collections.abc import Iterator

from tests.guards.guard import Guard, bodies
from tests.guards.suites import PLANNING

_TOLD = "test_a_booking_is_told_after_its_grace_and_reminded_of"


def guards() -> Iterator[Guard]:
    """All of them."""
    services = "test_a_rule_speaks_of_its_services_and_people_alone"
    yield from bodies(
        PLANNING,
        (
            (
                "a booking is told after its grace",
                "plan_news",
                "make_interval(mins => policy.grace_minutes)",
                "interval '0'",
                _TOLD,
            ),
            (
                "a reminder keeps out of quiet hours",
                "reminders_of",
                "clinicdesk.last_allowed(policy, zone, wanted.exact)",
                "wanted.exact",
                _TOLD,
            ),
            (
                "what is due already is left out",
                "reminders_of",
                "due.at > since AND",
                "",
                "test_a_reminder_whose_time_is_over_is_left_out",
            ),
            (
                "only where messages are on",
                "plan_messages",
                " AND p.active",
                "",
                "test_nothing_is_planned_where_messages_are_off",
            ),
            (
                "who was imported is not told",
                "plan_messages",
                "NEW.import_id IS NULL AND NEW.status_channel <> 'import'",
                "true",
                "test_nothing_is_said_of_the_past_nor_told_to_who_was_imported",
            ),
            (
                "moving back sends nothing",
                "plan_change",
                "ELSIF known <> visit.starts_at AND (",
                "ELSIF (",
                "test_moving_back_sends_nothing",
            ),
            (
                "only the last move is told",
                "plan_change",
                "AND NOT coalesce(m.kind = news AND m.visit_at = visit.starts_at, false)",
                "AND false",
                "test_a_move_replaces_the_reminders_and_only_the_last_one_is_told",
            ),
            (
                "a move within the grace is told as the booking",
                "plan_change",
                "ELSIF told.id IS NULL AND EXISTS (",
                "ELSIF false AND EXISTS (",
                "test_a_move_within_the_grace_is_told_as_the_booking",
            ),
            (
                "who was told that it is off is told that it is on",
                "plan_change",
                "IF told.kind = 'cancelled' THEN",
                "IF false THEN",
                "test_the_clinics_cancellation_is_told_to_whom_the_booking_was[clinic-True]",
            ),
            (
                "the patient's own cancellation is not told",
                "plan_messages",
                " AND NEW.cancelled_by = 'clinic'",
                "",
                "test_the_clinics_cancellation_is_told_to_whom_the_booking_was[patient-False]",
            ),
            (
                "who was told nothing is told nothing",
                "plan_messages",
                "told.id IS NOT NULL AND told.kind <> 'cancelled'",
                "true",
                "test_an_undone_booking_sends_nothing",
            ),
            (
                "what a move leaves behind is taken back",
                "replan_reminders",
                "(m.visit_at <> visit.starts_at",
                "(false",
                "test_a_reminder_at_the_same_time_speaks_of_the_new_visit",
            ),
            (
                "what was planned is restored",
                "plan_message",
                "WHERE m.state = 'cancelled' AND",
                "WHERE false AND",
                "test_a_cancellation_undone_restores_what_was_planned",
            ),
            (
                "what was discarded stays discarded",
                "plan_message",
                " AND m.reason <> 'discarded'",
                "",
                "test_what_somebody_discarded_stays_discarded",
            ),
            (
                "what took place long ago is not asked about",
                "plan_news",
                "CONTINUE WHEN visit.ends_at + make_interval(mins => rule.offset_minutes + rule.late_minutes) <= grace",
                "NULL",
                "test_a_visit_that_was_completed_long_ago_is_not_asked_about",
            ),
            (
                "nobody is asked twice",
                "plan_messages",
                "AND m.kind = 'follow_up' AND m.state <> 'cancelled'",
                "AND false",
                "test_who_was_asked_once_is_not_asked_again",
            ),
            (
                "a rule speaks of its services",
                "rule_speaks",
                "(rule.service_ids = '{}' OR visit.service_id = ANY (rule.service_ids))",
                "true",
                services,
            ),
            (
                "a rule speaks of its people",
                "rule_speaks",
                "(rule.professional_ids = '{}' OR visit.professional_id = ANY (rule.professional_ids))",
                "true",
                services,
            ),
            (
                "a rule leaves services out",
                "rule_speaks",
                "AND NOT visit.service_id = ANY (rule.excluded_service_ids)",
                "",
                services,
            ),
            (
                "Sundays are quiet",
                "is_quiet",
                "extract(isodow FROM local) = 7 AND NOT policy.on_sundays",
                "false",
                "test_quiet_hours_are_those_of_the_domain",
            ),
            (
                "an evening is half an hour before the quiet",
                "last_allowed",
                "interval '30 minutes'",
                "interval '0'",
                "test_quiet_hours_are_those_of_the_domain",
            ),
        ),
    )
