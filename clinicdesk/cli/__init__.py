"""The command line: what it is told, in which language, and how it leaves.

Leaves with 0, with 1 after an error that is one sentence on stderr, with 2 when it was called wrongly. Nothing heavy is
imported before the command is known, so that `--version` answers at once and the desk's window shows first.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from clinicdesk import __version__

OK, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit status."""
    if list(arguments) == ["--version"]:
        print(f"clinicdesk {__version__}")
        return OK
    from clinicdesk.cli.parser import choose_language, chosen_folder, parse

    data_dir = chosen_folder(arguments)
    choose_language(arguments, data_dir)
    given = parse(arguments)
    try:
        status: int = given.command(given)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe had enough
        sys.stderr.close()
        return OK
    except Exception as error:
        return _tell(error, data_dir)


def _tell(error: Exception, data_dir: Path) -> int:
    """Word an error on stderr: a fact as its sentence, a bug as its reference number and where the log is."""
    from clinicdesk.cli.misuse import Misuse
    from clinicdesk.desk.wording import bug_sentence, sentence
    from clinicdesk.errors import ClinicError

    if isinstance(error, Misuse):
        print(error.sentence, file=sys.stderr)
        return MISUSED
    if isinstance(error, ClinicError):
        print(sentence(error), file=sys.stderr)
        return FAILED
    from clinicdesk.cli.bugs import logged

    reference, path = logged(error, data_dir)
    print(bug_sentence(reference, str(path)), file=sys.stderr)
    return FAILED
