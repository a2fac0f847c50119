"""What the database promises of messages and offers, how to break it on purpose, and the test that has to notice."""

from collections.abc import Iterator

from tests.guards.guard import Guard, bodies, trigger, without
from tests.guards.suites import MESSAGE_ATTACKS, MESSAGES, OFFERS, QUEUE
from tests.storage.test_message_queue import DECIDING, TOLD, VERSIONED

READ = "tests/usecases/test_interpretations.py"
_OWN = "AND clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[])"

# table, trigger, test
_TRIGGERS: list[tuple[str, str, str]] = [
    *((table, "a_version", f"{QUEUE}::test_a_row_counts_its_own_versions[{table}]") for table in VERSIONED),
    *((table, "z_tell", f"{QUEUE}::test_what_happens_in_the_inbox_is_told[{table}]") for table in TOLD),
    ("outgoing_message", "b_guard", f"{QUEUE}::test_nobody_skips_a_step_of_a_message"),
    ("outgoing_message", "n_queue", f"{QUEUE}::test_a_message_is_queued_for_its_time_and_holds_nobody_up"),
    (
        "outgoing_message",
        "m_together",
        "tests/usecases/test_outbox.py::test_what_the_first_service_does_not_say_the_next_one_says"
        "[status = 'confirmed'-already_confirmed]",
    ),
    ("incoming_message", "m_answer", f"{READ}::test_the_same_operation_twice_is_answered_once"),
    ("conversation_event", "b_guard", f"{QUEUE}::test_whoever_writes_signs"),
    ("message_channel", "n_secrets", f"{MESSAGE_ATTACKS}::test_a_credential_goes_to_nobody_it_was_not_typed_for[host]"),
    ("incoming_message", "b_guard", f"{MESSAGE_ATTACKS}::test_nobody_decides_about_a_reply_in_anothers_name"),
    ("waiting_offer", "b_hold", f"{OFFERS}::test_an_offer_holds_its_time_and_sends_its_message"),
    ("waiting_entry", "n_offer", f"{OFFERS}::test_whoever_gives_up_is_offered_nothing_any_more"),
]

