"""Every promise the database keeps, how to break it on purpose, and the test that has to notice."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.guards import messages
from tests.office import GROUP_OF
from tests.storage.matrix import MATRIX, ROLES
from tests.storage.test_catalogue import CALLERS, DEFINERS, OTHERS, TABLES
from tests.storage.test_constraints import BROKEN, CHECKS, FOREIGN_KEYS, UNIQUE
from tests.storage.test_isolation import BY_CLINIC, WRITES
from tests.storage.test_profiles import NARROWED
from tests.storage.test_triggers import RECORDED, STAMPED

ATTACKS = "tests/storage/test_attacks.py"
CATALOGUE = "tests/storage/test_catalogue.py"
CONSTRAINTS = "tests/storage/test_constraints.py"
ISOLATION = "tests/storage/test_isolation.py"
MATRIX_TEST = "tests/storage/test_matrix.py"
METRICS = "tests/storage/test_metrics.py"
OVERLAP = "tests/storage/test_overlap.py"
TRIGGERS = "tests/storage/test_triggers.py"
PEOPLE = "tests/storage/test_people_attacks.py"
PROFILES = "tests/storage/test_profiles.py"
ACCESS = "tests/usecases/test_access.py"
AGENDA = "tests/usecases/test_agenda.py"
PINBOARD = "tests/usecases/test_pinboard.py"
MERGING = "tests/usecases/test_merging.py"
HOLDS = "tests/storage/test_slot_holds.py"
BLOCKS = "tests/storage/test_blocks.py"
RECALLS = "tests/storage/test_recalls.py"
SERVER_UNIT = "tests/usecases/test_server_unit.py"
DESKS = "tests/storage/test_desks.py"
RECEIPTS = "tests/storage/test_receipts.py"
PLANNING = "tests/storage/test_planning.py"
MESSAGES = "tests/storage/test_messages.py"
UPGRADING = "tests/storage/test_upgrading.py"


@dataclass(frozen=True)
class Guard:
    """One promise: its name, the SQL (an administrator's) that takes it away, the test that goes red then."""

    name: str
    off: str
    test: str


def guards() -> list[Guard]:
    """All of them."""
    found = [*_constraints(), *_triggers(), *_policies(), *_privileges(), *_functions()]
    assert len({guard.name for guard in found}) == len(found)
    return found


def _drop(table: str, constraint: str) -> str:
    return f"ALTER TABLE clinicdesk.{table} DROP CONSTRAINT {constraint} CASCADE"


def _constraints() -> Iterator[Guard]:
    for name in BROKEN:
        yield Guard(f"check {name}", _drop(CHECKS[name].name, name), f"{CONSTRAINTS}::test_a_check_refuses[{name}]")
    for name, (table, _constraint) in FOREIGN_KEYS.items():
        test = f"{CONSTRAINTS}::test_a_foreign_key_refuses[{name}]"
        yield Guard(f"foreign key {name}", _drop(table.name, name), test)
    for name, table in UNIQUE.items():
        yield Guard(f"key {name}", _drop(table.name, name), f"{CONSTRAINTS}::test_a_key_refuses_a_second_row[{name}]")
    index = "DROP INDEX clinicdesk.patient_cpf_index"
    yield Guard("unique index patient_cpf_index", index, f"{CONSTRAINTS}::test_a_cpf_belongs_to_one_patient")
    exclusion = _drop("resource_hold", "resource_hold_no_overlap")
    yield Guard("exclusion resource_hold_no_overlap", exclusion, f"{OVERLAP}::test_one_of_many_gets_the_slot")
    exempt = (
        exclusion + "; ALTER TABLE clinicdesk.resource_hold ADD CONSTRAINT resource_hold_no_overlap"
        " EXCLUDE USING gist (resource_id WITH =, during WITH &&)"
    )
    yield Guard("the exclusion lets an overbooked professional pass", exempt, f"{OVERLAP}::{_OVERBOOKED}")


_STANDS = "test_what_is_written_for_an_entry_that_was_given_up_is_of_the_one_that_stands"
_OVERBOOKED = "test_overbooking_exempts_the_professional_and_no_room"


_TOLD = "test_a_booking_is_told_after_its_grace_and_reminded_of"


def _trigger(table: str, name: str, test: str) -> Guard:
    return Guard(f"trigger {name} on {table}", f"ALTER TABLE clinicdesk.{table} DISABLE TRIGGER {name}", test)


def _triggers() -> Iterator[Guard]:
    for table in STAMPED:
        yield _trigger(table, "a_stamp", f"{TRIGGERS}::test_a_row_keeps_its_own_stamps[{table}]")
    for table in RECORDED:
        yield _trigger(table, "z_record", f"{TRIGGERS}::test_every_change_is_written_down_and_told[{table}]")
    for table in ("professional", "room", "equipment"):
        yield _trigger(table, "b_thing", f"{ISOLATION}::test_a_thing_is_not_made_of_somebody_elses_resource[{table}]")
    yield _trigger("patient", "b_index", f"{TRIGGERS}::test_a_patient_is_found_by_names_and_phone")
    yield _trigger("appointment", "b_guard", f"{OVERLAP}::test_the_limit_of_overbookings_counts_the_local_day")
    yield _trigger("appointment", "m_hold", f"{TRIGGERS}::test_what_a_visit_holds_follows_from_its_row")
    yield _trigger("appointment", "m_version", f"{TRIGGERS}::test_every_version_of_an_appointment_is_kept")
    yield _trigger("appointment", "m_unpin", f"{PINBOARD}::test_a_card_that_was_placed_leaves_every_pinboard")
    yield _trigger("appointment", "y_metrics", f"{METRICS}::test_a_booking_counts_and_a_visit_that_took_place_tells")
    yield _trigger("clinic", "y_metrics", f"{METRICS}::test_days_are_those_of_the_clinics_wall")
    yield _trigger("appointment", "n_recall", f"{RECALLS}::test_a_booking_closes_the_recall_it_answers[visit]")
    yield _trigger("appointment", "n_recall_again", f"{RECALLS}::test_another_service_opens_the_recall_of_the_first")
    for table in ("appointment", "waiting_entry", "recall", "patient_alert", "patient_tag", "consent", "question",
                  "outgoing_message", "conversation"):  # fmt: skip
        yield _trigger(table, "c_stands", f"{MERGING}::{_STANDS}")
    yield _trigger("check_in_pass", "b_code", f"{TRIGGERS}::test_nobody_chooses_a_check_in_code")
    yield _trigger("slot_hold", "z_tell", f"{HOLDS}::test_holds_are_told_to_other_desks_and_name_nobody")
    yield _trigger("time_block", "b_guard", f"{ISOLATION}::test_a_block_is_of_the_clinics_own_people_and_things")
    yield _trigger("person", "y_founded", f"{PEOPLE}::test_a_founder_ends_with_the_first_person")
    yield _trigger("appointment", "p_plan", f"{PLANNING}::{_TOLD}")
    yield _trigger("appointment", "p_plan_again", f"{PLANNING}::test_an_undone_booking_sends_nothing")
    yield _trigger("messaging_policy", "p_plan", f"{PLANNING}::test_nothing_is_planned_where_messages_are_off")
    yield _trigger("message_rule", "p_plan", f"{PLANNING}::test_a_rule_that_changes_counts_for_what_is_booked")
    yield _trigger("consent", "b_guard", f"{MESSAGES}::test_a_consent_is_revoked_once_and_by_the_servers_clock")
    yield _trigger("webhook_receipt", "n_queue", f"{RECEIPTS}::test_a_delivery_is_queued_with_its_row")
    yield _trigger("media", "n_queue", f"{RECEIPTS}::test_a_file_at_the_provider_is_queued_and_no_other")
    for table, name, test in messages.TRIGGERS:
        yield _trigger(table, name, test)
    yield _trigger("person", "y_owner", f"{ATTACKS}::test_the_last_owner_stays")


def _opened(table: str, policy: str, command: str = "ALL") -> str:
    """Replace a policy by one that lets everything pass."""
    using = "" if command == "INSERT" else "USING (true)"
    check = "" if command == "SELECT" else "WITH CHECK (true)"
    return (
        f"DROP POLICY {policy} ON clinicdesk.{table};"
        f" CREATE POLICY {policy} ON clinicdesk.{table} FOR {command} TO PUBLIC {using} {check}"
    )


def _policies() -> Iterator[Guard]:
    for table in TABLES:
        test = f"{CATALOGUE}::test_row_security_is_on_for_the_owner_too[{table}]"
        yield Guard(
            f"forced row security on {table}", f"ALTER TABLE clinicdesk.{table} NO FORCE ROW LEVEL SECURITY", test
        )
        test = f"{CATALOGUE}::test_a_policy_names_its_roles[{table}]"
        yield Guard(f"no policy for everybody on {table}", f"CREATE POLICY x ON clinicdesk.{table} USING (true)", test)
    for table in BY_CLINIC:
        test = f"{ISOLATION}::test_another_clinics_rows_are_not_seen[{table}]"
        yield Guard(f"policy clinic on {table}, reading", _opened(table, "clinic"), test)
        if table in WRITES:
            test = f"{ISOLATION}::test_another_clinics_rows_are_not_written[{table}]"
            yield Guard(f"policy clinic on {table}, writing", _opened(table, "clinic"), test)
    clinic = _opened("appointment", "clinic")
    test = f"{ISOLATION}::test_a_booking_into_another_clinic_is_refused[marta]"
    yield Guard("policy clinic on appointment, booking", clinic, test)
    test = f"{ISOLATION}::test_another_clinics_visit_does_not_change[marta]"
    yield Guard("policy clinic on appointment, changing", clinic, test)
    for table in ("organisation", "clinic", "person", "person_clinic", "resource", "professional", "patient",
                  "patient_alert", "data_key", "custom_field", "tag", "patient_tag", "segment",
                  "patient_merge", "patient_distinct"):  # fmt: skip
        test = f"{ISOLATION}::test_what_all_clinics_share_is_for_people_who_work_here[{table}]"
        yield Guard(f"policy organisation on {table}", _opened(table, "organisation"), test)
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
        ("schema_release", "everybody", f"{UPGRADING}::test_who_has_only_a_code_may_know_that_the_desk_is_too_old"),
    ):
        off = f"DROP POLICY {policy} ON clinicdesk.{table}" if policy != "batch" else _opened(table, policy)
        yield Guard(f"policy {policy} on {table}", off, test if "::" in test else f"{ISOLATION}::{test}")
    for table in ("pinned_card", "saved_view"):
        test = f"{PINBOARD}::test_what_one_put_aside_is_ones_own[{table}]"
        yield Guard(f"policy own on {table}", _opened(table, "own"), test)
    weak = (
        "ALTER POLICY own_column ON clinicdesk.appointment"
        " USING (professional_id = (SELECT clinicdesk.my_professional())) WITH CHECK (true)"
    )
    yield Guard("own_column looks at the new row", weak, f"{ISOLATION}::test_a_professional_gives_no_visit_away")
    off = _opened("wrapped_key", "own_key")
    yield Guard("policy own_key on wrapped_key", off, f"{ATTACKS}::test_one_person_does_not_read_anothers_keys")
    off = _opened("audit", "readers", "SELECT")
    yield Guard("policy readers on audit, by clinic", off, f"{ISOLATION}::test_the_audit_is_read_by_clinic")
    yield Guard("policy readers on audit, active", off, f"{ISOLATION}::test_a_closed_account_reads_nothing[audit]")


