"""The commands and their options. Only words and settings are needed to know what is wanted."""

import argparse
import datetime as dt
import importlib
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from clinicdesk import __version__, settings, words
from clinicdesk.words import _

DEMO_ZONE = ZoneInfo("America/Sao_Paulo")
SMALLEST, LARGEST = 320, 8192  # pixels of a picture's side


class _Parser(ArgumentParser):
    """Says what is wrong in one sentence, and leaves with 2."""

    def error(self, message: str) -> NoReturn:
        """Tell what argparse found, and where the right way is described."""
        how = _("See {command} --help.").format(command=self.prog)
        sys.stderr.write(f"{self.prog}: {message}. {how}\n")
        raise SystemExit(2)


def chosen_folder(arguments: Sequence[str]) -> Path:
    """The data folder that the arguments name, else the default one; nothing else is looked at."""
    given, _rest = _first_look().parse_known_args(list(arguments))
    return given.data_dir or settings.default_data_dir()


def choose_language(arguments: Sequence[str], data_dir: Path) -> None:
    """Speak the language named, else the one in this folder's settings."""
    given, _rest = _first_look().parse_known_args(list(arguments))
    wanted = given.language or settings.load(data_dir).language
    words.use_language(wanted if wanted in words.LANGUAGES else words.DEFAULT_LANGUAGE)


def parse(arguments: Sequence[str]) -> Namespace:
    """The command and its options; `command` is what to call with them. Leaves with 2 when they make no sense."""
    parser = _Parser(prog="clinicdesk", description=_("The front desk of a clinic."), parents=[_common()])
    parser.set_defaults(command=_later("desk", "open_desk"))
    parser.add_argument("--version", action="version", version=f"clinicdesk {__version__}", help=_("show the version"))
    commands = parser.add_subparsers(title=_("commands"), metavar="")
    for add in (_add_init, _add_demo, _add_doctor, _add_database, _add_move, _add_import, _add_agenda):
        add(commands)
    given = parser.parse_args(list(arguments))
    given.data_dir = getattr(given, "data_dir", None) or settings.default_data_dir()
    for name in ("clinic", "user", "password_fd", "language"):
        setattr(given, name, getattr(given, name, None))
    return given


Commands = argparse._SubParsersAction  # the type add_subparsers returns has no public name


def _first_look() -> ArgumentParser:
    look = ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    look.add_argument("--data-dir", type=_folder, nargs="?")
    look.add_argument("--language", nargs="?")
    return look


def _common() -> _Parser:
    """The options of every command; SUPPRESS, so that they count before the command as well as after it."""
    common = _Parser(add_help=False, argument_default=SUPPRESS)
    common.add_argument("--data-dir", type=_folder, metavar="DIR", help=_("the folder that holds the clinic's data"))
    common.add_argument("--clinic", metavar="NAME", help=_("which clinic, where there are several"))
    common.add_argument("--user", metavar="LOGIN", help=_("act as this person; without it, as the owner"))
    common.add_argument("--password-fd", type=int, metavar="N", help=_("read the password from this descriptor"))
    common.add_argument("--language", choices=words.LANGUAGES, help=_("the language to speak"))
    return common


def _command(commands: "Commands[_Parser]", name: str, about: str, where: str, function: str) -> ArgumentParser:
    made = commands.add_parser(name, help=about, description=about, parents=[_common()])
    made.set_defaults(command=_later(where, function))
    return made


def _group(commands: "Commands[_Parser]", name: str, about: str) -> "Commands[_Parser]":
    made = commands.add_parser(name, help=about, description=about, parents=[_common()])
    return made.add_subparsers(title=_("commands"), metavar="", required=True, dest=f"{name}_command")


def _add_init(commands: "Commands[_Parser]") -> None:
    init = _command(commands, "init", _("make a real, empty clinic on this computer"), "init", "make_clinic")
    init.add_argument("--organisation", metavar="NAME", help=_("the organisation's name"))
    init.add_argument("--clinic-name", metavar="NAME", help=_("the first clinic's name; also --clinic"))
    init.add_argument("--owner-login", metavar="LOGIN", help=_("the owner's login name"))
    init.add_argument("--owner-name", metavar="NAME", help=_("the owner's name"))
    init.add_argument("--state", metavar="UF", help=_("the state its holidays go by (SP)"))
    init.add_argument("--zone", metavar="ZONE", help=_("the time zone (America/Sao_Paulo)"))


