"""The recovery key on a sheet of paper, in groups that survive a hurried hand, and where to keep it."""

import datetime as dt
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from clinicdesk.documents.fonts import BOLD, MEDIUM, plain, register_fonts
from clinicdesk.documents.paper import CONTENT_WIDTH, LINE, MARGIN, MUTED, STYLES, TEXT
from clinicdesk.formats import long_date
from clinicdesk.words import _

_BOX, _GAP, _IN_A_ROW = 14 * mm, 4 * mm, 4


def recovery_key_pdf(key: str, clinic: str, owner: str, day: dt.date, *, invariant: bool = False) -> bytes:
    """The sheet as a PDF of one page. `invariant` makes equal sheets equal byte by byte."""
    register_fonts()
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=int(invariant))
    canvas.setTitle(plain(_("Recovery key")))
    top = A4[1] - MARGIN
    for words, style in (
        (_("Recovery key"), "title"),
        (" · ".join(filter(None, (clinic, owner, long_date(day)))), "kicker"),
    ):
        top = _paragraph(canvas, words, style, top)
    top = _draw_groups(canvas, key.split("-"), top - 8 * mm)
    for words in (
        _("It opens what the clinic protects when every owner’s password is lost."),
        _("Lock this sheet away, not beside the computer. Whoever has it can open what the clinic protects."),
        _("There is no copy of it: neither in the program nor with whoever made it."),
    ):
        top = _paragraph(canvas, words, "empty", top - 2 * mm)
    canvas.save()
    return target.getvalue()


def _paragraph(canvas: Canvas, words: str, style: str, top: float) -> float:
    paragraph = Paragraph(plain(words).replace("&", "&amp;").replace("<", "&lt;"), STYLES[style])
    _width, height = paragraph.wrap(CONTENT_WIDTH, top)
    paragraph.drawOn(canvas, MARGIN, top - height)
    return float(top - height)


def _draw_groups(canvas: Canvas, groups: list[str], top: float) -> float:
    width = (CONTENT_WIDTH - (_IN_A_ROW - 1) * _GAP) / _IN_A_ROW
    for at, group in enumerate(groups):
        row, across = divmod(at, _IN_A_ROW)
        left, bottom = MARGIN + across * (width + _GAP), top - (row + 1) * _BOX - row * _GAP
        canvas.setStrokeColor(LINE)
        canvas.roundRect(left, bottom, width, _BOX, 2 * mm)
        canvas.setFillColor(MUTED)
        canvas.setFont(MEDIUM, 7)
        canvas.drawString(left + 2 * mm, bottom + _BOX - 4 * mm, str(at + 1))
        canvas.setFillColor(TEXT)
        canvas.setFont(BOLD, 19)
        canvas.drawCentredString(left + width / 2, bottom + _BOX / 2 - 2.4 * mm, group)
    rows = -(-len(groups) // _IN_A_ROW)
    return float(top - rows * _BOX - (rows - 1) * _GAP - 6 * mm)
