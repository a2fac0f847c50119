"""`clinicdesk-server`: the unit beside a clinic's server, and what a person asks of it on the server itself.

Each command works under one account of the operating system; called by root it becomes that account first.
"""

import argparse
import datetime as dt
import json
import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from clinicdesk import __version__, words
from clinicdesk.cli import FAILED, INTERRUPTED, MISUSED, OK
from clinicdesk.usecases.server_place import CONFIG, ServerPlace, load_place
from clinicdesk.usecases.systemd import BEAT, READY, tell_systemd
from clinicdesk.words import _

UNIT, DATABASE_OWNER = "clinicdesk", "postgres"
PROGRAM = "clinicdesk-server"


def main() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit status: 1 after an error or a failed check, 2 when called wrongly."""
    look, _rest = _first_look().parse_known_args(list(arguments))
    try:
        place = load_place(look.config)
    except (OSError, ValueError):
        place = None
    words.use_language(look.language or (place.language if place else words.DEFAULT_LANGUAGE))
    given = _parse(arguments)
    if place is None:
        missing = _("This computer is not set up as a clinic's server: {path} cannot be read.")
        return _say(MISUSED, missing.format(path=look.config))
    if not _become(given.account):
        return _say(MISUSED, _("Run this as root, or as the account {name}.").format(name=given.account))
    try:
        status: int = given.command(given, place)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return _tell(error, place)
    return status


# --- the commands ----------------------------------------------------------------------------------------------------


def work(_given: Namespace, place: ServerPlace) -> int:
    """Be the unit until told to stop."""
    from clinicdesk.logs import start_logging, stop_logging
    from clinicdesk.usecases import server_unit

    start_logging(place.home, PROGRAM)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stopping.set())
    server_unit.run(place, stopping, beaten=lambda: tell_systemd(READY, BEAT))
    stop_logging()
    return OK


def check(given: Namespace, place: ServerPlace) -> int:
    """Print the checks; 1 when one of them failed."""
    from clinicdesk.desk.wording_doctor import state_word, summary
    from clinicdesk.desk.wording_server import advice_sentence, check_name, facts_line
    from clinicdesk.usecases.doctor import State, as_json, worst
    from clinicdesk.usecases.server_check import examine_server
    from clinicdesk.usecases.server_unit import reach

    checks = examine_server(place, lambda: reach(place), _now())
    if given.json:
        print(json.dumps(as_json(checks), ensure_ascii=False, indent=2))
        return int(worst(checks) is State.FAILED)
    marks = {State.OK: "✓", State.WARNING: "!", State.FAILED: "✗"}
    for one in checks:
        print(f"{marks[one.state]} {check_name(one.name)}: {state_word(one.state)}")
        for line in (facts_line(one), advice_sentence(one)):
            if line:
                print(f"    {line}")
    print(f"\n{summary(checks)}")
    return int(worst(checks) is State.FAILED)


def code(_given: Namespace, place: ServerPlace) -> int:
    """Print a code that lets one desk join."""
    from clinicdesk.usecases.server_unit import CODE_MINUTES, make_code, reach

    link = reach(place)
    try:
        made = make_code(link)
    finally:
        link.close()
    print(made)
    for address in (*place.names, *place.addresses):
        print(_("Address of the server: {address}").format(address=_with_port(address, place.port)))
    print(_("Type both at the desk within {minutes} minutes. The code opens once.").format(minutes=CODE_MINUTES))
    return OK


def renew(_given: Namespace, place: ServerPlace) -> int:
    """Renew the server's certificate, and have PostgreSQL use it."""
    from clinicdesk.usecases.server_unit import reach, renew_now

    ends = renew_now(place, lambda: reach(place), _now())
    print(_("The server's certificate is good until {day}. Desks need nothing.").format(day=ends.date().isoformat()))
    return OK


def unlock(given: Namespace, place: ServerPlace) -> int:
    """Let somebody in again whom wrong passwords locked."""
    from clinicdesk.usecases import server_setup

    server_setup.unlock(place, given.login)
    print(_("{login} may sign in again.").format(login=given.login))
    return OK


