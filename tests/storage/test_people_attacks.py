"""What people, invited people, codes of desks and the server's own unit try with psql, and what comes of it."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql

from clinicdesk.storage.engine import login_of
from tests.office import PASSWORD, Office, put, refusal, value
from tests.storage.matrix import MATRIX
from tests.storage.rows import fill

DENIED = errors.InsufficientPrivilege
PEOPLE = ("claudia", "otavio", "renata", "helena", "sync")
OTHERS = ("invited", "+K7M4", "+F0ND", "guard")  # a code's guest, a desk's code, a founder's code, the server's unit
EVERYBODY = (*PEOPLE, *OTHERS)
# What an invited person may call: harmless answers about nobody, and the choice of a password.
_FOR_THE_INVITED = {
    "my_invitation", "choose_password", "login_of", "my_person", "my_clinics", "my_professional", "my_desk", "may",
    "require_may", "at_work", "is_sync",
    "folded", "step_allowed", "kept_free", "busy", "touch_session", "likely_duplicates", "find_patients",
    "release_hold", "undo_patient_import",
}  # fmt: skip


@pytest.fixture
def crowd(office: Office) -> Office:
    """The office with the logins that stand beside its people."""
    admin = office.admin()
    claudia, ipe = office.connect("claudia"), office.sample.clinics["ipe"]
    claudia.execute(
        "SELECT clinicdesk.add_person(%s, 'invited', 'Nova', 'owner', %s, %s, 200, NULL, now() + interval '1 day')",
        [uuid4(), _verifier(admin, login_of(office.database, "invited")), [ipe]],
    )
    for part, founding in (("K7M4", False), ("F0ND", True)):
        account = login_of(office.database, f"+{part}")
        admin.execute(
            "SELECT clinicdesk.give_code_login(%s, %s, %s, 15, %s)",
            [uuid4(), part, _verifier(admin, account), founding],
        )
    guard = sql.Identifier(login_of(office.database, "guard"))
    admin.execute(sql.SQL("CREATE ROLE {} LOGIN IN ROLE cd_guard PASSWORD {}").format(guard, sql.Literal(PASSWORD)))
    admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(office.database), guard))
    return office


def _verifier(connection: psycopg.Connection[Any], account: str) -> str:
    return connection.pgconn.encrypt_password(PASSWORD.encode(), account.encode(), b"scram-sha-256").decode()


_STATEMENTS = [
    "SET SESSION AUTHORIZATION {victim}",
    "SET ROLE {victim}",
    "SET ROLE clinicdesk_admin",
    "SET ROLE cd_logins",
    "SET ROLE cd_watch",
    "SET ROLE pg_read_all_data",
    "ALTER ROLE {victim} PASSWORD 'x'",
    "ALTER ROLE {victim} NOLOGIN",
    "ALTER ROLE {victim} SET search_path = public",
    "ALTER ROLE cd_owner LOGIN",
    "ALTER ROLE cd_logins PASSWORD 'x' LOGIN",
    "GRANT cd_owner TO {me}",
    "GRANT cd_schema TO {me}",
    "GRANT cd_logins TO {me}",
    "GRANT {victim} TO {me}",
    "DROP ROLE {victim}",
    "CREATE ROLE mallory LOGIN",
    "CREATE SCHEMA mine",
    "CREATE TABLE public.person (id uuid)",
    "CREATE TEMPORARY TABLE person (id uuid, login text)",
    "CREATE VIEW public.everybody AS SELECT * FROM clinicdesk.person",
    "CREATE FUNCTION public.leak() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION clinicdesk.record_change()",
    "CREATE EXTENSION dblink",
    "COPY clinicdesk.person TO PROGRAM 'cat'",
    "COPY clinicdesk.person FROM PROGRAM 'true'",
    "COPY clinicdesk.person TO '/tmp/people'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT rolpassword FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT lo_create(0)",
    "SELECT lo_import('/etc/hostname')",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT pg_reload_conf()",
    "SELECT clinicdesk.give_code_login(gen_random_uuid(), 'AAAA', 'x', 1, true)",
    "SELECT clinicdesk.end_backends('{victim}', '', '')",
    "SELECT clinicdesk.end_sessions_of(gen_random_uuid())",
    "SELECT clinicdesk.account_of(gen_random_uuid())",
    "SELECT clinicdesk.require_clinics('{{}}')",
    "SELECT clinicdesk.give_login('mallory', 'owner', 'x', NULL)",
    "UPDATE clinicdesk.desk_session SET ended_at = NULL",
    "UPDATE clinicdesk.person SET locked_at = NULL",
    "UPDATE clinicdesk.person SET password_set_at = now()",
    "UPDATE clinicdesk.person SET profile_id = NULL",
    "UPDATE clinicdesk.person_clinic SET clinic_id = clinic_id",
    "DELETE FROM clinicdesk.refused_sign_in",
    "INSERT INTO clinicdesk.wrapped_key (kind) VALUES ('password')",
    "SELECT * FROM clinicdesk.desk_request",
    "TRUNCATE clinicdesk.audit",
]


@pytest.mark.parametrize("attacker", EVERYBODY)
def test_nobody_goes_round_the_functions(attacker: str, crowd: Office) -> None:
    """Every statement in turn, by every kind of login the server knows."""
    connection = crowd.connect(attacker)
    victim = login_of(crowd.database, "bruno" if attacker != "bruno" else "renata")
    me = f'"{login_of(crowd.database, attacker)}"'
    for statement in _STATEMENTS:
        asked = statement.format(victim=f'"{victim}"' if "'{victim}'" not in statement else victim, me=me)
        error = refusal(connection, asked)
        assert isinstance(error, DENIED | errors.InvalidSchemaName), (asked, error)
    crowd.connect("bruno")


_OF_OWNERS = {
    "add_person": "SELECT clinicdesk.add_person(gen_random_uuid(), 'm', 'M', 'owner', 'x', '{}', 200, NULL, NULL)",
    "close_person": "SELECT clinicdesk.close_person(%(victim)s)",
    "set_access": "SELECT clinicdesk.set_access(%(victim)s, 'owner', NULL, '{}')",
    "reset_access": "SELECT clinicdesk.reset_access(%(victim)s, 'x', now(), '{}', '{}')",
    "unlock_person": "SELECT clinicdesk.unlock_person(%(victim)s)",
    "end_connections": "SELECT clinicdesk.end_connections(%(victim)s)",
    "end_session": "SELECT clinicdesk.end_session(%(session)s)",
    "end_session_connections": "SELECT clinicdesk.end_session_connections(%(session)s)",
    "end_revoked_connections": "SELECT clinicdesk.end_revoked_connections()",
    "invite_desk": "SELECT clinicdesk.invite_desk(gen_random_uuid(), 'AAAA', 'x', 5)",
    "revoke_desk": "SELECT clinicdesk.revoke_desk(gen_random_uuid())",
    "keep_wrapped_key": "SELECT clinicdesk.keep_wrapped_key(gen_random_uuid(), %(victim)s, 'password', '')",
    "profile": "INSERT INTO clinicdesk.profile (id, name, role) VALUES (gen_random_uuid(), 'x', 'manager')",
}
_GUARDS_OWN = {"end_revoked_connections"}


@pytest.mark.parametrize("name", sorted(_OF_OWNERS))
def test_what_owners_decide_is_refused_to_everybody_else(name: str, crowd: Office) -> None:
    session = uuid4()
    bruno = crowd.sample.people["bruno"]
    put(crowd.admin(), "desk_session", id=session, person_id=bruno)
    for attacker in EVERYBODY:
        if attacker == "claudia" or (attacker == "guard" and name in _GUARDS_OWN):
            continue
        error = refusal(crowd.connect(attacker), _OF_OWNERS[name], {"victim": bruno, "session": session})
        assert isinstance(error, DENIED), (attacker, error)


@pytest.mark.parametrize("table", sorted(MATRIX))
def test_who_has_only_a_code_reads_nothing(table: str, crowd: Office) -> None:
    """An invited owner holds the owners' group already, and every policy asks for a person behind it."""
    fill(crowd, crowd.admin())
    open_to_all = table in ("alembic_version", "schema_release")
    for guest in ("invited", "+K7M4"):
        connection = crowd.connect(guest)
        try:
            seen = value(connection, f"SELECT count(*) FROM clinicdesk.{table}")
        except DENIED:
            continue
        assert seen == 0 or open_to_all, (guest, seen)


