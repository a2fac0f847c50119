"""Who a command acts for: a person by name and password, or the account that owns the data folder."""

import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from clinicdesk import settings
from clinicdesk.cli.misuse import Misuse
from clinicdesk.domain.patients import fold
from clinicdesk.errors import NotFound, WhichClinic
from clinicdesk.keychain import Keychain
from clinicdesk.usecases.local import Local, act_as_owner, moved_to, open_folder
from clinicdesk.usecases.staff import SignedIn, sign_in
from clinicdesk.words import _

if TYPE_CHECKING:
    from clinicdesk.usecases.clinic import Clinic

DESK = "command line"
MOST_PASSWORD_BYTES = 4096


@contextmanager
def opened(given: Namespace, *, must_exist: bool = True) -> Iterator[Local]:
    """The data folder with its server running, for as long as the command lasts."""
    data_dir: Path = given.data_dir
    binaries = settings.load(data_dir).postgres_binaries
    with open_folder(data_dir, binaries, must_exist=must_exist) as local:
        yield local


@contextmanager
def at_work(given: Namespace, local: Local, *, keys: bool = False) -> Iterator["Clinic"]:
    """The person the command acts for, in the clinic it names.

    Without `--user` that is the owner, who needs no password on this computer; `keys` asks for it all the same, because
    protected fields open with nothing else. Raises WhichClinic, NotFound or ClinicMoved.
    """
    if moved := moved_to(local.data_dir):
        raise moved
    signed_in = _signed_in(given, local, keys)
    try:
        yield signed_in.clinic.in_clinic(_clinic_named(signed_in, given.clinic))
    finally:
        signed_in.clinic.close()


def ask_password(given: Namespace, login: str, data_dir: Path) -> str:
    """The password: from the descriptor, else the keyring, else asked. Misuse when there is nobody to ask."""
    if given.password_fd is not None:
        return read_password(given.password_fd)
    with suppress(OSError):
        if kept := Keychain(data_dir).secret(f"password of {login}"):
            return kept
    if not sys.stdin.isatty():
        raise Misuse(_("There is nobody to ask for the password. Give it with --password-fd."))
    return getpass.getpass(_("Password of {login}: ").format(login=login))


def read_password(descriptor: int) -> str:
    """The first line a file descriptor holds."""
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            line = file.readline(MOST_PASSWORD_BYTES)
    except OSError:
        raise Misuse(_("No password can be read from descriptor {number}.").format(number=descriptor)) from None
    return line.decode("utf-8", "replace").rstrip("\r\n")


def _signed_in(given: Namespace, local: Local, keys: bool) -> SignedIn:
    if given.user:
        return sign_in(local.address, given.user, ask_password(given, given.user, local.data_dir), DESK)
    if keys and not local.is_demo:
        login = local.owner_login()
        return sign_in(local.address, login, ask_password(given, login, local.data_dir), DESK)
    return act_as_owner(local, DESK)


def _clinic_named(signed_in: SignedIn, wanted: str | None) -> UUID:
    if wanted is None:
        if len(signed_in.clinics) > 1:
            raise WhichClinic(tuple(one.name for one in signed_in.clinics))
        return signed_in.clinics[0].id
    exact = [one for one in signed_in.clinics if fold(one.name) == fold(wanted)]
    found = exact or [one for one in signed_in.clinics if fold(wanted) in fold(one.name)]
    if not found:
        raise NotFound("clinic", wanted)
    if len(found) > 1:
        raise WhichClinic(tuple(one.name for one in found))
    return found[0].id
