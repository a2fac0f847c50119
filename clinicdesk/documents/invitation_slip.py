"""The slip that lets somebody in for the first time: the login name and the one-time code, to be handed over.

It names neither patients nor what the person may do; the code is worth nothing after it was used or its days are over.
"""

from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from clinicdesk.documents.fonts import BOLD, MEDIUM, REGULAR, STRONG, plain, register_fonts
from clinicdesk.documents.paper import MUTED, TEXT
from clinicdesk.words import _

WIDTH = 72 * mm  # what a printer of 80 mm prints on
_MARGIN = 4 * mm


@dataclass(frozen=True, slots=True)
class InvitationSlip:
    """What a slip says; `until` is worded already."""

    clinic: str
    person: str
    login: str
    code: str
    until: str


def invitation_slip_pdf(slip: InvitationSlip, *, invariant: bool = False) -> bytes:
    """The slip as a PDF of one page, just as long as its words. `invariant` makes equal slips equal byte by byte."""
    register_fonts()
    lines = _lines(slip)
    height = 2 * _MARGIN + sum(leading for _words, _font, _size, leading, _grey in lines)
    target = BytesIO()
    canvas = Canvas(target, pagesize=(WIDTH, height), invariant=int(invariant))
    canvas.setTitle(plain(_("First sign-in")))
    top = height - _MARGIN
    for words, font, size, leading, grey in lines:
        top -= leading
        canvas.setFillColor(MUTED if grey else TEXT)
        fitting = _fitting(words, font, size)
        canvas.setFont(font, fitting)
        canvas.drawCentredString(WIDTH / 2, top + (leading - fitting) / 2, words)
    canvas.save()
    return target.getvalue()


def _lines(slip: InvitationSlip) -> list[tuple[str, str, float, float, bool]]:
    half = slip.code.split("-")
    first, second = "-".join(half[:3]), "-".join(half[3:])
    lines = [
        (slip.clinic, STRONG, 10.0, 16.0, False),
        (_("First sign-in"), REGULAR, 9.0, 14.0, True),
        (slip.person, MEDIUM, 11.0, 18.0, False),
        (_("Login name"), REGULAR, 7.5, 12.0, True),
        (slip.login, BOLD, 14.0, 20.0, False),
        (_("Code of one use"), REGULAR, 7.5, 12.0, True),
        (first, BOLD, 16.0, 21.0, False),
        (second, BOLD, 16.0, 21.0, False),
        (slip.until, REGULAR, 7.5, 14.0, True),
        (_("Choose a password of your own and destroy this slip"), REGULAR, 7.5, 12.0, True),
    ]
    return [(plain(words), font, size, leading, grey) for words, font, size, leading, grey in lines if words]


def _fitting(words: str, font: str, size: float) -> float:
    """The size in which one line has room; nothing on a slip is cut."""
    width = float(stringWidth(words, font, size))
    return min(size, size * (WIDTH - 2 * _MARGIN) / width) if width else size
