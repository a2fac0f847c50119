"""`clinicdesk agenda print`: the agenda of a day as a PDF file."""

from argparse import Namespace

from clinicdesk.cli.access import at_work, opened
from clinicdesk.errors import UnwritableFile
from clinicdesk.usecases.printing import day_agenda
from clinicdesk.words import _


def print_day(given: Namespace) -> int:
    """Write the file and say where it is."""
    with opened(given) as local, at_work(given, local) as clinic:
        made = day_agenda(clinic, given.date)
    try:
        given.out.write_bytes(made)
    except OSError:
        raise UnwritableFile(str(given.out)) from None
    print(_("Written to {path}.").format(path=given.out))
    return 0