def test_who_has_only_a_code_writes_nothing(crowd: Office) -> None:
    connection, clinic = crowd.connect("invited"), crowd.sample.clinics["ipe"]
    for statement, parameters in (
        ("INSERT INTO clinicdesk.operation (id, kind) VALUES (gen_random_uuid(), 'x')", []),
        ("INSERT INTO clinicdesk.patient (id, full_name) VALUES (gen_random_uuid(), 'X')", []),
        ("INSERT INTO clinicdesk.service (id, clinic_id, name) VALUES (gen_random_uuid(), %s, 'x')", [clinic]),
        ("INSERT INTO clinicdesk.profile (id, name, role) VALUES (gen_random_uuid(), 'x', 'manager')", []),
    ):
        assert isinstance(refusal(connection, statement, parameters), DENIED), statement


def test_every_function_refuses_who_has_only_a_code(crowd: Office) -> None:
    connection = crowd.connect("invited")
    functions = connection.execute(
        "SELECT p.proname, string_agg('NULL::' || format_type(a.kind, NULL), ', ' ORDER BY a.place)"
        "  FROM pg_proc p LEFT JOIN LATERAL unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a (kind, place) ON true"
        " WHERE p.pronamespace = 'clinicdesk'::regnamespace AND p.prorettype <> 'trigger'::regtype"
        "   AND p.proowner::regrole::text LIKE 'cd%'"
        "   AND has_function_privilege(p.oid, 'EXECUTE') GROUP BY p.oid, p.proname ORDER BY 1"
    ).fetchall()
    assert {name for name, _arguments in functions} > {"choose_password", "find_patients", "merge_patients"}
    answered = set()
    for name, arguments in functions:
        try:
            with connection.transaction():
                connection.execute(f"SELECT clinicdesk.{name}({arguments or ''})".encode())
            answered.add(name)
        except DENIED:
            continue
        except psycopg.Error:
            answered.add(name)
    assert answered <= _FOR_THE_INVITED


