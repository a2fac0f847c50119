"""The agenda of a day on paper: for each professional the visits in order, ready for a clipboard at the counter.

Neither alerts nor reasons are printed: a sheet lies about where others can read it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Spacer, Table, TableStyle

from clinicdesk.documents.fonts import safe
from clinicdesk.documents.paper import CONTENT_WIDTH, STYLES, sheets
from clinicdesk.documents.visit_sheet import (
    NO_SIDES,
    Row,
    page_head,
    professional_line,
    visit_cells,
    visit_count,
    visit_table,
)
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.clinics import Clinic, Professional
from clinicdesk.domain.patients import show_phone
from clinicdesk.formats import date_and_time, long_date, time_range
from clinicdesk.terms import status_word
from clinicdesk.words import _, pgettext

_COLUMNS = (68, 0, 122, 66, 78)  # points: time, patient (what is left), service, room, state
_WIDTHS = [width or CONTENT_WIDTH - sum(_COLUMNS) for width in _COLUMNS]
_SECTION_NEEDS = 90  # points: a heading is not left alone at the foot of a page


@dataclass(frozen=True, slots=True)
class DayAgenda:
    """What a printed day says. Cancelled visits are left out; `with_phones` adds the patients' phones."""

    clinic: Clinic
    day: dt.date
    professionals: tuple[Professional, ...]
    appointments: tuple[Appointment, ...]
    printed_at: dt.datetime
    printed_by: str = ""
    with_phones: bool = True


def day_agenda_pdf(agenda: DayAgenda, *, invariant: bool = False) -> bytes:
    """The day as a PDF of A4 pages. `invariant` makes two files of the same day equal byte by byte."""
    printed = date_and_time(agenda.printed_at, ZoneInfo(agenda.clinic.zone))
    foot = _("Printed on {moment}").format(moment=printed)
    if agenda.printed_by:
        foot = _("Printed on {moment} by {person}").format(moment=printed, person=agenda.printed_by)
    title = f"{_('Agenda')} · {agenda.clinic.name} · {long_date(agenda.day)}"
    return sheets(title, foot, lambda: _content(agenda), invariant=invariant)


def _content(agenda: DayAgenda) -> list[Flowable]:
    shown = sorted(
        (one for one in agenda.appointments if one.status is not Status.CANCELLED),
        key=lambda one: (one.starts_at, one.patient_name),
    )
    content: list[Flowable] = [page_head(agenda.clinic, agenda.day, len(shown), 8), Spacer(0, 10)]
    if not shown:
        return [*content, Paragraph(safe(_("No visits on this day.")), STYLES["empty"])]
    for professional in agenda.professionals:
        theirs = [one for one in shown if one.professional_id == professional.id]
        if theirs:
            content += [CondPageBreak(_SECTION_NEEDS), _heading(professional, len(theirs)), _visits(theirs, agenda)]
            content.append(Spacer(0, 16))
    return content


def _heading(professional: Professional, count: int) -> Flowable:
    table = Table(
        [[professional_line(professional), Paragraph(visit_count(count), STYLES["kicker_right"])]],
        colWidths=[CONTENT_WIDTH - 90, 90],
    )
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "BOTTOM"), *NO_SIDES]))
    return table


def _visits(appointments: Iterable[Appointment], agenda: DayAgenda) -> Flowable:
    words = (_("Time"), _("Patient"), _("Service"), _("Room"), pgettext("of a visit", "State"))
    return visit_table(words, (_row(one, agenda) for one in appointments), _WIDTHS)


def _row(appointment: Appointment, agenda: DayAgenda) -> Row:
    times = time_range(appointment.starts_at, appointment.ends_at, ZoneInfo(agenda.clinic.zone))
    state = Paragraph(safe(status_word(appointment.status)), STYLES["body"])
    return visit_cells(appointment, times, _second_line(appointment, agenda.with_phones), state)


def _second_line(appointment: Appointment, with_phone: bool) -> str:
    parts = [
        show_phone(appointment.patient_phone) if with_phone else "",
        _("First visit") if appointment.first_visit else "",
        _("Overbooking") if appointment.overbooked else "",
    ]
    return "  ·  ".join(part for part in parts if part)