def _privileges() -> Iterator[Guard]:
    for table, cell in MATRIX.items():
        for role, login in ROLES.items():
            group = GROUP_OF.get(login, "cd_sync")
            test = f"{MATRIX_TEST}::test_a_role_may_do_what_is_written_and_no_more[{table}-{role}]"
            remove = "TRUNCATE" if role in cell.remove else "DELETE"
            yield Guard(f"{group} may not {remove} {table}", f"GRANT {remove} ON clinicdesk.{table} TO {group}", test)
            for verb, columns in (("INSERT", cell.add), ("UPDATE", cell.change)):
                if not any(role in roles and names == "*" for roles, names in columns.items()):
                    grant = f"GRANT {verb} ON clinicdesk.{table} TO {group}"
                    yield Guard(f"{group} may {verb} no other column of {table}", grant, test)
    everybody = "DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO PUBLIC', current_database()); END $$"
    yield Guard("CONNECT is not everybody's", everybody, f"{CATALOGUE}::test_the_database_is_entered_by_grant_alone")
    public = "GRANT USAGE ON SCHEMA public TO PUBLIC"
    yield Guard("schema public is closed", public, f"{CATALOGUE}::test_public_is_empty_and_closed")
    temporary = "DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()); END $$"
    table = "CREATE TEMPORARY TABLE person (id uuid, login text, active boolean)"
    yield Guard("no temporary tables", temporary, f"{ATTACKS}::test_reception_is_refused[{table}]")
    for function, call in (("lo_create(oid)", "lo_create(0)"), ("lo_open(oid, int)", "lo_open(1, 131072)")):
        grant = f"GRANT EXECUTE ON FUNCTION pg_catalog.{function} TO PUBLIC"
        yield Guard(f"{function} is nobody's", grant, f"{ATTACKS}::test_reception_is_refused[SELECT {call}]")


