"""The report of an import in words: what was taken, merged or refused, line by line, and why."""

import datetime as dt

from clinicdesk.desk.wording import sentence
from clinicdesk.desk.wording_fields import field_sentence
from clinicdesk.domain.patient_import import Same
from clinicdesk.formats import numeric_date, time_range
from clinicdesk.usecases.agenda_import import AgendaImportLine, AgendaImportReport, EventOutcome
from clinicdesk.usecases.attendances import AttendanceLine, AttendanceOutcome, AttendanceReport
from clinicdesk.usecases.patient_import import ImportLine, ImportReport, Outcome, UndoReport
from clinicdesk.words import _, marked, ngettext

SAME = {
    Same.CPF: marked("the same CPF"),
    Same.PHONE_AND_NAME: marked("the same phone and a similar name"),
    Same.NAME_AND_BIRTH: marked("the same name and birth date"),
}

EVENTS = {
    EventOutcome.BOOKED: marked("booked"),
    EventOutcome.BLOCKED: marked("blocked"),
    EventOutcome.KNOWN: marked("already here"),
    EventOutcome.CONFLICT: marked("conflict"),
    EventOutcome.REFUSED: marked("refused"),
}


ATTENDANCES = {
    AttendanceOutcome.NEW: marked("new"),
    AttendanceOutcome.CHANGED: marked("changed there"),
    AttendanceOutcome.CANCELLED: marked("cancelled there"),
    AttendanceOutcome.KNOWN: marked("already here"),
    AttendanceOutcome.KEPT: marked("changed here, so left as it is"),
    AttendanceOutcome.PAST: marked("past or cancelled"),
    AttendanceOutcome.CONFLICT: marked("conflict"),
    AttendanceOutcome.REFUSED: marked("refused"),
}
_QUIET = frozenset({AttendanceOutcome.KNOWN, AttendanceOutcome.PAST})


def patient_line(line: ImportLine) -> str:
    """What became of one line, when there is something to say of it; empty for one that was simply taken."""
    problems = " ".join(field_sentence(problem) for problem in line.problems)
    if line.outcome is Outcome.REFUSED:
        return _("Line {line}, refused: {name}. {problems}").format(line=line.line, name=line.name, problems=problems)
    if line.outcome is Outcome.MERGED and line.why:
        said = _("Line {line}, merged: {name}, by {why}.").format(line=line.line, name=line.name, why=_(SAME[line.why]))
        return f"{said} {problems}".rstrip()
    if problems:
        return _("Line {line}, taken without a field: {name}. {problems}").format(
            line=line.line, name=line.name, problems=problems
        )
    return ""


def patient_counts(report: ImportReport) -> str:
    """The import in a line of counts."""
    return " · ".join(
        (
            ngettext("{count} new patient", "{count} new patients", report.taken).format(count=report.taken),
            ngettext("{count} merged", "{count} merged", report.merged).format(count=report.merged),
            ngettext("{count} refused", "{count} refused", report.refused).format(count=report.refused),
        )
    )


def undone(report: UndoReport) -> str:
    """What taking an import back did, and who stays because somebody has worked on them since."""
    said = ngettext("{count} patient removed.", "{count} patients removed.", report.removed).format(
        count=report.removed
    )
    if not report.kept:
        return said
    names = ", ".join(name for _id, name in report.kept)
    return said + " " + _("Kept, because they were changed since: {names}.").format(names=names)


def agenda_line(line: AgendaImportLine, zone: dt.tzinfo) -> str:
    """What became of one event: when, what, and why not when it was left out."""
    when = ""
    if line.starts_at and line.ends_at:
        day = numeric_date(line.starts_at.astimezone(zone).date())
        when = f"{day} {time_range(line.starts_at, line.ends_at, zone)}"
    what = " · ".join(part for part in (line.patient_name or line.summary, line.service_name) if part)
    why = sentence(line.error, zone) if line.error else ""
    return "  ".join(part for part in (when, f"{_(EVENTS[line.outcome])}:", what, why) if part)


def agenda_counts(report: AgendaImportReport) -> str:
    """The import of an agenda in a line of counts."""
    return " · ".join(f"{_(word)}: {report.count(outcome)}" for outcome, word in EVENTS.items())


def attendance_line(line: AttendanceLine, zone: dt.tzinfo) -> str:
    """What became of one attendance, and why not when it was left out; empty for one of which there is no news."""
    if line.outcome in _QUIET:
        return ""
    when = ""
    if line.starts_at and line.ends_at:
        day = numeric_date(line.starts_at.astimezone(zone).date())
        when = f"{day} {time_range(line.starts_at, line.ends_at, zone)}"
    what = " · ".join(part for part in (line.patient_name or line.uid, line.service_name, line.professional) if part)
    why = sentence(line.error, zone) if line.error else ""
    return "  ".join(part for part in (when, f"{_(ATTENDANCES[line.outcome])}:", what, why) if part)


def attendance_counts(report: AttendanceReport) -> str:
    """The import of attendances in a line of counts."""
    said = " · ".join(f"{_(word)}: {report.count(outcome)}" for outcome, word in ATTENDANCES.items())
    return said + (" · " + _("there is more: run it again") if report.more else "")
