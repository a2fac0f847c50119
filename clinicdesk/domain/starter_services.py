"""Ready-made lists of services for a clinic's first day, by the kind of clinic; all of it can be changed later.

The names are the clinic's own data, in the language of the country, and so are not translated.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class ClinicKind(StrEnum):
    """What kind of clinic it is, as far as its first services go."""

    MEDICAL = "medical"
    DENTAL = "dental"
    AESTHETIC = "aesthetic"


@dataclass(frozen=True, slots=True)
class StarterCategory:
    """A heading of the catalogue."""

    name: str
    icon: str
    hue: int


@dataclass(frozen=True, slots=True)
class StarterService:
    """A service as it is offered for a beginning; `after` are minutes kept for the room."""

    name: str
    category: StarterCategory
    minutes: int
    price: Decimal
    after: int = 0


def _services(category: StarterCategory, lines: str) -> tuple[StarterService, ...]:
    """Lines of `name | minutes | price | minutes after`."""
    found = []
    for line in lines.strip().splitlines():
        name, minutes, price, *after = (part.strip() for part in line.split("|"))
        found.append(StarterService(name, category, int(minutes), Decimal(price), int(after[0]) if after else 0))
    return tuple(found)


STARTER_SERVICES: dict[ClinicKind, tuple[StarterService, ...]] = {
    ClinicKind.MEDICAL: (
        *_services(
            StarterCategory("Consultas", "stethoscope", 200),
            """
            Primeira consulta | 45 | 380.00
            Consulta | 30 | 320.00
            Retorno | 20 | 0.00
            Consulta por vídeo | 30 | 300.00
            Encaixe | 15 | 320.00
            """,
        ),
        *_services(
            StarterCategory("Procedimentos", "activity", 265),
            """
            Pequeno procedimento | 45 | 450.00 | 10
            Curativo | 20 | 80.00 | 5
            Retirada de pontos | 15 | 60.00 | 5
            """,
        ),
        *_services(
            StarterCategory("Documentos", "clipboard-list", 110),
            """
            Avaliação pré-operatória | 45 | 380.00
            Laudo ou relatório | 30 | 180.00
            """,
        ),
    ),
    ClinicKind.DENTAL: (
        *_services(
            StarterCategory("Avaliação", "clipboard-list", 200),
            """
            Primeira avaliação | 45 | 150.00 | 5
            Retorno | 20 | 0.00 | 5
            Urgência | 30 | 220.00 | 10
            """,
        ),
        *_services(
            StarterCategory("Clínica geral", "smile", 310),
            """
            Limpeza | 45 | 200.00 | 10
            Restauração | 60 | 280.00 | 10
            Extração simples | 45 | 320.00 | 15
            Canal | 90 | 950.00 | 15
            """,
        ),
        *_services(
            StarterCategory("Ortodontia", "star", 155),
            """
            Instalação de aparelho | 90 | 800.00 | 10
            Manutenção de aparelho | 30 | 180.00 | 5
            """,
        ),
        *_services(
            StarterCategory("Estética dental", "sparkles", 340),
            """
            Clareamento | 60 | 690.00 | 10
            Moldagem | 40 | 250.00 | 10
            Prova de prótese | 40 | 350.00 | 5
            """,
        ),
    ),
    ClinicKind.AESTHETIC: (
        *_services(
            StarterCategory("Avaliação", "clipboard-list", 200),
            """
            Avaliação estética | 40 | 150.00
            Retorno | 20 | 0.00
            """,
        ),
        *_services(
            StarterCategory("Facial", "sparkles", 340),
            """
            Limpeza de pele | 60 | 220.00 | 15
            Peeling químico | 45 | 380.00 | 10
            Toxina botulínica | 45 | 1200.00 | 10
            Preenchimento labial | 60 | 1500.00 | 15
            Microagulhamento | 60 | 480.00 | 15
            """,
        ),
        *_services(
            StarterCategory("Corporal", "heart-pulse", 155),
            """
            Drenagem linfática | 60 | 180.00 | 15
            Massagem modeladora | 50 | 170.00 | 15
            Radiofrequência | 45 | 260.00 | 10
            """,
        ),
        *_services(
            StarterCategory("Laser", "zap", 265),
            """
            Depilação a laser, área pequena | 20 | 150.00 | 10
            Depilação a laser, área grande | 45 | 320.00 | 10
            """,
        ),
    ),
}
