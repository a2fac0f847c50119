"""What every sheet of visits shares: the head of a page, who sees the patients, and the table of the visits."""

import datetime as dt
from collections.abc import Iterable, Sequence

from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from clinicdesk.documents.fonts import safe
from clinicdesk.documents.paper import ACCENT, CONTENT_WIDTH, LINE, SOFT_LINE, STYLES
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.clinics import Clinic, Professional
from clinicdesk.formats import long_date
from clinicdesk.words import ngettext

Row = list[object]

NO_SIDES = (("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0))
_COUNT_WIDTH = 110  # points


def visit_count(count: int) -> str:
    """How many visits there are."""
    return ngettext("{count} visit", "{count} visits", count).format(count=count)


def page_head(clinic: Clinic, day: dt.date, count: int, below: float, *lines: Flowable) -> Flowable:
    """The clinic, the day and how many visits, and more lines under the day; `below` is the room down to the rule."""
    written = long_date(day)
    title = Paragraph(safe(written[:1].upper() + written[1:]), STYLES["title"])
    under = [title, *lines]
    rows = [[Paragraph(safe(clinic.name), STYLES["kicker"]), Paragraph(visit_count(count), STYLES["kicker_right"])]]
    rows += [[line, ""] for line in under]
    last = len(under)
    table = Table(rows, colWidths=[CONTENT_WIDTH - _COUNT_WIDTH, _COUNT_WIDTH])
    table.setStyle(
        TableStyle(
            [
                *(("SPAN", (0, row), (1, row)) for row in range(1, last + 1)),
                ("LINEBELOW", (0, last), (-1, last), 1.2, ACCENT),
                ("BOTTOMPADDING", (0, last), (-1, last), below),
                *NO_SIDES,
            ]
        )
    )
    return table


def professional_line(professional: Professional) -> Flowable:
    """Who sees the patients, with the specialty."""
    name = safe(professional.name)
    if professional.specialty:
        specialty = safe(professional.specialty)
        name += f'<font name="Inter" size="9" color="#52616E">&nbsp;&nbsp;·&nbsp;&nbsp;{specialty}</font>'
    return Paragraph(name, STYLES["section"])


def visit_table(
    columns: Iterable[str], rows: Iterable[Row], widths: Sequence[float], heights: Sequence[float | None] | None = None
) -> Flowable:
    """Rows under the names of their columns, which stand again on each page; `heights` leave room to write."""
    table = Table(
        [[Paragraph(safe(word), STYLES["head"]) for word in columns], *rows],
        colWidths=widths,
        rowHeights=None if heights is None else [None, *heights],
        repeatRows=1,
    )
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.7, LINE),
                ("LINEBELOW", (0, 1), (-1, -1), 0.5, SOFT_LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 8),
                ("TOPPADDING", (0, 0), (-1, -1), 4.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 5.5),
            ]
        )
    )
    return table


def visit_cells(one: Appointment, times: str, second: str, last: object) -> Row:
    """The cells of one visit: its times, the patient over a second line, the service, the place, and `last`."""
    patient = [Paragraph(safe(one.patient_name), STYLES["strong"])]
    if second:
        patient.append(Paragraph(safe(second), STYLES["second"]))
    place = " · ".join(part for part in (one.room_name, one.equipment_name) if part)
    return [
        Paragraph(times, STYLES["body"]),
        patient,
        Paragraph(safe(one.service_name), STYLES["body"]),
        Paragraph(safe(place), STYLES["body"]),
        last,
    ]