# name, function, words, instead, test
_BODIES: list[tuple[str, str, str, str, str]] = [
    (
        "a job that waits for its time has no lock",
        "queue_message",
        "NEW.planned_for, NULL)",
        "NEW.planned_for, 'x')",
        f"{QUEUE}::test_a_message_is_queued_for_its_time_and_holds_nobody_up",
    ),
    (
        "a conversation keeps its order",
        "queue_message",
        "'conversation:' || NEW.conversation_id",
        "NULL",
        f"{QUEUE}::test_what_is_said_in_a_conversation_keeps_its_order",
    ),
    (
        "the job of before is given up",
        "queue_job",
        "SET status = 'cancelled' WHERE queueing_lock",
        "SET status = 'cancelled' WHERE false AND queueing_lock",
        f"{QUEUE}::test_planned_anew_a_message_has_one_job",
    ),
    (
        "a job that is there already stays",
        "queue_job",
        "AND j.scheduled_at IS NOT DISTINCT FROM at",
        "AND false",
        f"{QUEUE}::test_planned_anew_a_message_has_one_job",
    ),
    *(
        (name, "requeue_messages", words, instead, f"{QUEUE}::test_jobs_that_were_lost_are_made_again_and_no_others")
        for name, words, instead in (
            ("only what is planned is queued again", "m.state = 'planned' AND", ""),
            ("what is far away is not queued again", "AND m.planned_for < clock_timestamp() + interval '1 day'", ""),
            ("what has a job is not queued again", "AND j.status IN ('todo', 'doing')", "AND false"),
        )
    ),
    (
        "a message takes its steps",
        "guard_outgoing",
        "IF NOT clinicdesk.message_step_allowed(OLD.state, NEW.state) THEN",
        "IF false THEN",
        f"{QUEUE}::test_nobody_skips_a_step_of_a_message",
    ),
    (
        "the steps are those of the domain",
        "message_step_allowed",
        "WHEN 'delivered' THEN '{read}'",
        "WHEN 'delivered' THEN '{read,planned}'",
        "tests/storage/test_messages.py::test_the_steps_in_sql_are_those_of_the_domain[delivered]",
    ),
    (
        "the database dates the steps of a message",
        "guard_outgoing",
        "NEW.state_at := clock_timestamp();",
        "NULL;",
        f"{QUEUE}::test_the_time_of_a_step_is_the_databases",
    ),
    (
        "a decision ends with what happens next",
        "guard_outgoing",
        "NEW.decided_by := NULL;",
        "NULL;",
        f"{QUEUE}::test_what_was_decided_stands_until_something_happens",
    ),
    (
        "nobody writes in another's name",
        "guard_outgoing",
        "NEW.person_id := CASE WHEN NEW.kind IN ('person', 'test', 'offer', 'check_in') THEN clinicdesk.my_person()",
        "NEW.person_id := CASE WHEN true THEN NEW.person_id",
        f"{QUEUE}::test_whoever_writes_signs",
    ),
    (
        "the robot is silent where a person speaks",
        "guard_outgoing",
        "NEW.kind = 'answer' AND spoken.owner <> 'bot'",
        "false",
        f"{QUEUE}::test_the_robot_is_silent_where_a_person_speaks",
    ),
    (
        "a person speaks in what they took over",
        "guard_outgoing",
        "NEW.person_id IS NOT NULL AND spoken.person_id IS DISTINCT FROM NEW.person_id",
        "false",
        f"{QUEUE}::test_a_person_speaks_in_what_they_took_over[bot]",
    ),
    (
        "what rules send no person sends",
        "guard_outgoing",
        "RAISE insufficient_privilege USING MESSAGE = 'rules send this', DETAIL = 'kind';",
        "NULL;",
        f"{QUEUE}::test_what_rules_send_no_person_sends[reminder]",
    ),
    *(
        (name, "answer_reading", words, instead, f"{READ}::{test}")
        for name, words, instead, test in (
            (
                "what is taken back is not answered",
                "AND state IN ('planned', 'claimed')",
                "AND false",
                "test_taken_back_its_answer_does_not_go_and_read_again_another_does",
            ),
            (
                "what is no answer is not answered",
                "OR NEW.outcome NOT IN ('confirmed', 'cancelled')",
                "",
                "test_what_is_no_answer_is_not_answered[leave]",
            ),
            *(
                (name, words, "true", f"test_where_the_robot_may_not_speak_it_does_not[{case}]")
                for name, words, case in (
                    ("whoever wants no messages gets no answer", "c.opted_out_at IS NULL", "no_more_messages"),
                    ("a channel that is off says nothing", "h.active", "channel_off"),
                    ("a shut window lets no answer out", "c.window_until > due", "window_shut"),
                    ("the robot answers nothing in a person's talk", "c.owner = 'bot'", "a_person_speaks"),
                )
            ),
        )
    ),
    *(
        (
            f"{function} asks who is deciding",
            function,
            "PERFORM clinicdesk.require_sender()",
            "NULL",
            f"{QUEUE}::test_a_decision_asks_for_the_profile[{function}]",
        )
        for function in DECIDING
    ),
    *(
        (
            f"{function} is of one's own clinics",
            function,
            _OWN,
            "",
            f"{QUEUE}::test_a_decision_is_of_the_clinics_own_messages[{function}]",
        )
        for function in DECIDING
    ),
    *(
        (name, function, words, "", f"{QUEUE}::test_only_what_needs_it_is_decided[{function}-{state}]")
        for name, function, words, state in (
            ("only what failed is sent again", "retry_message", "AND state = 'failed'", "unknown"),
            (
                "what may have gone out is not discarded",
                "discard_message",
                "AND state IN ('planned', 'failed')",
                "unknown",
            ),
            ("only what nobody knows is settled", "settle_message", "AND state = 'unknown'", "sending"),
            ("only a decision is taken back", "reopen_message", "AND decided_by IS NOT NULL", "cancelled"),
        )
    ),
    (
        "a try that was settled has an end",
        "settle_message",
        "m.state = 'unknown' AND d.message_id",
        "false AND d.message_id",
        f"{QUEUE}::test_settled_its_try_has_an_end_and_taken_back_it_has_none",
    ),
    (
        "what is sent again tries every channel",
        "retry_message",
        "SET verdict = '' WHERE",
        "SET verdict = verdict WHERE",
        f"{QUEUE}::test_sent_again_every_channel_is_worth_a_try",
    ),
    (
        "an offer that is over stays over",
        "hold_offer",
        "OLD.state <> 'offered' AND NEW.state <> OLD.state",
        "false",
        f"{OFFERS}::test_an_offer_cannot_be_written_without_its_hold",
    ),
    (
        "the time of an offer is given back",
        "hold_offer",
        "DELETE FROM clinicdesk.slot_hold WHERE id = OLD.hold_id",
        "PERFORM 1",
        f"{OFFERS}::test_refused_the_time_is_free_and_they_wait_on",
    ),
    (
        "who waits no more is offered nothing",
        "withdraw_offer",
        "WHERE entry_id = NEW.id",
        "WHERE false",
        f"{OFFERS}::test_whoever_gives_up_is_offered_nothing_any_more",
    ),
]