def test_whoever_is_locked_at_work_reads_nothing_more(office: Office) -> None:
    fill(office, office.admin())
    connection = office.connect("otavio")
    assert value(connection, "SELECT count(*) FROM clinicdesk.appointment") > 0
    assert value(connection, "SELECT clinicdesk.my_professional()") is None
    for _try in range(10):
        office.admin().execute("SELECT clinicdesk.count_refusal(%s, NULL)", [login_of(office.database, "otavio")])
    for table in ("appointment", "person", "patient", "audit"):
        assert value(connection, f"SELECT count(*) FROM clinicdesk.{table}") == 0
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        office.connect("otavio")


# --- an owner of one unit against another ----------------------------------------------------------------------------


@pytest.fixture
def two_owners(office: Office) -> Office:
    """Otávio owns the clinic Ipê alone; Bruno works in Jacarandá, Caio in both."""
    otavio, ipe = office.sample.people["otavio"], office.sample.clinics["ipe"]
    office.admin().execute("SELECT clinicdesk.set_access(%s, 'owner', NULL, %s)", [otavio, [ipe]])
    return office


_AGAINST = {
    "own units": ("SELECT clinicdesk.set_access(%(otavio)s, 'owner', NULL, %(both)s)", "require_clinics"),
    "a new person there": (
        "SELECT clinicdesk.add_person(gen_random_uuid(), 'nova', 'N', 'owner', %(verifier)s, %(both)s, 9, NULL, NULL)",
        "add_person",
    ),
    "a code for somebody there": (
        "SELECT clinicdesk.reset_access(%(bruno)s, %(verifier)s, now() + interval '1 day', '{}', '{}')",
        "reset_access",
    ),
    "a code for somebody in both": (
        "SELECT clinicdesk.reset_access(%(caio)s, %(verifier)s, now() + interval '1 day', '{}', '{}')",
        "reset_access",
    ),
    "the role of somebody there": (
        "SELECT clinicdesk.set_access(%(bruno)s, 'owner', NULL, ARRAY[%(jacaranda)s::uuid])",
        "set_access",
    ),
    "the role of somebody in both": ("SELECT clinicdesk.set_access(%(caio)s, 'owner', NULL, %(both)s)", "set_access"),
    "taking a unit away": ("SELECT clinicdesk.set_access(%(bruno)s, 'reception', NULL, '{}')", "set_access"),
    "the end of somebody there": ("SELECT clinicdesk.close_person(%(bruno)s)", "close_person"),
    "the lock of somebody there": ("SELECT clinicdesk.unlock_person(%(bruno)s)", "unlock_person"),
    "the desk of somebody there": ("SELECT clinicdesk.end_connections(%(bruno)s)", "end_connections"),
    "the session of somebody there": ("SELECT clinicdesk.end_session(%(session)s)", "end_session"),
    "a key for somebody there": (
        "SELECT clinicdesk.keep_wrapped_key(%(key)s, %(bruno)s, 'password', 'x')",
        "keep_wrapped_key",
    ),
}


