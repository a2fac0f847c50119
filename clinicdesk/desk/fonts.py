"""Inter, loaded from the program's own files, and the type roles of the design as fonts."""

from dataclasses import dataclass
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from clinicdesk.words import resources

FAMILY = "Inter"
_FILES = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf")
_SMALLEST = 11


@dataclass(frozen=True)
class TypeRole:
    """Size and line height in logical pixels, and the weight."""

    pixels: int
    line: int
    weight: int


ROLES: dict[str, TypeRole] = {
    "hero": TypeRole(28, 40, 600),
    "total": TypeRole(34, 40, 600),
    "kpi": TypeRole(28, 36, 600),
    "name": TypeRole(22, 28, 600),
    "title": TypeRole(20, 28, 600),
    "panel_name": TypeRole(18, 24, 600),
    "section": TypeRole(15, 24, 600),
    "subsection": TypeRole(14, 24, 600),
    "body": TypeRole(13, 20, 400),
    "control": TypeRole(13, 20, 500),
    "strong": TypeRole(13, 20, 600),
    "record": TypeRole(13, 21, 400),
    "card_name": TypeRole(12, 16, 600),
    "label": TypeRole(12, 16, 500),
    "second": TypeRole(12, 18, 400),
    "chip": TypeRole(12, 18, 500),
    "chip_strong": TypeRole(12, 18, 600),
    "head": TypeRole(12, 18, 600),
    "detail": TypeRole(11, 16, 400),
    "detail_strong": TypeRole(11, 16, 600),
    "key": TypeRole(11, 16, 500),
}


@cache
def load_fonts() -> tuple[str, ...]:
    """Give the program its own typeface; the names of the families found. Needs a running QGuiApplication."""
    folder = resources() / "fonts"
    found: list[str] = []
    for name in _FILES:
        number = QFontDatabase.addApplicationFont(str(folder / name))
        found.extend(QFontDatabase.applicationFontFamilies(number))
    return tuple(dict.fromkeys(found))


def font(role: str, numbers: bool = False, scale: float = 1.0, extra: int = 0) -> QFont:
    """The font of a type role; `numbers` asks for figures of one width, for times, money and columns."""
    kind = ROLES[role]
    made = QFont(FAMILY)
    made.setPixelSize(max(_SMALLEST, round((kind.pixels + extra) * scale)))
    made.setWeight(QFont.Weight(kind.weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    if numbers:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made