def _functions() -> Iterator[Guard]:
    for name in (*DEFINERS, *OTHERS):
        test = f"{CATALOGUE}::test_a_function_pins_its_path_and_its_callers[{name}]"
        yield Guard(f"{name} pins its search path", f"ALTER FUNCTION clinicdesk.{name} RESET search_path", test)
        yield Guard(f"{name} is not everybody's", f"GRANT EXECUTE ON FUNCTION clinicdesk.{name} TO PUBLIC", test)
        if name not in CALLERS:
            grant = f"GRANT EXECUTE ON FUNCTION clinicdesk.{name} TO cd_reception"
            yield Guard(f"{name} is not reception's", grant, test)
    yield from _bodies()
    yield from _server_unit()
    yield from _desk_bodies()
    yield from _planning()
    yield from _messages()
    yield from _people()


def _without(function: str, words: str, instead: str) -> str:
    """Take some words out of a function's body; fails when they are not there, so that this list cannot go stale."""
    return (
        "DO $guard$ DECLARE body text; BEGIN"
        f" SELECT pg_get_functiondef(oid) INTO body FROM pg_proc WHERE proname = '{function}'"
        " AND pronamespace = 'clinicdesk'::regnamespace;"
        f" ASSERT position($w${words}$w$ IN body) > 0, 'not in {function}';"
        f" EXECUTE replace(body, $w${words}$w$, $w${instead}$w$); END $guard$"
    )


def _desk_bodies() -> Iterator[Guard]:
    """What is decided where a desk joins and goes."""
    yield _trigger("desk", "z_record", f"{DESKS}::test_screens_hear_of_a_desk_that_came_or_went")
    for name, function, words, instead, test in (
        (
            "a code signs one request",
            "enrol_desk",
            " OR mine.csr <> '' AND mine.csr <> asked",
            "",
            "test_a_code_signs_one_request_alone",
        ),
        (
            "a code lasts minutes",
            "enrol_desk",
            " AND r.expires_at > clock_timestamp()",
            "",
            "test_a_code_that_is_too_old_asks_nothing",
        ),
        (
            "a code's password lasts an hour at most",
            "give_code_login",
            "least(greatest(minutes, 1), 60)",
            "minutes",
            "test_a_codes_password_ends_with_its_minutes",
        ),
        (
            "a code's login is named by four letters",
            "give_code_login",
            "part !~ '^[0-9A-Z]{4}$'",
            "false",
            "test_a_code_is_four_letters_and_a_verifier",
        ),
        (
            "a desk's request is answered once",
            "answer_request",
            " AND answered_at IS NULL",
            "",
            "test_an_answer_is_given_once",
        ),
        (
            "what was refused makes no desk",
            "answer_request",
            " OR refused <> ''",
            "",
            "test_what_was_refused_makes_no_desk",
        ),
        (
            "the certificate before is remembered",
            "answer_request",
            "SET former_serial = known.serial, serial",
            "SET serial",
            "test_a_renewal_is_fetched_by_whoever_asked_though_the_desk_has_the_next_certificate_by_then",
        ),
        (
            "a renewal is asked for at a desk",
            "renew_desk",
            "RAISE insufficient_privilege USING MESSAGE = 'no desk here'",
            "NULL",
            "test_a_desk_asks_for_its_next_certificate_under_its_present_one",
        ),
        (
            "a revoked desk's sessions end with it",
            "revoke_desk",
            "WHERE desk_id = revoked AND ended_at IS NULL",
            "WHERE false",
            "test_whoever_is_at_work_at_a_desk_is_out_with_it",
        ),
        (
            "a revoked desk is signed no more",
            "waiting_requests",
            "AND NOT EXISTS (SELECT 1 FROM clinicdesk.desk d WHERE d.id = r.desk_id AND d.revoked_at IS NOT NULL)",
            "",
            "test_a_desk_that_was_shut_out_gets_no_other_certificate",
        ),
        (
            "both certificates are taken back",
            "revoked_serials",
            "UNION ALL SELECT d.former_serial",
            "",
            "test_both_certificates_of_a_desk_that_was_shut_out_are_taken_back",
        ),
        (
            "every certificate is taken back",
            "revoked_serials",
            "WHERE r.desk_id = d.id",
            "WHERE false",
            "test_every_certificate_a_desk_ever_had_is_taken_back",
        ),
        (
            "a certificate is written down",
            "answer_request",
            "serial = signed_serial, answered_at",
            "answered_at",
            "test_every_certificate_a_desk_ever_had_is_taken_back",
        ),
        (
            "old codes lose their logins",
            "remove_code_logins",
            "q.expires_at <= clock_timestamp()",
            "false",
            "test_used_and_old_codes_lose_their_logins",
        ),
        (
            "a code just used may ask again",
            "remove_code_logins",
            "q.fetched_at < clock_timestamp() - interval '10 seconds'",
            "q.fetched_at IS NOT NULL",
            "test_used_and_old_codes_lose_their_logins",
        ),
    ):
        yield Guard(name, _without(function, words, instead), f"{DESKS}::{test}")


