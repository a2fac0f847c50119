"""Importing a professional's calendar as Google, Outlook and Apple write it, on real PostgreSQL."""

import datetime as dt
from collections import Counter

import pytest

from clinicdesk.domain.agenda import BookAppointment, Channel, Slot, Status
from clinicdesk.domain.hours import ClosureKind
from clinicdesk.errors import InvalidField, NotFound, SlotClosed, SlotTaken, UnreadableFile
from clinicdesk.usecases import agenda, patients
from clinicdesk.usecases.agenda_import import AgendaImportReport, EventOutcome, import_agenda
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at

NOW = at(7)

# A weekly patient with one week left out, one moved and one cancelled, as Outlook writes it, with its own zone.
OUTLOOK = """
BEGIN:VTIMEZONE
TZID:E. South America Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:-0300
TZOFFSETTO:-0300
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E008
DTSTART;TZID=E. South America Standard Time:20350306T090000
DTEND;TZID=E. South America Standard Time:20350306T093000
RRULE:FREQ=WEEKLY;COUNT=6;BYDAY=TU
EXDATE;TZID=E. South America Standard Time:20350313T090000
SUMMARY:Ana Conceição Álvares - Consulta
END:VEVENT
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E008
RECURRENCE-ID;TZID=E. South America Standard Time:20350320T090000
DTSTART;TZID=E. South America Standard Time:20350321T110000
DTEND;TZID=E. South America Standard Time:20350321T114500
SUMMARY:Ana Conceição Álvares - Consulta
END:VEVENT
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E008
RECURRENCE-ID;TZID=E. South America Standard Time:20350327T090000
DTSTART;TZID=E. South America Standard Time:20350327T090000
DTEND;TZID=E. South America Standard Time:20350327T093000
STATUS:CANCELLED
SUMMARY:Cancelado: Ana Conceição Álvares
END:VEVENT
"""
# Times in UTC, the calendar's zone beside them, guests with addresses.
GOOGLE = """
X-WR-TIMEZONE:America/Sao_Paulo
BEGIN:VEVENT
UID:7kukuqrfedlm2f9t@google.com
DTSTART:20350306T130000Z
DTEND:20350306T133000Z
SUMMARY:Laser
DESCRIPTION:Trazer exames
ATTENDEE;CN=Bento d'Ávila;PARTSTAT=ACCEPTED:mailto:bento@example.com
ATTENDEE;CN=Helena Prado;PARTSTAT=ACCEPTED:mailto:helena@example.com
END:VEVENT
BEGIN:VEVENT
UID:9kukuqrfedlm2f9t@google.com
DTSTART:20350306T140000Z
DTEND:20350306T143000Z
SUMMARY:Consulta com Marina Prates (11) 90000-0777
END:VEVENT
BEGIN:VEVENT
UID:feriado@google.com
DTSTART;VALUE=DATE:20350307
DTEND;VALUE=DATE:20350308
TRANSP:TRANSPARENT
SUMMARY:Aniversário da Ana
END:VEVENT
"""
# Floating times, all-day events, and a lunch every day.
APPLE = """
BEGIN:VEVENT
UID:5D0B2E6C-1
DTSTART;VALUE=DATE:20350308
DTEND;VALUE=DATE:20350310
SUMMARY:Congresso
END:VEVENT
BEGIN:VEVENT
UID:5D0B2E6C-2
DTSTART:20350306T150000
DURATION:PT45M
SUMMARY:Retorno: Marina Prates
END:VEVENT
BEGIN:VEVENT
UID:5D0B2E6C-3
DTSTART;TZID=America/Sao_Paulo:20350306T120000
DTEND;TZID=America/Sao_Paulo:20350306T130000
RRULE:FREQ=WEEKLY;UNTIL=20350320T235959Z
SUMMARY:Almoço
END:VEVENT
"""


def _calendar(*events: str) -> bytes:
    body = "".join(events).strip()
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//calendar//PT\n{body}\nEND:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def desk(office: Office) -> Clinic:
    """A receptionist at work."""
    return office.desk("renata")


def _take(desk: Clinic, *events: str, dry_run: bool = False, horizon_days: int = 60) -> AgendaImportReport:
    return import_agenda(desk, _calendar(*events), "Helena", dry_run, horizon_days, NOW)


def _visits(desk: Clinic, office: Office) -> list[tuple[dt.datetime, int, str]]:
    page = agenda.days(desk, DAY, DAY + dt.timedelta(days=60), [office.sample.professionals["helena"]])
    return [(one.starts_at, one.slot.minutes, one.patient_name) for one in page.appointments]


def test_repeats_within_the_horizon_with_what_was_moved_and_left_out(desk: Clinic, office: Office) -> None:
    report = _take(desk, OUTLOOK)
    week = dt.timedelta(days=7)
    assert _visits(desk, office) == [
        (at(9), 30, "Ana Conceição Álvares"),
        (at(11, day=DAY + 2 * week + dt.timedelta(days=1)), 45, "Ana Conceição Álvares"),
        (at(9, day=DAY + 4 * week), 30, "Ana Conceição Álvares"),
        (at(9, day=DAY + 5 * week), 30, "Ana Conceição Álvares"),
    ]
    assert {one.patient_is_new for one in report.lines} == {False}
    assert len(_take(desk, OUTLOOK, horizon_days=21).lines) == 2