@pytest.mark.parametrize("group", ["founder", "enrol", "logins", "sync"])
def test_a_login_is_given_to_people_alone(group: str, office: Office) -> None:
    """A founder would keep a way back, into every table or past the certificates, after there are people."""
    statement = "SELECT clinicdesk.give_login(%s, %s, %s, NULL)"
    thief = [login_of(office.database, "thief"), group, office.sample.verifiers["renata"]]
    assert refusal(office.admin(), statement, thief).sqlstate == "CD005"


def test_a_founder_ends_with_the_first_person(crowd: Office) -> None:
    """Every one, whether the server's unit runs or not: a founder may become the owner of the tables."""
    account = login_of(crowd.database, "+F0ND")
    conninfo: dict[str, Any] = {**crowd.address, "user": account, "password": PASSWORD}
    with psycopg.connect(**conninfo, autocommit=True) as founder:
        founder.execute("SET ROLE cd_schema")
        add = "SELECT clinicdesk.add_person(%s, 'first', 'F', 'owner', %s, %s, 200, NULL, NULL)"
        verifier, clinics = crowd.sample.verifiers["renata"], [crowd.sample.clinics["ipe"]]
        crowd.connect("claudia").execute(add.encode(), [uuid4(), verifier, clinics])
        with pytest.raises(psycopg.OperationalError):
            founder.execute("SELECT FROM clinicdesk.patient")
    with psycopg.connect(**conninfo, autocommit=True) as late:
        for statement in ("SET ROLE cd_schema", "SET session_replication_role = replica"):
            assert isinstance(refusal(late, statement), DENIED)


@pytest.mark.parametrize("name", sorted(_AGAINST))
def test_an_owner_decides_nothing_in_another_unit(name: str, two_owners: Office) -> None:
    office, session = two_owners, uuid4()
    put(office.admin(), "desk_session", id=session, person_id=office.sample.people["bruno"])
    names = {
        **office.sample.people,
        "jacaranda": office.sample.clinics["jacaranda"],
        "both": list(office.sample.clinics.values()),
        "verifier": office.sample.verifiers["renata"],
        "session": session,
        "key": value(office.admin(), "SELECT id FROM clinicdesk.data_key LIMIT 1"),
    }
    error = refusal(office.connect("otavio"), _AGAINST[name][0], names)
    assert isinstance(error, DENIED)
    assert error.diag.message_detail == "clinics"


def test_an_owner_sends_away_who_works_in_both_and_gives_back_own_units(two_owners: Office) -> None:
    office, otavio = two_owners, two_owners.connect("otavio")
    caio, jacaranda = office.sample.people["caio"], office.sample.clinics["jacaranda"]
    otavio.execute("SELECT clinicdesk.set_access(%s, 'professional', NULL, %s)", [caio, [jacaranda]])
    assert value(office.admin(), "SELECT clinicdesk.clinics_of(%s)", [caio]) == [jacaranda]
    renata = office.sample.people["renata"]
    otavio.execute("SELECT clinicdesk.close_person(%s)", [renata])


def test_no_owner_takes_the_place_of_anothers_key(office: Office) -> None:
    claudia, renata = office.connect("claudia"), office.sample.people["renata"]
    key = value(office.admin(), "SELECT data_key_id FROM clinicdesk.wrapped_key WHERE person_id = %s LIMIT 1", [renata])
    statement = "SELECT clinicdesk.keep_wrapped_key(%s, %s, 'password', '\\x00')"
    assert isinstance(refusal(claudia, statement, [key, renata]), DENIED)


def test_no_owner_gives_themselves_a_code(office: Office) -> None:
    statement = "SELECT clinicdesk.reset_access(%s, %s, now(), '{}', '{}')"
    claudia = office.sample.people["claudia"]
    error = refusal(office.connect("claudia"), statement, [claudia, office.sample.verifiers["claudia"]])
    assert isinstance(error, DENIED)