def _planning() -> Iterator[Guard]:
    """What is decided where messages are planned."""
    services = "test_a_rule_speaks_of_its_services_and_people_alone"
    for name, function, words, instead, test in (
        ("a booking is told after its grace", "plan_news", "make_interval(mins => policy.grace_minutes)",
         "interval '0'", _TOLD),
        ("a reminder keeps out of quiet hours", "reminders_of",
         "clinicdesk.last_allowed(policy, zone, wanted.exact)", "wanted.exact", _TOLD),
        ("what is due already is left out", "reminders_of", "due.at > since AND", "",
         "test_a_reminder_whose_time_is_over_is_left_out"),
        ("only where messages are on", "plan_messages", " AND p.active", "",
         "test_nothing_is_planned_where_messages_are_off"),
        ("who was imported is not told", "plan_messages",
         "NEW.import_id IS NULL AND NEW.status_channel <> 'import'", "true",
         "test_nothing_is_said_of_the_past_nor_told_to_who_was_imported"),
        ("moving back sends nothing", "plan_change", "ELSIF known <> visit.starts_at AND (", "ELSIF (",
         "test_moving_back_sends_nothing"),
        ("only the last move is told", "plan_change", "AND NOT coalesce(m.kind = news AND m.visit_at = "
         "visit.starts_at, false)", "AND false", "test_a_move_replaces_the_reminders_and_only_the_last_one_is_told"),
        ("a move within the grace is told as the booking", "plan_change", "ELSIF told.id IS NULL AND EXISTS (",
         "ELSIF false AND EXISTS (", "test_a_move_within_the_grace_is_told_as_the_booking"),
        ("who was told that it is off is told that it is on", "plan_change", "IF told.kind = 'cancelled' THEN",
         "IF false THEN", "test_the_clinics_cancellation_is_told_to_whom_the_booking_was[clinic-True]"),
        ("the patient's own cancellation is not told", "plan_messages", " AND NEW.cancelled_by = 'clinic'", "",
         "test_the_clinics_cancellation_is_told_to_whom_the_booking_was[patient-False]"),
        ("who was told nothing is told nothing", "plan_messages",
         "told.id IS NOT NULL AND told.kind <> 'cancelled'", "true", "test_an_undone_booking_sends_nothing"),
        ("what a move leaves behind is taken back", "replan_reminders", "(m.visit_at <> visit.starts_at",
         "(false", "test_a_reminder_at_the_same_time_speaks_of_the_new_visit"),
        ("what was planned is restored", "plan_message", "WHERE m.state = 'cancelled' AND", "WHERE false AND",
         "test_a_cancellation_undone_restores_what_was_planned"),
        ("what was discarded stays discarded", "plan_message", " AND m.reason <> 'discarded'", "",
         "test_what_somebody_discarded_stays_discarded"),
        ("what took place long ago is not asked about", "plan_news",
         "CONTINUE WHEN visit.ends_at + make_interval(mins => rule.offset_minutes + rule.late_minutes) <= grace",
         "NULL",
         "test_a_visit_that_was_completed_long_ago_is_not_asked_about"),
        ("nobody is asked twice", "plan_messages", "AND m.kind = 'follow_up' AND m.state <> 'cancelled'",
         "AND false", "test_who_was_asked_once_is_not_asked_again"),
        ("a rule speaks of its services", "rule_speaks",
         "(rule.service_ids = '{}' OR visit.service_id = ANY (rule.service_ids))", "true", services),
        ("a rule speaks of its people", "rule_speaks",
         "(rule.professional_ids = '{}' OR visit.professional_id = ANY (rule.professional_ids))", "true", services),
        ("a rule leaves services out", "rule_speaks", "AND NOT visit.service_id = ANY (rule.excluded_service_ids)", "",
         services),
        ("Sundays are quiet", "is_quiet", "extract(isodow FROM local) = 7 AND NOT policy.on_sundays", "false",
         "test_quiet_hours_are_those_of_the_domain"),
        ("an evening is half an hour before the quiet", "last_allowed", "interval '30 minutes'", "interval '0'",
         "test_quiet_hours_are_those_of_the_domain"),
    ):  # fmt: skip
        yield Guard(name, _without(function, words, instead), f"{PLANNING}::{test}")


def _messages() -> Iterator[Guard]:
    """What is decided where a message, a consent or a note is written."""
    person = "test_a_person_speaks_in_what_they_took_over_and_as_themselves"
    lock = "test_what_waits_for_its_time_has_no_lock_and_what_goes_at_once_keeps_the_conversations_order"
    for name, function, words, instead, test in (
        ("rules send what rules send", "guard_outgoing", "RAISE insufficient_privilege USING MESSAGE = 'rules send"
         " this', DETAIL = 'kind'", "NULL", "test_nobody_writes_in_a_rules_name[reminder]"),
        ("the robot answers where it owns", "guard_outgoing", "NEW.kind = 'answer' AND spoken.owner <> 'bot'", "false",
         "test_the_robot_answers_only_where_it_owns_the_conversation"),
        ("a person speaks in what is theirs", "guard_outgoing",
         "AND spoken.person_id IS DISTINCT FROM NEW.person_id", "AND false", person),
        ("a person speaks as themselves", "guard_outgoing", "THEN clinicdesk.my_person() END", "THEN NEW.person_id END",
         person),
        ("the machine of messages", "guard_outgoing", "NOT clinicdesk.message_step_allowed(OLD.state, NEW.state)",
         "false", "test_a_message_takes_the_steps_it_may_take"),
        ("a consent is revoked once", "guard_consent", "TG_OP = 'UPDATE' AND OLD.revoked_at IS NOT NULL", "false",
         "test_a_consent_is_revoked_once_and_by_the_servers_clock"),
        ("a note is its author's", "sign_event", "clinicdesk.my_person()", "NEW.person_id",
         "test_nobody_notes_in_anothers_name"),
        ("what waits has no lock", "queue_message", "NEW.id, NEW.planned_for, NULL)",
         "NEW.id, NEW.planned_for, 'conversation:')", lock),
        ("one job for each message", "queue_job", "UPDATE queue.procrastinate_jobs SET status = 'cancelled' WHERE"
         " queueing_lock = unique_name AND status = 'todo'", "NULL", lock),
        ("lost jobs are put back once", "requeue_messages", "j.status IN ('todo', 'doing')", "false", lock),
    ):  # fmt: skip
        yield Guard(name, _without(function, words, instead), f"{MESSAGES}::{test}")
    yield Guard(
        "one try at a time is without an end",
        "DROP INDEX clinicdesk.delivery_under_way_index",
        f"{MESSAGES}::test_of_one_message_one_try_at_a_time_is_without_an_end",
    )


_LOCK = "PERFORM clinicdesk.lock_resources(ARRAY[NEW.professional_id, NEW.room_id, NEW.equipment_id])"


