"""The paper kit: the next days of every professional with room to write, and blank slips to type in later.

For when the clinic goes on by hand. Like every sheet that lies about it carries neither alerts nor reasons.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, Spacer, Table, TableStyle

from clinicdesk.documents.fonts import safe
from clinicdesk.documents.paper import CONTENT_WIDTH, HEAD, LINE, SOFT_LINE, STYLES, sheets
from clinicdesk.documents.visit_sheet import Row, page_head, professional_line, visit_cells, visit_table
from clinicdesk.domain.agenda import Appointment, Slot, Status
from clinicdesk.domain.clinics import Clinic, Professional
from clinicdesk.domain.hours import Calendar, without
from clinicdesk.domain.patients import show_phone
from clinicdesk.formats import date_and_time, time_range
from clinicdesk.words import _

_COLUMNS = (68, 0, 118, 66, 90)  # points: time, patient (what is left), service, room, what is written by hand
_WIDTHS = [width or CONTENT_WIDTH - sum(_COLUMNS) for width in _COLUMNS]
_HAND_LINE = 25  # points: what a ball pen needs
_LINES_AFTER = 4  # for whoever is squeezed in
_SHORTEST_GAP = dt.timedelta(minutes=15)
_LONGEST_LINE = dt.timedelta(hours=1)
_SLIPS = 6


@dataclass(frozen=True, slots=True)
class PaperKit:
    """What goes on with paper and pen: the visits of these days as they stood at `as_of`, and where there is room."""

    clinic: Clinic
    days: tuple[dt.date, ...]
    professionals: tuple[Professional, ...]
    appointments: tuple[Appointment, ...]
    calendar: Calendar
    as_of: dt.datetime
    printed_by: str = ""


def paper_kit_pdf(kit: PaperKit, *, invariant: bool = False) -> bytes:
    """The kit as a PDF of A4 pages. `invariant` makes two kits of the same agenda equal byte by byte."""
    stood = date_and_time(kit.as_of, ZoneInfo(kit.clinic.zone))
    foot = _("Agenda as it stood on {moment}").format(moment=stood)
    if kit.printed_by:
        foot = _("Agenda as it stood on {moment}, printed by {person}").format(moment=stood, person=kit.printed_by)
    title = _("Paper kit")
    return sheets(f"{title} · {kit.clinic.name}", foot, lambda: _content(kit), invariant=invariant)


def _content(kit: PaperKit) -> list[Flowable]:
    content: list[Flowable] = []
    for day in kit.days:
        for professional in kit.professionals:
            theirs = list(_visits_of(kit, professional, day))
            free = _free(kit, professional, day, theirs)
            if theirs or free:
                head = page_head(kit.clinic, day, len(theirs), 7, professional_line(professional))
                content += [head, Spacer(0, 8), _sheet(kit, theirs, free)]
                content.append(PageBreak())
    return [*content, *_slips(kit)]


def _visits_of(kit: PaperKit, professional: Professional, day: dt.date) -> Iterator[Appointment]:
    for one in sorted(kit.appointments, key=lambda one: (one.starts_at, one.patient_name)):
        standing = one.status not in (Status.CANCELLED, Status.NO_SHOW)
        if standing and one.professional_id == professional.id and kit.calendar.local_day(one.starts_at) == day:
            yield one


def _free(kit: PaperKit, professional: Professional, day: dt.date, visits: Sequence[Appointment]) -> list[Slot]:
    """Worked time with nobody in it, in lines of an hour at the most."""
    lines: list[Slot] = []
    for gap in without(list(kit.calendar.open_slots(professional.id, day)), (one.slot for one in visits)):
        start = gap.starts_at
        while gap.ends_at - start >= _SHORTEST_GAP:
            end = min(start + _LONGEST_LINE, gap.ends_at)
            # A rest too short for a line of its own belongs to this one.
            end = gap.ends_at if gap.ends_at - end < _SHORTEST_GAP else end
            lines.append(Slot(start, end))
            start = end
    return lines


def _sheet(kit: PaperKit, visits: Sequence[Appointment], free: Sequence[Slot]) -> Flowable:
    """Visits and free time in their order, then lines for whoever is squeezed in."""
    zone = ZoneInfo(kit.clinic.zone)
    words = (_("Time"), _("Patient"), _("Service"), _("Room"), _("By hand"))
    rows: list[Row] = []
    heights: list[float | None] = []
    lines: list[Appointment | Slot] = [*visits, *free]
    for one in sorted(lines, key=lambda line: (line.starts_at, line.ends_at)):
        rows.append(_visit_row(one, zone) if isinstance(one, Appointment) else _free_row(one, zone))
        heights.append(None if isinstance(one, Appointment) else _HAND_LINE)
    rows += [["", "", "", "", ""] for _line in range(_LINES_AFTER)]
    heights += [_HAND_LINE] * _LINES_AFTER
    return visit_table(words, rows, _WIDTHS, heights)


def _visit_row(one: Appointment, zone: ZoneInfo) -> Row:
    second = "  ·  ".join(part for part in (show_phone(one.patient_phone), one.guardian_name) if part)
    return visit_cells(one, time_range(one.starts_at, one.ends_at, zone), second, "")


def _free_row(slot: Slot, zone: ZoneInfo) -> Row:
    return [Paragraph(time_range(slot.starts_at, slot.ends_at, zone), STYLES["second"]), "", "", "", ""]


def _slips(kit: PaperKit) -> list[Flowable]:
    """A page of slips with what a booking asks for, each ticked off when it was typed in."""
    head = Paragraph(safe(_("Booked by hand")), STYLES["title"])
    how = _("One slip for each booking. When the connection is back, type each one in and tick it off.")
    content: list[Flowable] = [head, Paragraph(safe(how), STYLES["second"]), Spacer(0, 10)]
    for _number in range(_SLIPS):
        content += [KeepTogether(_slip()), Spacer(0, 9)]
    return content


def _slip() -> Flowable:
    done = _("typed in")
    lines = [
        [_("Patient"), _("Mobile (WhatsApp)"), _("Birth date")],
        [_("Professional"), _("Service"), _("Room")],
        [_("Day"), _("Time"), _("Note")],
        [_("Taken by"), _("At what time"), f"□ {done}"],
    ]
    wide = (CONTENT_WIDTH * 0.46, CONTENT_WIDTH * 0.28, CONTENT_WIDTH * 0.26)
    rows = [[Paragraph(safe(word), STYLES["head"]) for word in line] for line in lines]
    table = Table(rows, colWidths=wide, rowHeights=[_HAND_LINE] * len(rows))
    table.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.7, LINE),
                ("INNERGRID", (0, 0), (-1, -1), 0.5, SOFT_LINE),
                ("BACKGROUND", (0, 3), (-1, 3), HEAD),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("LEFTPADDING", (0, 0), (-1, -1), 6),
            ]
        )
    )
    return table