def upgrade(given: Namespace, place: ServerPlace) -> int:
    """Bring the database to this release, after a copy of it."""
    from clinicdesk.usecases import server_setup

    done = server_setup.upgrade(place)
    if done.copy is not None:
        print(_("A copy of the database as it was is in {path}").format(path=done.copy))
        print(_("The database is of this release now: {revision}").format(revision=done.revision))
    elif not given.quiet:
        print(_("The database is of this release."))
    return OK


def prepare(_given: Namespace, place: ServerPlace) -> int:
    """Make the database and let the unit into it; silent where nothing was missing."""
    from clinicdesk.desk.wording_server import made_sentence
    from clinicdesk.usecases import server_setup

    for made in server_setup.prepare(place):
        print(made_sentence(made))
    return OK


def certify(_given: Namespace, place: ServerPlace) -> int:
    """Make the authority and the server's certificate; silent where nothing was missing."""
    from clinicdesk.desk.wording_server import made_sentence
    from clinicdesk.usecases.server_unit import prepare_authority

    for made in prepare_authority(place, _now()):
        print(made_sentence(made))
    return OK


# --- what is told ----------------------------------------------------------------------------------------------------


def _first_look() -> argparse.ArgumentParser:
    look = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    look.add_argument("--config", type=Path, default=CONFIG)
    look.add_argument("--language", choices=words.LANGUAGES)
    return look


def _parse(arguments: Sequence[str]) -> Namespace:
    parser = argparse.ArgumentParser(prog=PROGRAM, description=_("The unit beside a clinic's server."))
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}", help=_("show the version"))
    parser.add_argument("--config", type=Path, default=CONFIG, metavar="FILE", help=_("what the set-up wrote"))
    parser.add_argument("--language", choices=words.LANGUAGES, help=_("the language to speak"))
    commands = parser.add_subparsers(title=_("commands"), metavar="", required=True, dest="name")
    told = (
        ("run", work, UNIT, _("be the unit: sign desks, shut out revoked ones, lock guessed accounts")),
        ("check", check, UNIT, _("say whether everything is as it should be, and what to do")),
        ("code", code, UNIT, _("make a code that lets one desk join")),
        ("renew", renew, UNIT, _("renew the server's certificate")),
        ("unlock", unlock, DATABASE_OWNER, _("let somebody in again whom wrong passwords locked")),
        ("upgrade", upgrade, DATABASE_OWNER, _("copy the database and bring it to this release")),
        ("prepare", prepare, DATABASE_OWNER, _("make the database; the set-up calls this")),
        ("certify", certify, UNIT, _("make the authority and certificates; the set-up calls this")),
    )
    for name, command, account, about in told:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(command=command, account=account)
        if name == "check":
            made.add_argument("--json", action="store_true", help=_("answer as JSON, for scripts"))
        if name == "unlock":
            made.add_argument("login", metavar="LOGIN", help=_("the login name of the person"))
        if name == "upgrade":
            made.add_argument("--quiet", action="store_true", help=_("say nothing where nothing was to do"))
    return parser.parse_args(list(arguments))


def _become(account: str) -> bool:
    """Work as `account` from now on; False where that is neither possible nor the case."""
    import pwd

    try:
        wanted = pwd.getpwnam(account)
    except KeyError:
        return False
    if os.geteuid() == 0:
        os.initgroups(account, wanted.pw_gid)
        os.setgid(wanted.pw_gid)
        os.setuid(wanted.pw_uid)
        os.environ["HOME"] = wanted.pw_dir
        os.chdir("/")
    return os.geteuid() == wanted.pw_uid


def _tell(error: Exception, place: ServerPlace) -> int:
    from clinicdesk.desk.wording import bug_sentence, sentence
    from clinicdesk.errors import ClinicError

    if isinstance(error, ClinicError):
        return _say(FAILED, sentence(error))
    from clinicdesk.cli.bugs import logged

    reference, path = logged(error, place.home)
    return _say(FAILED, bug_sentence(reference, str(path)))


def _say(status: int, text: str) -> int:
    print(text, file=sys.stderr)
    return status


def _with_port(address: str, port: int) -> str:
    host = f"[{address}]" if ":" in address else address
    return host if port == 5432 else f"{host}:{port}"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


if __name__ == "__main__":
    main()