def _bodies() -> Iterator[Guard]:
    """What is decided inside functions."""
    for name, function, words, instead, test in (
        *messages.BODIES,
        (
            "an owner is active",
            "require_owner",
            " AND clinicdesk.my_person() IS NOT NULL",
            "",
            f"{ATTACKS}::test_an_owner_whose_account_was_closed_makes_nobody",
        ),
        (
            "logins are asked of owners",
            "require_owner",
            "RAISE insufficient_privilege USING MESSAGE = 'owners only'",
            "NULL",
            f"{ATTACKS}::test_one_person_does_not_write_anothers_keys",
        ),
        (
            "a verifier, never a password",
            "require_verifier",
            "OR verifier !~",
            "OR false AND verifier !~",
            f"{PEOPLE}::test_what_only_looks_like_a_verifier_is_refused[SCRAM-SHA-256$x]",
        ),
        (
            "a closed person's login is closed",
            "close_person",
            "EXECUTE format('ALTER ROLE %I NOLOGIN', account)",
            "NULL",
            f"{ATTACKS}::test_a_closed_account_signs_in_no_more",
        ),
        (
            "owners are counted one at a time",
            "keep_an_owner",
            "PERFORM pg_advisory_xact_lock(hashtext('clinicdesk.owners'))",
            "NULL",
            f"{OVERLAP}::test_two_owners_do_not_close_each_other",
        ),
        (
            "the machine of statuses",
            "guard_appointment",
            "NOT clinicdesk.step_allowed(OLD.status, NEW.status)",
            "false",
            f"{TRIGGERS}::test_a_step_the_machine_has_not_is_refused_in_sql[completed-cancelled]",
        ),
        (
            "the machine of statuses is the domain's",
            "step_allowed",
            "WHEN 'completed' THEN '{pending,confirmed,checked_in,in_progress}'",
            "WHEN 'completed' THEN '{pending,confirmed,checked_in,in_progress,cancelled}'",
            f"{TRIGGERS}::test_the_machine_in_sql_is_the_machine_of_the_domain[completed]",
        ),
        (
            "the status clock",
            "guard_appointment",
            "NEW.status_at := OLD.status_at",
            "NEW.status_at := clock_timestamp()",
            f"{TRIGGERS}::test_the_status_clock_moves_with_the_status_alone",
        ),
        (
            "a booking locks its resources",
            "guard_appointment",
            _LOCK,
            "NULL",
            f"{OVERLAP}::test_resources_are_locked_until_the_end",
        ),
        (
            "overbookings are counted under the lock",
            "guard_appointment",
            _LOCK,
            "PERFORM pg_sleep(0.2)",
            f"{OVERLAP}::test_the_limit_of_overbookings_holds_under_a_race",
        ),
        (
            "time kept free is booked by nobody",
            "guard_appointment",
            "PERFORM clinicdesk.refuse_kept_free(NEW, OLD)",
            "NULL",
            f"{BLOCKS}::test_time_kept_free_is_booked_by_nobody[helena]",
        ),
        (
            "a room kept free is kept free of buffers",
            "refuse_kept_free",
            "wanted.starts_at - make_interval(mins => wanted.buffer_before)",
            "wanted.starts_at",
            f"{BLOCKS}::test_buffers_pass_into_time_off_and_not_into_a_room_kept_free",
        ),
        (
            "what is kept free elsewhere is not named",
            "refuse_kept_free",
            "CASE WHEN b.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]) THEN b.kind ELSE 'block' END",
            "b.kind",
            f"{BLOCKS}::test_time_off_in_another_clinic_counts_here",
        ),
        (
            "a visit cancelled before the block does not come back",
            "refuse_kept_free",
            " OR b.updated_at <= before.status_at",
            " OR true",
            f"{BLOCKS}::test_a_visit_cancelled_before_the_block_does_not_come_back",
        ),
        (
            "a visit that stands is left where it is",
            "refuse_kept_free",
            "WHERE NOT coalesce(",
            "WHERE NOT false AND coalesce(true OR ",
            f"{BLOCKS}::test_a_visit_that_stands_when_time_off_is_written_stays",
        ),
        (
            "a booking waits for the block that is being written",
            "guard_appointment",
            _LOCK,
            "NULL",
            f"{BLOCKS}::test_a_booking_waits_for_the_block_that_is_being_written",
        ),
        (
            "a visit given up opens its recall",
            "follow_recalls",
            "(NOT stands OR service_id <> NEW.service_id)",
            "service_id <> NEW.service_id",
            f"{RECALLS}::test_a_visit_given_up_opens_its_recall_again_and_brought_back_closes_it[no_show]",
        ),
        (
            "another service opens a recall",
            "follow_recalls",
            " OR service_id <> NEW.service_id",
            "",
            f"{RECALLS}::test_another_service_opens_the_recall_of_the_first",
        ),
        (
            "a booking answers its own service's recalls",
            "follow_recalls",
            "AND coalesce(service_id = NEW.service_id, true)",
            "",
            f"{RECALLS}::test_it_closes_every_recall_it_answers_and_no_other",
        ),
        (
            "a booking answers its own patient's recalls",
            "follow_recalls",
            "AND patient_id = NEW.patient_id",
            "",
            f"{RECALLS}::test_it_closes_every_recall_it_answers_and_no_other",
        ),
        (
            "what lies before a recall answers nothing",
            "follow_recalls",
            "AND created_at < NEW.starts_at",
            "",
            f"{RECALLS}::test_a_visit_from_before_the_recall_answers_nothing",
        ),
        (
            "a closed recall stays closed",
            "follow_recalls",
            "AND state = 'open'",
            "",
            f"{RECALLS}::test_what_is_closed_already_stays_closed[refused]",
        ),
        (
            "a block is not laid over a visit",
            "guard_time_block",
            "a.starts_at < NEW.ends_at AND",
            "false AND",
            f"{BLOCKS}::test_a_block_is_not_laid_over_a_visit",
        ),
        (
            "kept_free tells the time alone",
            "kept_free",
            "CASE WHEN own.clinic THEN b.reason ELSE '' END",
            "b.reason",
            f"{BLOCKS}::test_what_another_unit_keeps_free_is_only_a_time",
        ),
        *(
            (
                f"{function} asks for a person",
                function,
                asked,
                instead,
                f"{BLOCKS}::test_a_closed_account_is_told_no_times_and_locks_nothing",
            )
            for function, asked, instead in (
                ("busy", "AND (SELECT clinicdesk.at_work())", ""),
                ("kept_free", "AND (SELECT clinicdesk.at_work())", ""),
                ("lock_resources", "pg_trigger_depth() = 0 AND NOT clinicdesk.at_work()", "false"),
            )
        ),
        (
            "limits are counted over fresh reads",
            "lock_resources",
            "PERFORM clinicdesk.require_fresh_reads()",
            "NULL",
            f"{BLOCKS}::test_a_kept_snapshot_decides_nothing[repeatable read]",
        ),
        (
            "owners are counted over fresh reads",
            "keep_an_owner",
            "PERFORM clinicdesk.require_fresh_reads()",
            "NULL",
            f"{BLOCKS}::test_a_kept_snapshot_counts_no_owners",
        ),
        (
            "the audit holds no wrapped key",
            "record_change",
            ",wrapped}",
            "}",
            f"{ATTACKS}::test_the_audit_says_who_keeps_a_key_and_not_the_key",
        ),
        (
            "a step that claims no time takes no lock",
            "guard_appointment",
            "IF NOT claims THEN",
            "IF NOT claims AND false THEN",
            f"{OVERLAP}::test_a_status_step_does_not_wait_for_a_lock_that_a_move_holds",
        ),
        (
            "buffers are held",
            "hold_resources",
            "make_interval(mins => NEW.buffer_after)",
            "interval '0'",
            f"{AGENDA}::test_longer_buffers_do_not_push_the_next_visit",
        ),
        (
            "a cancelled visit holds nothing",
            "hold_resources",
            "IF NEW.status IN ('cancelled', 'no_show') THEN",
            "IF false THEN",
            f"{AGENDA}::test_a_no_show_frees_the_slot",
        ),
        (
            "a restored visit holds again",
            "hold_resources",
            "NEW.overbooking_reason = '', NEW.status IN ('cancelled', 'no_show'))",
            "NEW.overbooking_reason = '', OLD.status IN ('cancelled', 'no_show'))",
            f"{OVERLAP}::test_the_database_accepts_what_the_model_accepts",
        ),
        (
            "a late cancellation is the policy's to say",
            "guard_appointment",
            "NEW.cancelled_late := NEW.status = 'cancelled'",
            "NEW.cancelled_late := NEW.cancelled_late AND NEW.status = 'cancelled'",
            f"{TRIGGERS}::test_a_late_cancellation_is_said_by_the_policy",
        ),
        *(
            (name, function, words, instead, f"{METRICS}::{test}")
            for name, function, words, instead, test in (
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
            )
        ),
        (
            "a merge is of what was seen",
            "merge_patients",
            "stays.version <> kept_version OR goes.version <> merged_version",
            "false",
            f"{MERGING}::test_a_merge_in_sql_is_of_what_was_seen",
        ),
        (
            "nobody is merged twice",
            "merge_patients",
            "stays.merged_into IS NOT NULL OR goes.merged_into IS NOT NULL OR kept = merged",
            "false",
            f"{MERGING}::test_a_merge_in_sql_is_of_two_that_stand",
        ),
        (
            "a merge asks for a person",
            "merge_patients",
            "clinicdesk.my_person() IS NULL",
            "false",
            f"{MERGING}::test_an_account_that_was_closed_merges_and_parts_nobody",
        ),
        (
            "an undo of a merge asks for a person",
            "undo_merge",
            "clinicdesk.my_person() IS NULL",
            "false",
            f"{MERGING}::test_an_account_that_was_closed_merges_and_parts_nobody",
        ),
        (
            "duplicates are told to people who work here",
            "likely_duplicates",
            "(SELECT clinicdesk.my_person()) IS NOT NULL",
            "true",
            f"{MERGING}::test_an_account_that_was_closed_merges_and_parts_nobody",
        ),
        (
            "a merge is undone once, and before the next",
            "undo_merge",
            "stays.merged_into IS NOT NULL",
            "false",
            f"{MERGING}::test_a_visit_that_went_to_a_third_person_stays_there",
        ),
        (
            "what was booked since a merge stays",
            "name_instead",
            "($3 IS NULL OR $3 ? t.id::text)",
            "true",
            f"{MERGING}::test_everything_follows_and_comes_back",
        ),
        (
            "what was changed since a merge stays",
            "undo_merge",
            "became -> was_then.key IS NOT DISTINCT FROM to_jsonb(stays) -> was_then.key",
            "true",
            f"{MERGING}::test_what_was_changed_since_stays_changed",
        ),
        (
            "a booking waits for a merge",
            "who_stands",
            " FOR KEY SHARE",
            "",
            f"{MERGING}::test_a_booking_waits_for_the_merge_that_is_being_written",
        ),
        (
            "a consent stays where the other has the same",
            "name_instead",
            "AND (t.revoked_at IS NOT NULL OR NOT EXISTS",
            "AND (true OR NOT EXISTS",
            f"{MERGING}::test_what_was_said_and_allowed_follows_too",
        ),
        (
            "a guardian is one that stands",
            "name_who_stands",
            "NEW.guardian_id := clinicdesk.who_stands(NEW.guardian_id)",
            "NULL",
            f"{MERGING}::{_STANDS}",
        ),
        (
            "a merge takes visits by their ids",
            "lock_entries",
            "= ANY (visits) ORDER BY id",
            "= ANY (visits) ORDER BY starts_at",
            f"{MERGING}::test_a_merge_takes_rows_in_the_order_in_which_desks_do[False]",
        ),
        (
            "an undo of a merge takes visits before entries",
            "lock_entries",
            "= ANY (visits) ORDER BY id",
            "= ANY (visits) AND false",
            f"{MERGING}::test_a_merge_takes_rows_in_the_order_in_which_desks_do[True]",
        ),
        (
            "an expired hold makes way",
            "clear_expired_holds",
            "s.expires_at < clock_timestamp()",
            "false",
            f"{TRIGGERS}::test_an_expired_hold_makes_way_for_a_booking",
        ),
        (
            "a booking takes an expired hold away",
            "hold_resources",
            "PERFORM clinicdesk.clear_expired_holds(ARRAY[NEW.professional_id, NEW.room_id, NEW.equipment_id], held)",
            "NULL",
            f"{HOLDS}::test_an_expired_hold_stands_in_nobodys_way",
        ),
        *(
            (name, function, words, instead, f"{HOLDS}::{test}")
            for name, function, words, instead, test in (
                (
                    "a hold takes an expired one away",
                    "hold_slot",
                    "PERFORM clinicdesk.clear_expired_holds(resources, held)",
                    "NULL",
                    "test_an_expired_hold_stands_in_nobodys_way",
                ),
                (
                    "a hold is refused what is kept free",
                    "hold_slot",
                    "PERFORM clinicdesk.refuse_kept_free(visit, NULL)",
                    "NULL",
                    "test_time_kept_free_is_held_by_nobody",
                ),
                (
                    "a hold locks its resources",
                    "hold_slot",
                    "PERFORM clinicdesk.lock_resources(resources)",
                    "NULL",
                    "test_a_hold_waits_for_the_booking_that_is_being_written",
                ),
                (
                    "a hold is of one's own clinic",
                    "hold_slot",
                    "NOT coalesce(clinic = ANY (clinicdesk.my_clinics()), false)",
                    "false",
                    "test_holds_are_made_in_ones_own_clinics_and_of_their_people_and_things",
                ),
                (
                    "a hold is moved by its owner",
                    "hold_slot",
                    "s.person_id IS DISTINCT FROM person",
                    "false",
                    "test_a_hold_is_given_back_and_moved_by_its_owner_alone",
                ),
                (
                    "a hold is given back by its owner",
                    "release_hold",
                    "AND s.person_id IS NOT DISTINCT FROM clinicdesk.my_person()",
                    "",
                    "test_a_hold_is_given_back_and_moved_by_its_owner_alone",
                ),
                (
                    "a hold is given back in one's own clinics",
                    "release_hold",
                    "AND s.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[])",
                    "AND (s.person_id = clinicdesk.my_person() OR clinicdesk.my_person() IS NULL) OR s.id = hold",
                    "test_a_closed_account_holds_nothing_and_gives_nothing_back",
                ),
                (
                    "a professional holds their own time",
                    "hold_slot",
                    "AND professional IS DISTINCT FROM clinicdesk.my_professional()",
                    "AND false",
                    "test_a_professional_holds_their_own_time_alone",
                ),
                (
                    "people and things that are held are the clinic's",
                    "hold_slot",
                    "RAISE foreign_key_violation USING MESSAGE = 'not of this clinic', "
                    "CONSTRAINT = 'slot_hold_resource'",
                    "NULL",
                    "test_holds_are_made_in_ones_own_clinics_and_of_their_people_and_things",
                ),
                (
                    "a hold has a length",
                    "hold_slot",
                    "RAISE check_violation USING MESSAGE = 'no such time', CONSTRAINT = 'slot_hold_order'",
                    "NULL",
                    "test_holds_are_made_in_ones_own_clinics_and_of_their_people_and_things",
                ),
                (
                    "a hold has two ends",
                    "hold_slot",
                    "AND before BETWEEN 0 AND 240 AND after BETWEEN 0 AND 240, false)",
                    "AND before BETWEEN 0 AND 240 AND after BETWEEN 0 AND 240, true)",
                    "test_no_hold_is_without_an_end[starts_at]",
                ),
                (
                    "a hold lies within reach",
                    "hold_slot",
                    "AND starts >= '1800-01-01Z' AND ends < '2200-01-01Z'",
                    "",
                    "test_no_hold_lies_where_no_desk_can_read_it[10000-01-01]",
                ),
                (
                    "a hold lasts minutes",
                    "hold_slot",
                    "least(greatest(minutes, 1), 15)",
                    "minutes",
                    "test_a_hold_lasts_a_quarter_of_an_hour_at_most",
                ),
                (
                    "a hold elsewhere is only a time",
                    "busy",
                    "CASE WHEN h.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]) THEN h.slot_hold_id END",
                    "h.slot_hold_id",
                    "test_elsewhere_a_hold_is_only_a_time",
                ),
            )
        ),
        (
            "elsewhere is only a time",
            "busy",
            "CASE WHEN h.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]) THEN h.appointment_id END",
            "h.appointment_id",
            f"{ISOLATION}::test_a_conflict_elsewhere_tells_the_time_alone",
        ),
        (
            "my_clinics are an active person's",
            "my_clinics",
            " AND p.active",
            "",
            f"{ISOLATION}::test_a_closed_account_reads_nothing[appointment]",
        ),
        (
            "my_person is an active one",
            "my_person",
            " AND active",
            "",
            f"{ISOLATION}::test_what_all_clinics_share_is_for_people_who_work_here[data_key]",
        ),
        (
            "a block is of its clinic",
            "guard_time_block",
            "RAISE foreign_key_violation USING MESSAGE = 'not of this clinic', CONSTRAINT = 'time_block_resource'",
            "NULL",
            f"{AGENDA}::test_a_room_of_another_clinic_is_not_blocked",
        ),
        (
            "a room is in the clinic of its resource",
            "guard_thing",
            "AND r.clinic_id IS NOT DISTINCT FROM (to_jsonb(NEW) ->> 'clinic_id')::uuid",
            "",
            f"{ISOLATION}::test_a_room_is_in_the_clinic_of_its_resource",
        ),
        (
            "a note carries no row",
            "record_change",
            "'kind', TG_TABLE_NAME,",
            "'row', current, 'kind', TG_TABLE_NAME,",
            f"{TRIGGERS}::test_a_note_to_other_desks_names_nobody",
        ),
        (
            "a change is told",
            "record_change",
            "PERFORM pg_notify(",
            "PERFORM concat(",
            "tests/usecases/test_races.py::test_a_booking_is_heard_at_another_desk",
        ),
        (
            "the audit keeps what was before",
            "record_change",
            "previous, current)",
            "NULL, current)",
            f"{TRIGGERS}::test_the_audit_says_who_from_where_before_and_after",
        ),
    ):
        yield Guard(name, _without(function, words, instead), test)


