"""What the demo clinic says of its services: promotions, descriptions, own fields, drawings; and days that differ."""

import datetime as dt
import struct
import zlib
from dataclasses import dataclass
from decimal import Decimal

from clinicdesk.domain.clinics import Promotion
from clinicdesk.domain.custom_fields import Entity, Kind

# service, name, days from now to the first, how many days, percent off, price
_PROMOTIONS = (
    ("Limpeza de pele", "Semana da pele", -3, 14, 20, None),
    ("Limpeza de pele", "Pacote de verão", 7, 45, None, "199.00"),
    ("Peeling químico", "Semana da pele", -3, 14, 15, None),
    ("Limpeza", "Sorriso de fim de ano", -10, 50, None, "150.00"),
    ("Bioimpedância", "Volta às aulas", 60, 20, 30, None),
)
DESCRIPTIONS = {
    "Limpeza de pele": "Higienização, extração e máscara calmante. A pele pode ficar rosada por um dia.",
    "Peeling químico": "Indicado após avaliação. Evite sol por sete dias antes e depois.",
    "Toxina botulínica": "Inclui retorno em 15 dias para ajuste.",
    "Primeira consulta dermatológica": "Traga exames e a lista do que usa hoje.",
}
# name, kind, choices
FIELDS = (
    ("Preparo", Kind.CHOICE, ("Nenhum", "Jejum de 4 horas", "Sem maquiagem", "Trazer exames")),
    ("Código TUSS", Kind.TEXT, ()),
    ("Pede termo assinado", Kind.YES_NO, ()),
)
OF_FIELDS = Entity.SERVICE
PREPARED = {"Limpeza de pele": "Sem maquiagem", "Peeling químico": "Sem maquiagem", "Bioimpedância": "Jejum de 4 horas"}
DRAWN = {"Limpeza de pele": (200, 340), "Peeling químico": (310, 65), "Limpeza": (200, 155)}


@dataclass(frozen=True)
class DayThatDiffers:
    """A date of the clinic (professional None) or of one professional by place in the list; no minutes: closed."""

    day: dt.date
    label: str
    minutes: tuple[int, int] | None
    professional: int | None = None


def promotions(today: dt.date) -> list[tuple[str, Promotion]]:
    """Service names with their promotions, some in force, some to come, two that share days."""
    found = []
    for service, name, begins, days, percent, price in _PROMOTIONS:
        first = today + dt.timedelta(days=begins)
        last = first + dt.timedelta(days=days)
        found.append((service, Promotion(name, first, last, Decimal(price) if price else None, percent)))
    return found


def days_that_differ(today: dt.date) -> list[DayThatDiffers]:
    """Shorter days before the holidays at the year's end, and a Saturday that one professional works."""
    year = today.year if today < dt.date(today.year, 12, 24) else today.year + 1
    saturday = today + dt.timedelta(days=(5 - today.weekday()) % 7 + 14)
    return [
        DayThatDiffers(dt.date(year, 12, 24), "Véspera de Natal", (8 * 60, 12 * 60)),
        DayThatDiffers(dt.date(year, 12, 31), "Véspera de Ano-Novo", (8 * 60, 12 * 60)),
        DayThatDiffers(dt.date(year, 12, 26), "Balanço", None),
        DayThatDiffers(saturday, "Mutirão de pintas", (8 * 60, 13 * 60), 0),
    ]


def drawing(hues: tuple[int, int], side: int = 160) -> bytes:
    """A picture drawn here: a soft ground, a disc and its ring, as PNG."""
    ground, ink = (_pale(hue) for hue in hues)
    dark = tuple(channel // 2 for channel in ink)
    lines = bytearray()
    for y in range(side):
        lines.append(0)  # no filter
        for x in range(side):
            distance = ((x - side * 0.5) ** 2 + (y - side * 0.52) ** 2) ** 0.5 / side
            lines.extend(dark if 0.33 < distance < 0.36 else ink if distance < 0.28 else ground)
    return _png(side, bytes(lines))


def _pale(hue: int) -> tuple[int, int, int]:
    """A light colour out of a hue; a drawing needs no more than that."""
    sector, part = divmod(hue % 360, 60)
    up, down = 160 + part * 80 // 60, 240 - part * 80 // 60
    high, low = 240, 160
    return [(high, up, low), (down, high, low), (low, high, up), (low, down, high), (up, low, high), (high, low, down)][
        sector
    ]


def _png(side: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
