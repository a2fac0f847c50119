"""`clinicdesk-sync`: the process that sends, and what is asked of it by hand.

It leaves with 0, with 1 after an error that is one line on stderr, and with 2 when it was called wrongly.
"""

import argparse
import contextlib
import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from clinicdesk import __version__, settings, words
from clinicdesk.errors import ClinicError
from clinicdesk.logs import log, start_logging, stop_logging
from clinicdesk.usecases import upkeep
from clinicdesk.usecases.local import moved_to, open_folder
from clinicdesk.usecases.server_place import load_place
from clinicdesk.usecases.sync_account import PROGRAM, SyncAccount, sign_in_at_server, sign_in_here
from clinicdesk.usecases.systemd import BEAT, READY, tell_systemd
from clinicdesk.words import _
from sync.at_work import put_together
from sync.gateway.serving import DEFAULT_PORT

OK, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
SERVER_FOLDER = Path("/var/lib/clinicdesk-sync")
_AGAIN_SECONDS = 3.0
_QUIET = ("procrastinate", "apscheduler", "httpx", "httpcore", "uvicorn")  # they tell of every job and every request


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit status."""
    given = _parse(arguments)
    words.use_language(given.language or settings.load(given.data_dir).language)
    try:
        status: int = given.command(given)
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except (OSError, ValueError) as error:
        print(f"{PROGRAM}: {type(error).__name__}: {getattr(error, 'filename', None) or ''}", file=sys.stderr)
        return MISUSED if given.config else FAILED
    except ClinicError as error:
        # Its sentence is worded at the desk, which this program does not know: the fact and its data serve here.
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return FAILED


def work(given: Namespace) -> int:
    """Be at work until told to stop."""
    stopping = told_to_stop(with_desk=given.with_desk)
    with logging_in(_folder(given)), _account(given, stopping) as account:
        if account is None:
            return OK
        port = given.gateway_port or None
        with put_together(account, stopping, lambda: tell_systemd(READY, BEAT), gateway_port=port) as process:
            finished = process.run()
    if not finished:
        # A thread that is sending would keep the program from ending; its message stands as being sent.
        sys.stdout.flush()
        os._exit(OK)
    return OK


def once(given: Namespace) -> int:
    """Do whatever is due, and leave."""
    stopping = told_to_stop(with_desk=False)
    with logging_in(_folder(given)), _account(given, stopping) as account:
        if account is not None:
            with put_together(account, stopping) as process:
                process.run_once()
    return OK


def check(given: Namespace) -> int:
    """Sign in, and say for whom it would work and which others are at work."""
    with _signed_in(given) as account:
        clinics = account.clinics()
        seen, now = upkeep.processes(account.line)
        print(_("Signed in as {login}.").format(login=account.conninfo["user"]))
        for clinic in clinics:
            print(_("Clinic: {name}").format(name=clinic.name))
        print(_("Desks seal for the key {key}.").format(key=account.key_id))
        print(_("At work now: {count}").format(count=sum(one.alive(now) for one in seen)))
    return OK


def _parse(arguments: Sequence[str]) -> Namespace:
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description=_("Sends what the clinic has to say, and reads answers.")
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}", help=_("show the version"))
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data-dir", type=Path, default=settings.default_data_dir(), metavar="DIR",
                        help=_("the folder that holds the clinic's data"))  # fmt: skip
    common.add_argument("--config", type=Path, metavar="FILE", help=_("on a clinic's server: what the set-up wrote"))
    common.add_argument("--language", choices=words.LANGUAGES, help=_("the language to speak"))
    commands = parser.add_subparsers(title=_("commands"), metavar="", required=True)
    for name, command, about in (
        ("run", work, _("be at work until told to stop")),
        ("once", once, _("do whatever is due, and leave")),
        ("check", check, _("say whether it can sign in, and who is at work")),
    ):
        made = commands.add_parser(name, help=about, description=about, parents=[common])
        made.set_defaults(command=command)
        if name == "run":
            made.add_argument(
                "--with-desk", action="store_true", help=_("stop when the input ends, as the desk closes")
            )
            made.add_argument("--gateway-port", type=int, default=DEFAULT_PORT, metavar="N",
                              help=_("where providers knock on this computer; 0: nowhere"))  # fmt: skip
    return parser.parse_args(list(arguments))


def _folder(given: Namespace) -> Path:
    folder: Path = SERVER_FOLDER if given.config else given.data_dir
    return folder


@contextlib.contextmanager
def logging_in(folder: Path) -> Iterator[None]:
    """Write this program's own lines to its folder, and of its libraries what went wrong."""
    import logging

    start_logging(folder, PROGRAM)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield
    finally:
        stop_logging()


@contextlib.contextmanager
def _account(given: Namespace, stopping: threading.Event) -> Iterator[SyncAccount | None]:
    """Signed in. On a clinic's server whatever is not there yet is waited for; None when told to stop before."""
    while not stopping.is_set():
        with contextlib.ExitStack() as closing:
            try:
                account = closing.enter_context(_signed_in(given))
            except ClinicError as error:
                if not given.config:
                    raise
                log(__name__).warning("sync_waits", error=type(error).__name__)
                tell_systemd(READY, BEAT)
                stopping.wait(_AGAIN_SECONDS)
                continue
            yield account
            return
    yield None


@contextlib.contextmanager
def _signed_in(given: Namespace) -> Iterator[SyncAccount]:
    if given.config:
        with sign_in_at_server(load_place(given.config), SERVER_FOLDER) as account:
            yield account
        return
    if moved := moved_to(given.data_dir):
        raise moved
    kept = settings.load(given.data_dir)
    with open_folder(given.data_dir, kept.postgres_binaries, must_exist=True) as local, sign_in_here(local) as account:
        yield account


def told_to_stop(*, with_desk: bool) -> threading.Event:
    """Set when the system or, `with_desk`, the end of the input says that it is over."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stopping.set())
    if with_desk:
        # A desk that was killed says nothing: what holds everywhere is that its end of the pipe closes.
        threading.Thread(target=_wait_for_end, args=(stopping,), name="desk", daemon=True).start()
    return stopping


def _wait_for_end(stopping: threading.Event) -> None:
    with contextlib.suppress(OSError, ValueError):
        while os.read(0, 1024):
            pass
    stopping.set()
