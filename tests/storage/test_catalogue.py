"""What the catalogue must not hold: a table without row security, an open function, a role that may do anything."""

from typing import Any

import psycopg
import pytest

from clinicdesk.storage.tables import metadata
from tests.office import Office, value

TABLES = sorted(table.name for table in metadata.tables.values())
DEFINERS = [
    "account_of",
    "add_person",
    "answer_reading",
    "answer_request",
    "busy",
    "choose_password",
    "clear_expired_holds",
    "clinics_of",
    "close_person",
    "count_refusal",
    "count_success",
    "discard_message",
    "end_backends",
    "end_connections",
    "end_founding",
    "end_revoked_connections",
    "end_session",
    "end_session_connections",
    "end_sessions_of",
    "enrol_desk",
    "find_patients",
    "follow_recalls",
    "forget_secrets",
    "give_code_login",
    "give_login",
    "give_sync_login",
    "guard_appointment",
    "guard_outgoing",
    "guard_thing",
    "guard_time_block",
    "hold_offer",
    "hold_resources",
    "hold_slot",
    "invite_desk",
    "invite_founder",
    "keep_an_owner",
    "keep_metrics",
    "keep_metrics_of_zone",
    "keep_version",
    "keep_wrapped_key",
    "kept_free",
    "likely_duplicates",
    "lock_resources",
    "may",
    "merge_patients",
    "my_clinics",
    "my_desk",
    "my_invitation",
    "my_person",
    "my_professional",
    "name_who_stands",
    "open_session",
    "plan_messages",
    "queue_job",
    "queue_media",
    "queue_message",
    "queue_receipt",
    "record_change",
    "record_export",
    "release_hold",
    "remove_code_logins",
    "remove_old_jobs",
    "renew_desk",
    "reopen_message",
    "replan",
    "replan_clinic",
    "requeue_messages",
    "requeue_receipts",
    "require_clinics",
    "require_owner",
    "require_reach",
    "reset_access",
    "retry_message",
    "revive_jobs",
    "revoke_desk",
    "revoked_serials",
    "set_access",
    "sync_standing",
    "settle_message",
    "sign_event",
    "sign_handling",
    "signed_in_before",
    "stamp_row",
    "touch_session",
    "undo_merge",
    "undo_patient_import",
    "unlock_person",
    "unpin_placed",
    "waiting_requests",
    "withdraw_offer",
]
OTHERS = [
    "add_to_metrics",
    "at_work",
    "connection_name",
    "count_version",
    "count_visits",
    "folded",
    "give_check_in_code",
    "give_way_back",
    "guard_consent",
    "index_patient",
    "is_quiet",
    "is_sync",
    "last_allowed",
    "last_told",
    "lock_entries",
    "login_of",
    "message_step_allowed",
    "name_instead",
    "names_of_patients",
    "next_allowed",
    "plan_change",
    "plan_message",
    "plan_news",
    "plan_reminders",
    "read_visits_anew",
    "recount_metrics",
    "refuse_kept_free",
    "reminders_of",
    "replan_reminders",
    "require_fresh_reads",
    "require_may",
    "require_sender",
    "require_verifier",
    "rule_speaks",
    "step_allowed",
    "tell_row",
    "tell_session",
    "this_desk",
    "this_moment",
    "unplan",
    "who_stands",
    "with_values",
    "write_entry",
]
PEOPLE = ["cd_manager", "cd_owner", "cd_professional", "cd_reception"]
EVERYBODY = ["cd_logins", "cd_manager", "cd_owner", "cd_professional", "cd_reception", "cd_sync"]
# Those that make, bring back and remove jobs reach the queue too, whose functions name their tables without a schema.
PATHS = dict.fromkeys(("queue_job", "revive_jobs", "remove_old_jobs"), "search_path=pg_catalog, queue")
PLANNING = ("plan_cache_mode=", "jit=", "work_mem=")  # how a function is planned, not what it reaches
# Who may call what. A function that is not here is called by triggers and other functions alone.
CALLERS = {
    "record_export": ["cd_manager", "cd_owner"],
    "likely_duplicates": ["cd_manager", "cd_owner", "cd_reception"],
    "merge_patients": ["cd_manager", "cd_owner", "cd_reception"],
    "undo_merge": ["cd_manager", "cd_owner", "cd_reception"],
    "add_person": ["cd_founder", "cd_owner"],
    "close_person": ["cd_owner"],
    "keep_wrapped_key": ["cd_founder", "cd_manager", "cd_owner", "cd_professional", "cd_reception"],
    "give_login": ["cd_founder"],
    "set_access": ["cd_owner"],
    "reset_access": ["cd_owner"],
    "unlock_person": ["cd_owner"],
    "my_invitation": PEOPLE,
    "choose_password": PEOPLE,
    "my_desk": ["cd_logins", *PEOPLE],
    "end_backends": ["cd_logins"],
    "signed_in_before": ["cd_logins"],
    "end_connections": ["cd_owner"],
    "end_revoked_connections": ["cd_guard", "cd_owner"],
    "end_session_connections": ["cd_owner"],
    "open_session": PEOPLE,
    "touch_session": PEOPLE,
    "end_session": PEOPLE,
    "renew_desk": PEOPLE,
    "invite_desk": ["cd_owner"],
    "revoke_desk": ["cd_owner"],
    "enrol_desk": ["cd_enrol"],
    "invite_founder": ["cd_guard"],
    "waiting_requests": ["cd_guard"],
    "answer_request": ["cd_guard"],
    "revoked_serials": ["cd_guard"],
    "remove_code_logins": ["cd_guard"],
    "count_refusal": ["cd_guard"],
    "count_success": ["cd_guard"],
    "at_work": EVERYBODY,
    "is_sync": EVERYBODY,
    "retry_message": ["cd_manager", "cd_owner", "cd_reception"],
    "discard_message": ["cd_manager", "cd_owner", "cd_reception"],
    "settle_message": ["cd_manager", "cd_owner", "cd_reception"],
    "reopen_message": ["cd_manager", "cd_owner", "cd_reception"],
    "replan_clinic": ["cd_sync"],
    "requeue_messages": ["cd_sync"],
    "requeue_receipts": ["cd_sync"],
    "revive_jobs": ["cd_sync"],
    "sync_standing": ["cd_guard"],
    "remove_old_jobs": ["cd_sync"],
    "give_sync_login": ["cd_owner"],
    "may": EVERYBODY,
    "require_may": EVERYBODY,
    "undo_patient_import": ["cd_manager", "cd_owner", "cd_reception"],
    "find_patients": ["cd_manager", "cd_owner", "cd_professional", "cd_reception"],
    "hold_slot": ["cd_manager", "cd_owner", "cd_professional", "cd_reception", "cd_sync"],
    "release_hold": ["cd_manager", "cd_owner", "cd_professional", "cd_reception", "cd_sync"],
    "busy": EVERYBODY,
    "folded": EVERYBODY,
    "kept_free": EVERYBODY,
    "lock_resources": EVERYBODY,
    "connection_name": ["cd_watch"],
    "login_of": sorted([*EVERYBODY, "cd_watch"]),
    "my_clinics": EVERYBODY,
    "my_person": EVERYBODY,
    "my_professional": EVERYBODY,
    "step_allowed": EVERYBODY,
}


