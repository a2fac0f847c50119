"""What every sheet shares: colours, type, margins, and the foot with its page number."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from clinicdesk.documents.fonts import BOLD, MEDIUM, REGULAR, STRONG, plain, register_fonts
from clinicdesk.words import _

TEXT, MUTED, LINE = HexColor(0x15222D), HexColor(0x52616E), HexColor(0xC4CDD6)
SOFT_LINE, ACCENT, DANGER, HEAD = HexColor(0xE2E7EC), HexColor(0x0B757F), HexColor(0xA32626), HexColor(0xF0F3F6)
PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN, FOOT = 16 * mm, 18 * mm
CONTENT_WIDTH = PAGE_WIDTH - 2 * MARGIN


def _style(name: str, font: str, size: float, leading: float, colour: Color = TEXT, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading, textColor=colour, **more)


STYLES = {
    "title": _style("title", BOLD, 17, 22),
    "kicker": _style("kicker", MEDIUM, 9, 13, MUTED),
    "kicker_right": _style("kicker_right", MEDIUM, 9, 13, MUTED, alignment=TA_RIGHT),
    "section": _style("section", STRONG, 11.5, 15),
    "head": _style("head", MEDIUM, 7.5, 10, MUTED),
    "strong": _style("strong", STRONG, 9, 12.5),
    "body": _style("body", REGULAR, 9, 12.5),
    "second": _style("second", REGULAR, 8, 11, MUTED),
    "empty": _style("empty", REGULAR, 10.5, 16, MUTED),
}


class _NumberedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """Holds the pages back until their number is known, then writes “page n of m” under each."""

    def __init__(self, *arguments: Any, foot: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._foot = foot
        self._held: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for page, state in enumerate(self._held, start=1):
            self.__dict__.update(state)
            self._draw_foot(page, len(self._held))
            super().showPage()
        super().save()

    def _draw_foot(self, page: int, pages: int) -> None:
        self.setStrokeColor(SOFT_LINE)
        self.setLineWidth(0.5)
        self.line(MARGIN, 13 * mm, PAGE_WIDTH - MARGIN, 13 * mm)
        self.setFillColor(MUTED)
        self.setFont(REGULAR, 7.5)
        self.drawString(MARGIN, 9 * mm, plain(self._foot))
        number = _("Page {page} of {pages}").format(page=page, pages=pages)
        self.drawRightString(PAGE_WIDTH - MARGIN, 9 * mm, plain(number))


def sheets(title: str, foot: str, content: Callable[[], list[Flowable]], *, invariant: bool = False) -> bytes:
    """Lay `content` out on A4 sheets. `invariant` leaves times and random ids out, for files that can be compared."""
    register_fonts()
    target = BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=A4,
        title=plain(title),
        author="ClinicDesk",
        creator="ClinicDesk",
        invariant=int(invariant),
    )
    frame = Frame(MARGIN, FOOT, CONTENT_WIDTH, PAGE_HEIGHT - MARGIN - FOOT, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame]))
    document.build(content(), canvasmaker=lambda *given, **options: _NumberedCanvas(*given, foot=foot, **options))
    return target.getvalue()