def test_takes_patients_and_services_from_summary_and_guests(desk: Clinic, office: Office) -> None:
    report = _take(desk, GOOGLE, APPLE)
    outcomes = {one.uid.split("#")[0]: one for one in report.lines}
    laser, consulta, retorno = (
        outcomes[uid] for uid in ("7kukuqrfedlm2f9t@google.com", "9kukuqrfedlm2f9t@google.com", "5D0B2E6C-2")
    )
    assert (laser.patient_name, laser.service_name, laser.patient_is_new) == ("Bento d'Ávila", "Laser", False)
    assert (consulta.patient_name, consulta.service_name, consulta.patient_is_new) == (
        "Marina Prates",
        "Consulta",
        True,
    )
    assert (retorno.patient_name, retorno.patient_is_new, retorno.starts_at) == ("Marina Prates", False, at(15))
    marina = patients.search(desk, "marina prates")
    assert [one.phone for one in marina] == ["+5511900000777"]
    booked = agenda.appointments(desk, [one.row_id for one in report.lines if one.row_id])
    statuses = {one.patient_name: (one.status, one.status_channel, one.note) for one in booked if one.note}
    assert statuses == {"Bento d'Ávila": (Status.CONFIRMED, Channel.IMPORT, "Trazer exames")}
    assert "feriado@google.com" not in outcomes


def test_days_and_hours_of_ones_own_become_blocks(desk: Clinic, office: Office) -> None:
    report = _take(desk, APPLE)
    assert Counter(one.outcome for one in report.lines) == {EventOutcome.BLOCKED: 4, EventOutcome.BOOKED: 1}
    page = agenda.days(desk, DAY, DAY + dt.timedelta(days=3), [office.sample.professionals["helena"]])
    closures = [
        (one.kind, one.label, one.slot.starts_at)
        for day in (DAY, DAY + dt.timedelta(days=2))
        for one in page.calendar.closures(office.sample.professionals["helena"], day)
        if one.kind is ClosureKind.BLOCK
    ]
    assert closures == [
        (ClosureKind.BLOCK, "Almoço", at(12)),
        (ClosureKind.BLOCK, "Congresso", at(0, day=DAY + dt.timedelta(days=2))),
    ]


def test_a_second_import_takes_nothing_twice(desk: Clinic, office: Office) -> None:
    _take(desk, OUTLOOK, GOOGLE, APPLE)
    before = _visits(desk, office)
    again = _take(desk, OUTLOOK, GOOGLE, APPLE)
    assert {one.outcome for one in again.lines} == {EventOutcome.KNOWN}
    assert _visits(desk, office) == before


def test_a_dry_run_says_the_same_and_leaves_nothing(desk: Clinic, office: Office) -> None:
    count = patients.count(desk)
    dry = _take(desk, OUTLOOK, GOOGLE, APPLE, dry_run=True)
    assert dry.batch_id is None and _visits(desk, office) == [] and patients.count(desk) == count
    real = _take(desk, OUTLOOK, GOOGLE, APPLE)
    assert [(one.uid, one.outcome, one.patient_name) for one in dry.lines] == [
        (one.uid, one.outcome, one.patient_name) for one in real.lines
    ]
    assert real.batch_id is not None


def test_conflicts_are_listed_with_who_holds_the_time(desk: Clinic, office: Office) -> None:
    sample = office.sample
    slot = Slot.lasting(at(9, 15), 30)
    agenda.book(
        desk,
        BookAppointment(
            new_id(), sample.patients["nina"], sample.professionals["helena"], sample.services["visit"], slot
        ),
    )
    late = (
        "BEGIN:VEVENT\nUID:late\nDTSTART:20350306T233000Z\nDTEND:20350307T003000Z\nSUMMARY:Rui Barros\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:twin\nDTSTART:20350306T130000Z\nDTEND:20350306T140000Z\nSUMMARY:Rui Barros\nEND:VEVENT\n"
    )
    count = patients.count(desk)
    report = _take(desk, OUTLOOK, GOOGLE, late)
    conflicts = {one.uid.split("#")[0]: one.error for one in report.lines if one.outcome is EventOutcome.CONFLICT}
    taken = conflicts["040000008200E00074C5B7101A82E008"]
    assert isinstance(taken, SlotTaken) and taken.holder == "Nina Álvares"
    assert isinstance(conflicts["late"], SlotClosed)
    twin = conflicts["twin"]
    assert isinstance(twin, SlotTaken) and twin.holder == "Bento d'Ávila"
    assert patients.count(desk) == count + 1  # Marina; nobody is registered for a visit that was not booked
    assert len(_visits(desk, office)) == 1 + 3 + 2


def test_events_that_make_no_sense_are_named(desk: Clinic) -> None:
    report = _take(
        desk,
        "BEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20350306T1\nSUMMARY:Sem hora\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:b\nDTSTART:20350306T120000Z\nDTEND:20350306T130000Z\nRRULE:FREQ=SECONDLY\n"
        "SUMMARY:Ana Souza\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:c\nDTSTART:20350306T130000Z\nDTEND:20350306T133000Z\nSUMMARY:Consulta\nEND:VEVENT\n"
        f"BEGIN:VEVENT\nUID:d\nDTSTART:20350306T140000Z\nDTEND:20350306T143000Z\nSUMMARY:{'Lu ' * 80}\nEND:VEVENT\n",
    )
    reasons = {
        one.uid: (one.error.field, one.error.reason) for one in report.lines if isinstance(one.error, InvalidField)
    }
    assert reasons == {
        "a": ("event", "unreadable_time"),
        "b": ("event", "too_often"),
        "c": ("full_name", "missing"),
        "d": ("full_name", "too_long"),
    }
    assert report.count(EventOutcome.REFUSED) == 4


def test_an_unknown_professional_or_no_calendar_is_refused(desk: Clinic) -> None:
    with pytest.raises(NotFound):
        import_agenda(desk, _calendar(OUTLOOK), "Ninguém", now=NOW)
    with pytest.raises(UnreadableFile) as refusal:
        import_agenda(desk, b"nome;telefone\n", "Helena", now=NOW)
    assert refusal.value.reason == "not_a_calendar"
