"""`clinicdesk import`: patients and agendas of another system, and taking an import back."""

from argparse import Namespace
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.cli.access import at_work, opened, read_password
from clinicdesk.cli.misuse import Misuse
from clinicdesk.desk.wording_imports import (
    agenda_counts,
    agenda_line,
    attendance_counts,
    attendance_line,
    patient_counts,
    patient_line,
    undone,
)
from clinicdesk.domain.attendances import read_source
from clinicdesk.errors import UnreadableFile
from clinicdesk.keychain import Keychain
from clinicdesk.usecases import agenda, agenda_import, attendances, patient_import
from clinicdesk.words import _


def import_patients(given: Namespace) -> int:
    """Take a CSV file's patients over and tell line by line what became of them."""
    with opened(given) as local, at_work(given, local, keys=True) as clinic:
        report = patient_import.import_patients(clinic, given.file, dry_run=given.dry_run)
    for said in filter(None, map(patient_line, report.lines)):
        print(said)
    if report.columns.ignored:
        names = ", ".join(report.columns.ignored)
        print(_("Read as {encoding}. Columns nobody here knows: {names}").format(encoding=report.encoding, names=names))
    print(patient_counts(report))
    _tell_outcome(report.batch_id)
    return 0


def import_agenda(given: Namespace) -> int:
    """Take a calendar's events over for one professional and tell event by event what became of them."""
    with opened(given) as local, at_work(given, local) as clinic:
        zone = ZoneInfo(agenda.catalogue(clinic).clinic.zone)
        report = agenda_import.import_agenda(clinic, given.file, given.professional, dry_run=given.dry_run)
    for line in report.lines:
        print(agenda_line(line, zone))
    print(agenda_counts(report))
    if report.batch_id is None:
        print(_("Nothing was changed: this was a dry run."))
    return 0


def import_attendances(given: Namespace) -> int:
    """Take over what is new in another system's table, as its file describes it, and tell what became of each row."""
    source = read_source(_text_of(given.file))
    password = _source_password(given, source.name)
    protected = "cpf" in source.columns  # opens with a person's password alone
    with opened(given) as local, at_work(given, local, keys=protected) as clinic:
        zone = ZoneInfo(agenda.catalogue(clinic).clinic.zone)
        report = attendances.import_attendances(clinic, source, password, dry_run=given.dry_run)
    for said in (attendance_line(line, zone) for line in report.lines):
        if said:
            print(said)
    print(attendance_counts(report))
    if report.batch_id is None:
        print(_("Nothing was changed: this was a dry run."))
    return 0


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise UnreadableFile(str(path), "no_access") from None


def _source_password(given: Namespace, name: str) -> str:
    """The password of the other system's database: from a descriptor, and kept if that is wished; else the one kept."""
    keychain, entry = Keychain(given.data_dir), f"password of source {name}"
    if given.source_password_fd is None:
        return keychain.secret(entry) or ""
    password = read_password(given.source_password_fd)
    if given.keep_password:
        keychain.keep_secret(entry, password)
    return password


def undo_import(given: Namespace) -> int:
    """Take an import back as far as nobody has worked on what it brought."""
    try:
        batch_id = UUID(given.id)
    except ValueError:
        raise Misuse(_("“{text}” is not the number of an import.").format(text=given.id)) from None
    with opened(given) as local, at_work(given, local) as clinic:
        print(undone(patient_import.undo_import(clinic, batch_id)))
    return 0


def _tell_outcome(batch_id: UUID | None) -> None:
    if batch_id is None:
        print(_("Nothing was changed: this was a dry run."))
    else:
        print(_("Take it back with: clinicdesk import undo {id}").format(id=batch_id))