def _people() -> Iterator[Guard]:
    """What owners, invited people and profiles may do and no more."""
    for name, (table, verb, _capability) in NARROWED.items():
        off = f"DROP POLICY profile_{verb.lower()} ON clinicdesk.{table}"
        yield Guard(f"profile policy {name}", off, f"{PROFILES}::test_a_profile_takes_it_away[{name}]")
    for table in ("profile", "desk_session", "refused_sign_in"):
        off = _opened(table, "organisation", "ALL" if table == "profile" else "SELECT")
        test = f"{PEOPLE}::test_who_has_only_a_code_reads_nothing[{table}]"
        yield Guard(f"people: policy organisation on {table}", off, test)
    off = "DROP POLICY own_operation_new ON clinicdesk.operation"
    yield Guard("people: a code writes no operation", off, f"{PEOPLE}::test_who_has_only_a_code_writes_nothing")
    off = "ALTER FUNCTION clinicdesk.follow_recalls() SECURITY INVOKER"
    test = f"{PROFILES}::test_booking_answers_a_recall_without_the_right_to_keep_recalls"
    yield Guard("people: a recall is answered for whoever books", off, test)
    for name, function, words, instead, test in _people_bodies():
        yield Guard(f"people: {name}", _without(function, words, instead), test)


def _people_bodies() -> Iterator[tuple[str, str, str, str, str]]:
    elsewhere = f"{PEOPLE}::test_an_owner_decides_nothing_in_another_unit"
    require, reach = "PERFORM clinicdesk.require_clinics", "PERFORM clinicdesk.require_reach"
    for name, function, asked in (
        ("a new person there", "add_person", f"{require}(clinics)"),
        ("a code for somebody there", "reset_access", f"{require}(clinicdesk.clinics_of(reset))"),
        ("the role of somebody in both", "set_access", f"{require}(theirs || clinics)"),
        ("the end of somebody there", "close_person", f"{reach}(closed)"),
        ("the lock of somebody there", "unlock_person", f"{reach}(unlocked)"),
        ("the desk of somebody there", "end_connections", f"{reach}(somebody)"),
        ("the session of somebody there", "end_session", f"{reach}(ended.person_id)"),
        ("a key for somebody there", "keep_wrapped_key", f"{require}(clinicdesk.clinics_of(owner))"),
    ):
        yield f"not in another unit, {name}", function, asked, "NULL", f"{elsewhere}[{name}]"
    yield "own units", "require_clinics", "NOT asked <@ clinicdesk.my_clinics()", "false", f"{elsewhere}[own units]"
    for capability, function in (
        ("merge_patients", "merge_patients"),
        ("merge_patients", "undo_merge"),
        ("import", "undo_patient_import"),
        ("export_patients", "record_export"),
    ):
        asked = f"PERFORM clinicdesk.require_may('{capability}')"
        yield (
            f"profile in {function}",
            function,
            asked,
            "NULL",
            f"{PROFILES}::test_a_function_asks_the_profile[{function}]",
        )
    asked = "PERFORM clinicdesk.require_may('overbook')"
    overbook = f"{PROFILES}::test_nobody_overbooks_without_it_however_it_is_written[moved]"
    yield "profile in guard_appointment", "guard_appointment", asked, "NULL", overbook
    exists = "IF EXISTS (SELECT 1 FROM clinicdesk.wrapped_key w"
    theirs = f"{PEOPLE}::test_no_owner_takes_the_place_of_anothers_key"
    yield "another's key stays", "keep_wrapped_key", exists, exists.replace("IF", "IF false AND"), theirs
    own = "reset IS NOT DISTINCT FROM clinicdesk.my_person()"
    yield "no code for oneself", "reset_access", own, "false", f"{PEOPLE}::test_no_owner_gives_themselves_a_code"
    chosen = f"{PEOPLE}::test_a_choice_of_password_loses_no_key_and_takes_no_other"
    yield "no key is lost", "choose_password", "w.data_key_id <> ALL (keys)", "false", chosen
    yield "no other key is taken", "choose_password", "w.data_key_id = given.key", "true", chosen
    roles = "person_role NOT IN ('owner', 'manager', 'reception', 'professional')"
    yield (
        "logins are of people",
        "give_login",
        roles,
        "false",
        f"{PEOPLE}::test_a_login_is_given_to_people_alone[founder]",
    )
    ended = f"{PEOPLE}::test_a_founder_ends_with_the_first_person"
    yield "founders' connections end", "end_founding", "PERFORM clinicdesk.end_backends(each, '', '')", "NULL", ended
    yield "founders' rights end", "end_founding", "EXECUTE format('REVOKE cd_founder FROM %I', each)", "NULL", ended
    before = f"{PEOPLE}::test_who_was_at_work_before_a_reset_chooses_nothing_after_it"
    yield "a reset counts at once", "choose_password", "clinicdesk.signed_in_before(me.updated_at)", "false", before
    locked = f"{PEOPLE}::test_who_is_locked_chooses_no_password"
    yield "locked chooses nothing", "choose_password", " AND locked_at IS NULL", "", locked
    nobodys = f"{SERVER_UNIT}::test_a_name_of_no_database_is_nobodys"
    yield "a login is of its database", "count_refusal", "'@' || account", "account", nobodys
    held = f"{PROFILES}::test_who_may_neither_book_nor_move_holds_no_time"
    yield "profile in hold_slot", "hold_slot", "PERFORM clinicdesk.require_may('book')", "NULL", held
    over = f"{ACCESS}::test_a_code_is_over_after_its_days"
    yield "a code has its days", "my_invitation", "AND p.code_expires_at > clock_timestamp()", "", over
    locked = f"{PEOPLE}::test_whoever_is_locked_at_work_reads_nothing_more"
    yield "locked is nobody", "my_person", " AND locked_at IS NULL", "", locked
    yield "locked is nowhere", "my_clinics", " AND p.locked_at IS NULL", "", locked
    guest = f"{PEOPLE}::test_who_has_only_a_code_reads_nothing"
    yield "a code is nobody", "my_person", " AND password_set_at IS NOT NULL", "", f"{guest}[person]"
    yield "a code is nowhere", "my_clinics", "AND p.password_set_at IS NOT NULL", "", f"{guest}[appointment]"
    owners = f"{ACCESS}::test_there_is_always_an_owner_who_can_sign_in"
    yield "a locked owner is none", "keep_an_owner", " AND locked_at IS NULL", "", owners
    yield "an invited owner is none", "keep_an_owner", " AND password_set_at IS NOT NULL", "", owners
    session = f"{PEOPLE}::test_a_session_is_touched_and_ended_by_its_own_person_alone"
    yield "a session is one's own", "touch_session", "AND person_id = clinicdesk.my_person()", "", session
    other = "ended.person_id IS DISTINCT FROM clinicdesk.my_person()"
    yield "a session is ended by owners", "end_session", f"clinicdesk.my_person() IS NULL OR {other}", "false", session


