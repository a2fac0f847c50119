"""The inbox of the demo: who wrote since yesterday, what the robot said, and what waits for a person."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.demo.keys import ZONE
from clinicdesk.domain.demo.people import DemoPatient
from clinicdesk.domain.demo.visits import DemoVisit
from clinicdesk.domain.hours import instant

_WINDOW = dt.timedelta(hours=24)
QUICK_REPLIES = (
    ("espera", "Pode sim, estamos esperando."),
    ("sala4", "A Sala 4 fica no térreo, à direita da recepção."),
    ("endereco", "Estamos na Av. Paulista, 1.000, 4º andar. O estacionamento é pela rua de trás."),
    ("documentos", "Traga um documento com foto, a carteirinha do convênio e os exames que já tiver."),
    ("jejum", "Para este exame são necessárias 8 horas de jejum; água pode."),
)
REMINDER = (
    "Olá, {name}! {when}, às {time}, você tem horário com {professional} na Clínica Bem Viver. Responda 1 para"
    " confirmar ou 0 para cancelar."
)
# name, text, the provider's name of it; the first is the reminder's
TEMPLATES = (
    (
        "Lembrete da consulta",
        "Olá, {first_name}! {weekday}, {day}, às {time}, você tem horário com {professional} na {clinic}.",
        "lembrete_consulta",
    ),
    (
        "Retomar a conversa",
        "Olá, {first_name}! Aqui é da {clinic}. Temos uma resposta para você: pode nos escrever por aqui?",
        "retomar_conversa",
    ),
    (
        "Como chegar",
        "Olá, {first_name}! Estamos na {address}. Seu horário com {professional} é {weekday}, {day}, às {time}.",
        "como_chegar",
    ),
)


class Said(NamedTuple):
    """One line of a talk, so many days before the demo's moment at a time of the clinic's wall."""

    days: int
    at: str
    side: str  # in, robot, event, or the login of whoever wrote
    words: str = ""
    state: str = "read"  # of what went out; of what came, what it did
    kind: str = ""
    reason: str = ""
    media: tuple[str, str, str, int] | None = None  # kind, mime, name, seconds


@dataclass(frozen=True)
class DemoTalk:
    """One conversation. `person` is the login of who has it, empty for the robot."""

    patient: DemoPatient | None
    said: tuple[Said, ...]
    person: str = ""
    unread: int = 0
    phone: str = ""
    display_name: str = ""
    visit: DemoVisit | None = None
    lines: Mapping[int, dt.datetime] = field(default_factory=dict)

    @property
    def last_at(self) -> dt.datetime:
        """When the last line was said."""
        return max(self.lines.values())

    @property
    def window_until(self) -> dt.datetime | None:
        """Until when free words may be sent."""
        came = [self.lines[at] for at, one in enumerate(self.said) if one.side == "in"]
        return max(came) + _WINDOW if came else None


_AUDIO = ("audio", "audio/wav", "", 14)
_PHOTO = ("image", "image/png", "pedido do exame.png", 0)
_RESULT = ("document", "application/pdf", "resultado.pdf", 0)
_TALKS: tuple[tuple[str, str, int, tuple[Said, ...]], ...] = (
    (
        "Dulce Maria Fontoura de Albuquerque",
        "renata",
        2,
        (
            Said(1, "10:45", "robot", "@"),
            Said(1, "18:42", "in", "1", "confirmed"),
            Said(1, "18:42", "event", kind="confirmed"),
            Said(
                0,
                "10:07",
                "in",
                "Bom dia! Estou levando a ressonância. Precisa do laudo impresso ou pode ser no celular?",
            ),
            Said(0, "10:08", "event", kind="taken"),
            Said(0, "10:09", "renata", "Bom dia, Dulce! Pode ser no celular, o Dr. Caio abre aqui na tela."),
            Said(0, "10:15", "in", "Ah, que bom!"),
            Said(0, "10:16", "in", "Posso chegar 10 minutos mais cedo?"),
        ),
    ),
    (
        "Tomás Figueiredo",
        "renata",
        0,
        (
            Said(2, "14:30", "robot", "@"),
            Said(2, "15:02", "in", "Vou sim", "confirmed"),
            Said(2, "15:02", "event", kind="confirmed"),
            Said(0, "09:55", "in", "Posso levar minha esposa na consulta?"),
            Said(0, "10:05", "event", kind="taken"),
            Said(0, "10:09", "renata", "Pode sim, Tomás. Até já!"),
        ),
    ),
    (
        "Natália Peçanha",
        "",
        0,
        (
            Said(1, "11:00", "robot", "@", "delivered"),
            Said(0, "09:57", "in", "confirmo", "confirmed"),
            Said(0, "09:57", "event", kind="confirmed"),
            Said(0, "09:58", "robot", "Confirmado para hoje, 11:00. Até logo!", "delivered", "answer"),
        ),
    ),
    (
        "Conceição Álvares",
        "",
        1,
        (
            Said(1, "11:15", "robot", "@", "delivered"),
            Said(0, "09:52", "in", "Quero remarcar pra outro dia", "conversation"),
        ),
    ),
    (
        "Éverton Lins",
        "paula",
        0,
        (
            Said(0, "09:30", "in", "Bom dia, o convênio pediu o exame de novo"),
            Said(0, "09:33", "paula", "Bom dia! Pode mandar uma foto do pedido?"),
            Said(0, "09:36", "event", "Autorização do convênio em andamento: guia 4471.", kind="note"),
            Said(0, "09:41", "in", media=_PHOTO),
        ),
    ),
    ("Sílvia Mascarenhas", "", 0, (Said(0, "09:00", "robot", "@"),)),
    (
        "Wellington Sampaio",
        "",
        0,
        (Said(0, "08:47", "robot", "@", "failed", reason="not_reached"),),
    ),
    (
        "Iolanda Freire",
        "renata",
        0,
        (
            Said(1, "12:40", "in", "Boa tarde, tem horário mais cedo amanhã?"),
            Said(1, "12:52", "event", kind="taken"),
            Said(1, "12:55", "renata", "Oi, Iolanda! Abriu um horário às 13:15, serve?", "sent"),
        ),
    ),
    (
        "Rita de Cássia Toledo",
        "",
        0,
        (
            Said(1, "16:00", "robot", "@"),
            Said(0, "08:31", "in", "Depende do horário do ônibus, moça. Dá pra ser outro dia?", "unclear"),
        ),
    ),
    (
        "Kenji Watanabe",
        "",
        0,
        (Said(1, "16:15", "robot", "@"), Said(0, "08:12", "in", "", "unclear", media=_AUDIO)),
    ),
    (
        "Zilda Abdalla",
        "",
        0,
        (
            Said(4, "09:10", "in", "Segue o resultado", media=_RESULT),
            Said(4, "09:20", "renata", "Recebido, dona Zilda. A nutricionista vê antes da consulta."),
            Said(4, "09:21", "event", kind="handed_back"),
        ),
    ),
)
_STRANGER = (Said(0, "08:03", "in", "Oi, vocês atendem o convênio Vida Plena? Queria marcar pra minha mãe"),)


def make_talks(
    patients: Sequence[DemoPatient], visits: Sequence[DemoVisit], clinic_id: UUID, moment: dt.datetime
) -> list[DemoTalk]:
    """The conversations of one unit as they stand at `moment`."""
    by_name = {one.full_name: one for one in patients}
    first: dict[UUID, DemoVisit] = {}
    for visit in sorted(visits, key=lambda one: one.starts_at):
        if visit.clinic_id == clinic_id and visit.starts_at >= moment:
            first.setdefault(visit.patient_id, visit)
    return list(_talks(by_name, first, moment))


def _talks(
    by_name: Mapping[str, DemoPatient], first: Mapping[UUID, DemoVisit], moment: dt.datetime
) -> Iterator[DemoTalk]:
    for name, person, unread, said in _TALKS:
        patient = by_name.get(name)
        if patient is not None:
            visit = first.get(patient.id)
            kept = tuple(one for one in said if visit is not None or one.words != "@")
            yield DemoTalk(patient, kept, person, unread, patient.phone, visit=visit, lines=_times(kept, moment))
    yield DemoTalk(None, _STRANGER, "", 1, "+5511900009812", "Jéssica", lines=_times(_STRANGER, moment))


def _times(said: Sequence[Said], moment: dt.datetime) -> dict[int, dt.datetime]:
    """When each line was said; what would still be to come was said a moment ago. Lines keep their order."""
    zone = ZoneInfo(ZONE)
    today = moment.astimezone(zone).date()
    found: dict[int, dt.datetime] = {}
    for place, one in enumerate(said):
        hour, minute = map(int, one.at.split(":"))
        at = instant(today - dt.timedelta(days=one.days), dt.time(hour, minute), zone)
        found[place] = min(at, moment) + dt.timedelta(seconds=place)
    return found
