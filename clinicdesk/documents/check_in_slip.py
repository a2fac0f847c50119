"""The slip of a booked visit, as wide as a thermal printer's roll: when, with whom, and the code that checks in.

Neither the service nor alerts nor phones are on it: a slip is lost in the street.
"""

from dataclasses import dataclass
from io import BytesIO
from zoneinfo import ZoneInfo

import segno
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from clinicdesk.documents.fonts import BOLD, MEDIUM, REGULAR, STRONG, plain, register_fonts
from clinicdesk.documents.paper import MUTED, TEXT
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.check_in import shown
from clinicdesk.domain.clinics import Clinic
from clinicdesk.formats import clock, long_date
from clinicdesk.words import _

WIDTH = 72 * mm  # what a printer of 80 mm prints on
_MARGIN = 4 * mm
_CODE_SIZE = 40 * mm
_PICTURE_SCALE, _QUIET = 12, 4  # pixels a module, and the modules of white that readers need around


@dataclass(frozen=True, slots=True)
class CheckInSlip:
    """What a slip says."""

    clinic: Clinic
    appointment: Appointment
    code: str


def check_in_slip_pdf(slip: CheckInSlip, *, invariant: bool = False) -> bytes:
    """The slip as a PDF of one page, just as long as its words. `invariant` makes equal slips equal byte by byte."""
    register_fonts()
    lines = _lines(slip)
    height = 2 * _MARGIN + _CODE_SIZE + 6 * mm + sum(leading for _words, _font, _size, leading, _grey in lines)
    target = BytesIO()
    canvas = Canvas(target, pagesize=(WIDTH, height), invariant=int(invariant))
    canvas.setTitle(plain(_("Check-in slip")))
    top = height - _MARGIN
    for number, (words, font, size, leading, grey) in enumerate(lines):
        if number == _BEFORE_THE_CODE:
            top = _draw_code(canvas, slip.code, top - 3 * mm)
        top -= leading
        canvas.setFillColor(MUTED if grey else TEXT)
        canvas.setFont(font, size)
        canvas.drawCentredString(WIDTH / 2, top + (leading - size) / 2, words)
    canvas.save()
    return target.getvalue()


def check_in_png(code: str) -> bytes:
    """The code alone as a picture for the patient's telephone, black on white in every theme."""
    target = BytesIO()
    _qr(code).save(target, kind="png", scale=_PICTURE_SCALE, border=_QUIET)
    return target.getvalue()


_BEFORE_THE_CODE = 5  # lines that stand above it
_Line = tuple[str, str, float, float, bool]  # words, font, size, leading, grey


def _lines(slip: CheckInSlip) -> list[_Line]:
    zone = ZoneInfo(slip.clinic.zone)
    visit = slip.appointment
    day = long_date(visit.starts_at.astimezone(zone).date())
    with_whom = " · ".join(filter(None, (visit.professional_name, visit.room_name)))
    lines: list[_Line] = [
        (slip.clinic.name, STRONG, 10, 14, False),
        (visit.patient_name, MEDIUM, 11, 17, False),
        (day[:1].upper() + day[1:], REGULAR, 9, 13, False),
        (clock(visit.starts_at, zone), BOLD, 20, 26, False),
        (with_whom, REGULAR, 9, 13, False),
        (shown(slip.code), STRONG, 10, 16, False),
        (_("Show this code at the front desk when you arrive"), REGULAR, 7.5, 11, True),
        (slip.clinic.address, REGULAR, 7.5, 10, True),
        (slip.clinic.phone, REGULAR, 7.5, 10, True),
    ]
    kept = [line for place, line in enumerate(lines) if line[0] or place <= _BEFORE_THE_CODE]
    return [
        (plain(words), font, _fitting(words, font, size), leading, grey) for words, font, size, leading, grey in kept
    ]


def _fitting(words: str, font: str, size: float) -> float:
    """The size in which one line has room; nothing on a slip is cut."""
    width = float(stringWidth(plain(words), font, size))
    return min(size, size * (WIDTH - 2 * _MARGIN) / width) if width else size


def _draw_code(canvas: Canvas, code: str, top: float) -> float:
    rows = [bytes(row) for row in _qr(code).matrix]
    side = _CODE_SIZE / len(rows)
    left = (WIDTH - _CODE_SIZE) / 2
    canvas.setFillColor(TEXT)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                # A hair larger than its place: printers leave white lines between squares that only touch.
                canvas.rect(left + x * side, top - (y + 1) * side, side * 1.02, side * 1.02, stroke=0, fill=1)
    return float(top - _CODE_SIZE - 3 * mm)


def _qr(code: str) -> segno.QRCode:
    """Alphanumeric, so small and coarse; of the middle correction, for thermal paper fades."""
    return segno.make_qr(code, error="m", mode="alphanumeric")