@pytest.fixture
def admin(rolled_back: Office) -> psycopg.Connection[Any]:
    return rolled_back.admin()


def test_every_table_is_looked_at(admin: psycopg.Connection[Any]) -> None:
    found = admin.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'clinicdesk'::regnamespace AND relkind IN ('r', 'p')"
    )
    assert sorted(row[0] for row in found) == sorted([*TABLES, "alembic_version"])


@pytest.mark.parametrize("table", TABLES)
def test_row_security_is_on_for_the_owner_too(table: str, admin: psycopg.Connection[Any]) -> None:
    row = admin.execute(
        "SELECT relrowsecurity, relforcerowsecurity, relowner::regrole::text FROM pg_class WHERE oid = %s::regclass",
        [f"clinicdesk.{table}"],
    ).fetchone()
    assert row == (True, True, "cd_schema")
    policies = admin.execute(
        "SELECT roles, qual, with_check FROM pg_policies"
        " WHERE schemaname = 'clinicdesk' AND tablename = %s AND policyname = 'migrator'",
        [table],
    ).fetchall()
    assert policies == [(["cd_schema"], "true", "true")]


@pytest.mark.parametrize("table", TABLES)
def test_a_policy_names_its_roles(table: str, admin: psycopg.Connection[Any]) -> None:
    for_all = admin.execute(
        "SELECT policyname FROM pg_policies WHERE schemaname = 'clinicdesk' AND tablename = %s"
        " AND (roles && '{public}' OR (qual = 'true' AND NOT roles <@ '{cd_schema,cd_logins,cd_watch}'))",
        [table],
    ).fetchall()
    assert for_all == []


def test_every_function_is_looked_at(admin: psycopg.Connection[Any]) -> None:
    found = admin.execute(
        "SELECT proname, prosecdef FROM pg_proc p WHERE pronamespace = 'clinicdesk'::regnamespace"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    ).fetchall()
    assert sorted(name for name, definer in found if definer) == sorted(DEFINERS)
    assert sorted(name for name, definer in found if not definer) == sorted(OTHERS)


