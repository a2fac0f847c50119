"""`clinicdesk init`: a real, empty clinic on this computer, and the recovery key that is shown once."""

import getpass
import sys
from argparse import Namespace

from clinicdesk.cli.access import opened, read_password
from clinicdesk.cli.misuse import Misuse
from clinicdesk.domain.clinics import Clinic, clean_state, clean_zone
from clinicdesk.domain.patients import clean_name
from clinicdesk.domain.staff import AddPerson, Role, check_password
from clinicdesk.errors import ClinicAlreadyHere
from clinicdesk.usecases import setup
from clinicdesk.usecases.clinic import new_id
from clinicdesk.words import _


def make_clinic(given: Namespace) -> int:
    """Ask for what was not given, make the clinic, print its recovery key."""
    asked = _Asked(given)
    organisation = clean_name(asked.value("organisation", "--organisation", _("Organisation")), "organisation")
    given.clinic_name = given.clinic_name or given.clinic or organisation
    name = clean_name(given.clinic_name, "clinic")
    state, zone = clean_state(given.state or "SP"), clean_zone(given.zone or "America/Sao_Paulo")
    login = asked.value("owner_login", "--owner-login", _("Login name of the owner"))
    owner_name = clean_name(asked.value("owner_name", "--owner-name", _("Name of the owner")), "name")
    clinic = Clinic(new_id(), name, state=state, zone=zone)
    with opened(given, must_exist=False) as local:
        if local.has_clinic() and not local.is_demo:
            raise ClinicAlreadyHere(folder=str(given.data_dir))
        password = _new_password(given, login, owner_name)
        owner = AddPerson(new_id(), login, owner_name, Role.OWNER, password, (clinic.id,))
        made = setup.make_clinic(local.admin, setup.DATABASE, organisation, [clinic], owner)
        # Before the server is let go of: a key that was made and not shown would be lost.
        _show(name, given, made.recovery_key)
    return 0


def _show(name: str, given: Namespace, recovery_key: str) -> None:
    print(_("{clinic} is ready in {folder}.").format(clinic=name, folder=given.data_dir))
    print()
    print(_("Recovery key, shown only this once. Print it or write it down and lock it away:"))
    print(f"\n    {recovery_key}\n")
    print(_("Open the desk with: clinicdesk"))


class _Asked:
    """Values from the options, or typed at a terminal."""

    def __init__(self, given: Namespace) -> None:
        self._given = given

    def value(self, name: str, option: str, label: str) -> str:
        found: str | None = getattr(self._given, name)
        if found is not None:
            return found
        if not sys.stdin.isatty():
            raise Misuse(
                _("There is nobody to ask: {label} is missing. Give it with {option}.").format(
                    label=label, option=option
                )
            )
        return input(f"{label}: ")


def _new_password(given: Namespace, login: str, name: str) -> str:
    """The owner's password, checked; typed twice when it is typed."""
    if given.password_fd is not None:
        return read_password(given.password_fd)
    if not sys.stdin.isatty():
        raise Misuse(_("There is nobody to ask for the password. Give it with --password-fd."))
    password = getpass.getpass(_("Password of {login}: ").format(login=login))
    check_password(password, login=login, name=name)
    if getpass.getpass(_("The same password again: ")) != password:
        raise Misuse(_("The two passwords differ. Start again; nothing was made."))
    return password
