"""What is decided where a desk joins and goes, and beside a clinic's server."""

from collections.abc import Iterator

from tests.guards.guard import Guard, bodies, trigger
from tests.guards.suites import DESKS, SERVER_UNIT


def guards() -> Iterator[Guard]:
    """All of them."""
    yield trigger("desk", "z_record", f"{DESKS}::test_screens_hear_of_a_desk_that_came_or_went")
    yield from bodies(
        DESKS,
        (
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
        ),
    )
    yield from bodies(
        SERVER_UNIT,
        (
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
        ),
    )