@pytest.mark.parametrize("function", [*DEFINERS, *OTHERS])
def test_a_function_pins_its_path_and_its_callers(function: str, admin: psycopg.Connection[Any]) -> None:
    rows = admin.execute(
        "SELECT proconfig, proowner::regrole::text, array(SELECT grantee::regrole::text FROM aclexplode(proacl)"
        " WHERE grantee <> proowner ORDER BY 1), proacl IS NULL"
        " OR EXISTS (SELECT 1 FROM aclexplode(proacl) WHERE grantee = 0)"
        " FROM pg_proc WHERE pronamespace = 'clinicdesk'::regnamespace AND proname = %s",
        [function],
    ).fetchall()
    assert len(rows) == 1
    config, owner, callers, by_everybody = rows[0]
    assert [one for one in config if not one.startswith(PLANNING)] == [PATHS.get(function, "search_path=pg_catalog")]
    assert owner in ("cd_schema", "cd_logins", "cd_watch")
    assert not by_everybody
    assert callers == CALLERS.get(function, [])


def test_nothing_of_the_extensions_is_a_definer(admin: psycopg.Connection[Any]) -> None:
    assert (
        value(
            admin,
            "SELECT count(*) FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'"
            " WHERE pronamespace = 'clinicdesk'::regnamespace AND prosecdef",
        )
        == 0
    )


def test_public_is_empty_and_closed(admin: psycopg.Connection[Any]) -> None:
    assert value(admin, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0
    assert value(admin, "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace") == 0
    for group in ("cd_owner", "cd_manager", "cd_reception", "cd_professional", "cd_sync", "cd_logins"):
        assert not value(admin, "SELECT has_schema_privilege(%s, 'public', 'USAGE')", [group])
        assert not value(admin, "SELECT has_schema_privilege(%s, 'public', 'CREATE')", [group])
        assert not value(admin, "SELECT has_schema_privilege(%s, 'clinicdesk', 'CREATE')", [group])


def test_no_role_but_the_administrator_is_above_the_rules(admin: psycopg.Connection[Any], rolled_back: Office) -> None:
    above = admin.execute(
        "SELECT rolname FROM pg_roles WHERE rolsuper OR rolbypassrls OR rolreplication OR rolcreatedb"
    ).fetchall()
    assert above == [(admin.info.user,)]
    makers = admin.execute("SELECT rolname, rolcanlogin FROM pg_roles WHERE rolcreaterole AND NOT rolsuper").fetchall()
    assert makers == [("cd_logins", False)]


def test_nobody_who_signs_in_owns_anything(admin: psycopg.Connection[Any]) -> None:
    owners = admin.execute(
        "SELECT DISTINCT r.rolname FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid"
        " WHERE s.deptype = 'o' AND r.rolcanlogin AND NOT r.rolsuper"
    ).fetchall()
    assert owners == []
    assert value(admin, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'cd_schema'") is False


def test_the_groups_are_members_of_nothing(admin: psycopg.Connection[Any]) -> None:
    found = admin.execute(
        "SELECT m.rolname, g.rolname, a.inherit_option, a.set_option FROM pg_auth_members a"
        " JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid"
        " WHERE m.rolname LIKE 'cd\\_%' AND g.rolname LIKE 'cd\\_%' ORDER BY 2"
    ).fetchall()
    groups = ("cd_enrol", "cd_founder", "cd_manager", "cd_owner", "cd_professional", "cd_reception")
    assert found == [
        *(("cd_logins", group, False, False) for group in groups),
        ("cd_founder", "cd_schema", False, True),  # whoever founds a clinic is the tables' owner until it has people
        ("cd_logins", "cd_sync", False, False),
    ]


def test_views_ask_as_whoever_reads_them(admin: psycopg.Connection[Any]) -> None:
    views = admin.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'clinicdesk'::regnamespace AND relkind IN ('v', 'm')"
        " AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'"
    ).fetchall()
    assert views == []


def test_the_database_is_entered_by_grant_alone(rolled_back: Office, admin: psycopg.Connection[Any]) -> None:
    everybody = admin.execute(
        "SELECT a.privilege_type FROM pg_database, aclexplode(datacl) a"
        " WHERE datname = current_database() AND grantee = 0"
    ).fetchall()
    assert everybody == []
    assert value(admin, "SELECT datacl IS NOT NULL FROM pg_database WHERE datname = current_database()")


@pytest.mark.parametrize("login", ["claudia", "otavio", "renata", "helena"])
def test_a_login_waits_within_limits(login: str, rolled_back: Office) -> None:
    connection = rolled_back.connect(login)
    limits = {
        "jit": "off",
        "lock_timeout": "3s",
        "idle_in_transaction_session_timeout": "10s",
        "statement_timeout": "30s",
    }
    for name, wanted in limits.items():
        assert value(connection, f"SHOW {name}") == wanted
    assert value(connection, "SHOW search_path") in ("", '""')