@pytest.mark.parametrize(
    "verifier",
    [
        "senha em claro",
        "SCRAM-SHA-256$x",
        "SCRAM-SHA-256$4096:c2Fs",
        "SCRAM-SHA-256$1:" + "A" * 24 + "$" + "A" * 43 + "=:" + "A" * 43 + "=",
        "md5" + "0" * 32,
    ],
)
def test_what_only_looks_like_a_verifier_is_refused(verifier: str, rolled_back: Office) -> None:
    statement = "SELECT clinicdesk.add_person(%s, 'nova', 'N', 'reception', %s, '{}', 200, NULL, NULL)"
    assert refusal(rolled_back.connect("claudia"), statement, [uuid4(), verifier]).sqlstate == "CD005"
    statement = "SELECT clinicdesk.choose_password(%s, '{}', '{}')"
    assert refusal(rolled_back.connect("helena"), statement, [verifier]).sqlstate == "CD005"


def test_a_choice_of_password_loses_no_key_and_takes_no_other(office: Office) -> None:
    renata, verifier = office.connect("renata"), office.sample.verifiers["renata"]
    statement = "SELECT clinicdesk.choose_password(%s, %s, %s)"
    keys = [row[0] for row in renata.execute("SELECT data_key_id FROM clinicdesk.wrapped_key").fetchall()]
    foreign = value(office.admin(), "SELECT id FROM clinicdesk.data_key WHERE NOT id = ANY (%s) LIMIT 1", [keys])
    for wrong in (keys[:-1], [*keys, foreign]):
        assert refusal(renata, statement, [verifier, wrong, [b"x"] * len(wrong)]).sqlstate == "CD005"
    renata.execute(statement.encode(), [verifier, keys, [b"x"] * len(keys)])


def _own_choice(office: Office, connection: psycopg.Connection[Any]) -> tuple[str, list[Any]]:
    keys = [row[0] for row in connection.execute("SELECT data_key_id FROM clinicdesk.wrapped_key").fetchall()]
    statement = "SELECT clinicdesk.choose_password(%s, %s, %s)"
    return statement, [office.sample.verifiers["renata"], keys, [b"x"] * len(keys)]


def test_who_was_at_work_before_a_reset_chooses_nothing_after_it(office: Office) -> None:
    """Whoever sits at the open desk for which the password was taken back must not be the one to choose the next."""
    old, renata = office.connect("renata"), office.sample.people["renata"]
    statement, choice = _own_choice(office, old)
    office.connect("claudia").execute(
        "SELECT clinicdesk.reset_access(%s, %s, now() + interval '1 day', %s, %s)",
        [renata, office.sample.verifiers["renata"], *choice[1:]],
    )
    assert isinstance(refusal(old, statement, choice), DENIED)
    office.connect("renata").execute(statement.encode(), choice)


def test_who_is_locked_chooses_no_password(office: Office) -> None:
    renata = office.connect("renata")
    statement, choice = _own_choice(office, renata)
    office.admin().execute("UPDATE clinicdesk.person SET locked_at = now() WHERE login = 'renata'")
    assert isinstance(refusal(renata, statement, choice), DENIED)


def test_a_session_is_touched_and_ended_by_its_own_person_alone(office: Office) -> None:
    renata, bruno, session = office.connect("renata"), office.connect("bruno"), uuid4()
    renata.execute("SELECT clinicdesk.open_session(%s, 'mesa 1')", [session])
    assert value(renata, "SELECT clinicdesk.touch_session(%s)", [session])
    assert not value(bruno, "SELECT clinicdesk.touch_session(%s)", [session])
    assert isinstance(refusal(bruno, "SELECT clinicdesk.end_session(%s)", [session]), DENIED)
    renata.execute("SELECT clinicdesk.end_session(%s)", [session])
    assert not value(renata, "SELECT clinicdesk.touch_session(%s)", [session])


def test_errors_tell_nothing_of_rows_one_may_not_see(office: Office) -> None:
    """A condition that fails on a hidden row must not be asked of it, nor may its values come out in words."""
    office.book_row(office.admin(), note="segredo")
    bruno = office.connect("bruno")
    assert value(bruno, "SELECT count(*) FROM clinicdesk.appointment WHERE 1 / (length(note) - length(note)) = 1") == 0
    assert value(bruno, "SELECT count(*) FROM clinicdesk.appointment WHERE note::int = 1") == 0
