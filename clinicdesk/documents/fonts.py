"""Inter for paper, registered once, and text made safe for reportlab's little markup."""

import unicodedata
from functools import cache
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from clinicdesk.words import resources

REGULAR, MEDIUM, STRONG, BOLD = "Inter", "Inter-Medium", "Inter-SemiBold", "Inter-Bold"
_FILES = {
    REGULAR: "Inter-Regular.ttf",
    MEDIUM: "Inter-Medium.ttf",
    STRONG: "Inter-SemiBold.ttf",
    BOLD: "Inter-Bold.ttf",
}


@cache
def register_fonts() -> None:
    """Make Inter known to reportlab; a second call does nothing. Raises OSError when the files are missing."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(resources() / "fonts" / file)))


def plain(text: str) -> str:
    """`text` composed (NFC), because fonts have `ã` and not `a` with a tilde to put over it."""
    return unicodedata.normalize("NFC", text)


def safe(text: str) -> str:
    """`text` for a Paragraph: composed, and with markup that somebody typed shown as typed."""
    return escape(plain(text))