def guards() -> Iterator[Guard]:
    """All of them."""
    for table, name, test in _TRIGGERS:
        yield trigger(table, name, test)
    for name, function, words, instead, test in _BODIES:
        yield Guard(name, without(function, words, instead), test)
    yield from _written()


def _written() -> Iterator[Guard]:
    """What is decided where a message, a consent or a note is written."""
    person = "test_a_person_speaks_in_what_they_took_over_and_as_themselves"
    lock = "test_what_waits_for_its_time_has_no_lock_and_what_goes_at_once_keeps_the_conversations_order"
    yield from bodies(
        MESSAGES,
        (
            (
                "rules send what rules send",
                "guard_outgoing",
                "RAISE insufficient_privilege USING MESSAGE = 'rules send this', DETAIL = 'kind'",
                "NULL",
                "test_nobody_writes_in_a_rules_name[reminder]",
            ),
            (
                "the robot answers where it owns",
                "guard_outgoing",
                "NEW.kind = 'answer' AND spoken.owner <> 'bot'",
                "false",
                "test_the_robot_answers_only_where_it_owns_the_conversation",
            ),
            (
                "a person speaks in what is theirs",
                "guard_outgoing",
                "AND spoken.person_id IS DISTINCT FROM NEW.person_id",
                "AND false",
                person,
            ),
            (
                "a person speaks as themselves",
                "guard_outgoing",
                "THEN clinicdesk.my_person() END",
                "THEN NEW.person_id END",
                person,
            ),
            (
                "the machine of messages",
                "guard_outgoing",
                "NOT clinicdesk.message_step_allowed(OLD.state, NEW.state)",
                "false",
                "test_a_message_takes_the_steps_it_may_take",
            ),
            (
                "a consent is revoked once",
                "guard_consent",
                "TG_OP = 'UPDATE' AND OLD.revoked_at IS NOT NULL",
                "false",
                "test_a_consent_is_revoked_once_and_by_the_servers_clock",
            ),
            (
                "a note is its author's",
                "sign_event",
                "clinicdesk.my_person()",
                "NEW.person_id",
                "test_nobody_notes_in_anothers_name",
            ),
            (
                "what waits has no lock",
                "queue_message",
                "NEW.id, NEW.planned_for, NULL)",
                "NEW.id, NEW.planned_for, 'conversation:')",
                lock,
            ),
            (
                "one job for each message",
                "queue_job",
                "UPDATE queue.procrastinate_jobs SET status = 'cancelled' WHERE"
                " queueing_lock = unique_name AND status = 'todo'",
                "NULL",
                lock,
            ),
            ("lost jobs are put back once", "requeue_messages", "j.status IN ('todo', 'doing')", "false", lock),
        ),
    )
    yield Guard(
        "one try at a time is without an end",
        "DROP INDEX clinicdesk.delivery_under_way_index",
        f"{MESSAGES}::test_of_one_message_one_try_at_a_time_is_without_an_end",
    )
