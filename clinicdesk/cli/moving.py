"""`clinicdesk move`: the clinic of this computer to a clinic server, in one go."""

import getpass
import sys
from argparse import Namespace

from clinicdesk import settings
from clinicdesk.cli.access import opened, read_password
from clinicdesk.cli.misuse import Misuse
from clinicdesk.desk.wording_places import moved_words, progress_words, readiness_words
from clinicdesk.domain.desks import DeskCode, read_address, read_code
from clinicdesk.usecases import desks, moving
from clinicdesk.words import _


def move_clinic(given: Namespace) -> int:
    """Ask for what was not given, join the server and move everything there; or take a move back."""
    kept = settings.load(given.data_dir)
    if given.undo:
        with opened(given) as local:
            moving.take_back(local, kept)
        print(_("The clinic is on this computer again."))
        return 0
    if not given.to:
        raise Misuse(_("Name the server with --to."))
    address = read_address(given.to)
    with opened(given) as local:
        print(readiness_words(moving.ready(local)))
        enrolled = desks.enrol(given.data_dir, address, _code(given), given.desk_name or kept.desk_name or _("Desk"))
        done, _there = moving.move(local, enrolled, kept, lambda step: print(progress_words(step), flush=True))
    print(moved_words(done, str(address)))
    return 0


def _code(given: Namespace) -> DeskCode:
    if given.code_fd is not None:
        return read_code(read_password(given.code_fd))
    if not sys.stdin.isatty():
        raise Misuse(_("There is nobody to ask for the code. Give it with --code-fd."))
    return read_code(getpass.getpass(_("The server's code: ")))