def _add_demo(commands: "Commands[_Parser]") -> None:
    demo = _command(commands, "demo", _("open a clinic full of invented people"), "desk", "open_demo")
    demo.add_argument("--reset", action="store_true", help=_("make the demo anew"))
    demo.add_argument("--patients", type=_count, metavar="N", help=_("how many patients"))
    demo.add_argument("--appointments", type=_count, metavar="N", help=_("how many appointments"))
    demo.add_argument("--now", type=_moment, metavar="ISO", help=_("the moment to show, such as 2026-11-24T10:18"))
    demo.add_argument("--theme", choices=("light", "dark"), help=_("light or dark"))
    demo.add_argument("--screenshots", type=_folder, metavar="DIR", help=_("draw every screen into this folder"))
    demo.add_argument("--size", type=_size, default=(1440, 900), metavar="1440x900", help=_("size of the pictures"))


def _add_doctor(commands: "Commands[_Parser]") -> None:
    doctor = _command(commands, "doctor", _("check this computer and its database"), "doctor", "examine")
    doctor.add_argument("--json", action="store_true", help=_("answer as JSON, for scripts"))


def _add_database(commands: "Commands[_Parser]") -> None:
    database = _group(commands, "db", _("the schema of the database"))
    _command(database, "status", _("show which revision the database has"), "database", "show_status")
    _command(database, "upgrade", _("bring the database to this release"), "database", "upgrade")


def _add_move(commands: "Commands[_Parser]") -> None:
    move = _command(commands, "move", _("move the clinic of this computer to a clinic server"), "moving", "move_clinic")
    move.add_argument("--to", metavar="HOST[:PORT]", help=_("the server's address"))
    move.add_argument("--code-fd", type=int, metavar="N", help=_("read the server's code from this descriptor"))
    move.add_argument("--desk-name", metavar="NAME", help=_("what this desk is called there"))
    move.add_argument("--undo", action="store_true", help=_("take back a move of which nothing arrived"))


def _add_import(commands: "Commands[_Parser]") -> None:
    imports = _group(commands, "import", _("take over data from another system"))
    patients = _command(imports, "patients", _("import patients from a CSV file"), "imports", "import_patients")
    agenda = _command(imports, "agenda", _("import an agenda from an .ics file"), "imports", "import_agenda")
    agenda.add_argument("--professional", required=True, metavar="NAME", help=_("whose agenda it is"))
    about = _("import attendances from a table of another system, as a TOML file describes it")
    attendances = _command(imports, "attendances", about, "imports", "import_attendances")
    attendances.add_argument(
        "--source-password-fd",
        type=int,
        metavar="N",
        help=_("read the password of the other system from this descriptor; else the one that was kept is used"),
    )
    attendances.add_argument("--keep-password", action="store_true", help=_("keep that password in the keychain"))
    for one in (patients, agenda, attendances):
        one.add_argument("file", type=_folder, metavar=_("FILE"))
        one.add_argument("--dry-run", action="store_true", help=_("show what would happen and change nothing"))
    undo = _command(imports, "undo", _("take an import back"), "imports", "undo_import")
    undo.add_argument("id", metavar="ID", help=_("the number the import was given"))


def _add_agenda(commands: "Commands[_Parser]") -> None:
    agenda = _group(commands, "agenda", _("the agenda on paper"))
    printing = _command(agenda, "print", _("write the agenda of a day as a PDF"), "printing", "print_day")
    printing.add_argument("--date", type=_day, required=True, metavar="D", help=_("the day, such as 2026-11-24"))
    printing.add_argument("--out", type=_folder, required=True, metavar="F.pdf", help=_("the file to write"))


def _later(module: str, function: str) -> Callable[[Namespace], int]:
    """The command's function, imported when it is called."""

    def call(given: Namespace) -> int:
        status: int = getattr(importlib.import_module(f"clinicdesk.cli.{module}"), function)(given)
        return status

    return call


# --- values ----------------------------------------------------------------------------------------------------------


def _folder(text: str) -> Path:
    return Path(text).expanduser()


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(_("“{text}” is not a whole number").format(text=text))
    return int(text)


def _size(text: str) -> tuple[int, int]:
    width, _x, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(_("“{text}” is not a size such as 1440x900").format(text=text))
    size = int(width), int(height)
    if not all(SMALLEST <= side <= LARGEST for side in size):
        raise argparse.ArgumentTypeError(_("“{text}” is not a size such as 1440x900").format(text=text))
    return size


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("“{text}” is not a moment such as 2026-11-24T10:18").format(text=text)
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=DEMO_ZONE)


def _day(text: str) -> dt.date:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text, pattern).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    raise argparse.ArgumentTypeError(_("“{text}” is not a day such as 2026-11-24").format(text=text))