def _server_unit() -> Iterator[Guard]:
    """What the unit beside a clinic's server, and a code, may do and no more."""
    for name, function, words, instead, test in (
        (
            "a code is of one desk",
            "enrol_desk",
            "OR mine.csr <> '' AND mine.csr <> asked",
            "",
            "test_a_code_is_of_one_desk",
        ),
        (
            "a code lasts an hour at most",
            "give_code_login",
            "least(greatest(minutes, 1), 60)",
            "minutes",
            "test_a_code_lasts_an_hour_at_most",
        ),
        (
            "a code founds where there is nobody",
            "invite_founder",
            "NOT EXISTS (SELECT 1 FROM clinicdesk.person)",
            "true",
            "test_where_there_are_people_a_code_founds_nothing",
        ),
        (
            "a request that came too late is not answered",
            "waiting_requests",
            "AND r.expires_at > clock_timestamp()",
            "",
            "test_a_request_that_came_too_late_is_not_answered",
        ),
        (
            "a request is answered once",
            "answer_request",
            "AND answered_at IS NULL",
            "",
            "test_the_first_answer_stands",
        ),
        (
            "a nameless desk has a name",
            "answer_request",
            "coalesce(nullif(asked.desk_name, ''), left(asked.desk_id::text, 8))",
            "asked.desk_name",
            "test_a_desk_without_a_name_is_called_by_its_number",
        ),
        (
            "a code that ran out is taken back",
            "remove_code_logins",
            "q.expires_at <= clock_timestamp()",
            "false",
            "test_a_used_code_is_taken_back[expires_at = created_at + interval '1 microsecond'-True]",
        ),
        (
            "a used code is taken back",
            "remove_code_logins",
            "OR q.fetched_at < clock_timestamp() - interval '10 seconds' AND NOT q.founder",
            "",
            "test_a_used_code_is_taken_back[fetched_at = now() - interval '1 minute'-True]",
        ),
        (
            "a founder's code lasts until there is somebody",
            "remove_code_logins",
            "OR q.founder AND EXISTS (SELECT 1 FROM clinicdesk.person)",
            "",
            "test_a_founders_code_lasts_until_there_is_somebody",
        ),
        (
            "a revoked desk is listed",
            "revoked_serials",
            "WHERE d.revoked_at IS NOT NULL AND",
            "WHERE false AND",
            "test_a_revoked_desk_is_on_the_list_at_once",
        ),
        (
            "revoked connections are ended by owners",
            "end_revoked_connections",
            "PERFORM clinicdesk.require_owner()",
            "NULL",
            "test_ending_revoked_connections_is_the_units_and_owners",
        ),
        (
            "the tenth wrong password locks",
            "count_refusal",
            "tried >= 10",
            "tried >= 100",
            "test_the_tenth_wrong_password_locks",
        ),
        (
            "a locked account has no login",
            "count_refusal",
            "EXECUTE format('ALTER ROLE %I NOLOGIN', current_database() || '_' || known)",
            "NULL",
            "test_a_right_password_does_not_unlock",
        ),
        (
            "names out of the air fill no disk",
            "count_refusal",
            ">= 1000",
            ">= 1000000",
            "test_names_out_of_the_air_do_not_fill_the_disk",
        ),
        (
            "a right password begins the count anew",
            "count_success",
            "login = clinicdesk.login_of(account)",
            "false",
            "test_a_right_password_begins_the_count_anew",
        ),
        (
            "a right password does not unlock",
            "count_success",
            "AND tries < 10",
            "",
            "test_a_right_password_does_not_unlock",
        ),
    ):
        yield Guard(name, _without(function, words, instead), f"{SERVER_UNIT}::{test}")
