"""A Tuesday in a clinic of five professionals, a week of one of them, and a view that shows them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from zoneinfo import ZoneInfo

from clinicdesk.desk.agenda.columns import ColumnSpec, FreeTime, Grouping, Placement
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.view import AgendaView
from clinicdesk.domain.agenda import Appointment, Slot, Status
from clinicdesk.domain.hours import Closure, ClosureKind
from clinicdesk.errors import ClinicError, SlotTaken
from tests.builders import TUESDAY, ZONE, appointment, local, uuid_for

NOW = local(10, 18)
PEOPLE = (
    ("Dra. Helena Prado", "Dermatologia", 200),
    ("Dr. Caio Menezes", "Ortopedia", 265),
    ("Dra. Lívia Tanaka", "Nutrição", 155),
    ("Dr. André Falcão", "Odontologia", 310),
    ("Dra. Marina Couto", "Fisioterapia", 65),
)
_HELENA, _CAIO, _LIVIA, _ANDRE, _MARINA = (name for name, _specialty, _hue in PEOPLE)
_S = Status


def clock(text: str) -> tuple[int, int]:
    """“10:45” as hour and minute."""
    hour, minute = text.split(":")
    return int(hour), int(minute)


def visit(
    professional: str, start: str, end: str, name: str, service: str, room: str, status: Status, **changes: object
) -> Appointment:
    """One visit of the Tuesday; a waiting patient came `waited` minutes before NOW."""
    waited = changes.pop("waited", 0)
    return appointment(
        id=uuid_for(f"{professional} {start} {name}"),
        professional_name=professional,
        starts_at=local(*clock(start)),
        ends_at=local(*clock(end)),
        patient_name=name,
        service_name=service,
        room_name=room,
        status=status,
        status_at=NOW - dt.timedelta(minutes=int(str(waited))),
        **changes,
    )


def tuesday() -> list[Appointment]:
    """The day of the design's picture, with what is hard added to it."""
    return [
        visit(_HELENA, "8:00", "8:30", "Beatriz Nóbrega", "Retorno", "Sala 2", _S.COMPLETED),
        visit(_HELENA, "8:30", "9:30", "João Vitor Araújo", "Consulta dermatológica", "Sala 2", _S.COMPLETED),
        visit(_HELENA, "9:45", "10:30", "Sônia Galvão Pires", "Toxina botulínica", "Sala 2", _S.IN_PROGRESS),
        visit(
            _HELENA,
            "10:30",
            "11:00",
            "Matheus Brandão",
            "Avaliação de pinta",
            "Sala 2",
            _S.CHECKED_IN,
            waited=12,
            first_visit=True,
        ),
        visit(
            _HELENA,
            "11:15",
            "12:00",
            "Conceição Albuquerque Prates",
            "Consulta dermatológica",
            "Sala 2",
            _S.CONFIRMED,
            alert="alergia grave a dipirona",
        ),
        visit(_HELENA, "14:00", "15:00", "Rafael Guimarães", "Laser · sessão 3/6", "Laser", _S.CONFIRMED),
        visit(_HELENA, "15:00", "15:15", "Iara Tupinambá", "Curativo", "Sala 2", _S.CONFIRMED),
        visit(_HELENA, "15:30", "16:15", "Maria do Socorro Lima", "Toxina botulínica", "Sala 2", _S.PENDING),
        visit(_CAIO, "8:30", "9:00", "Antônio Siqueira", "Pós-operatório", "Sala 4", _S.NO_SHOW),
        visit(_CAIO, "9:00", "9:45", "Patrícia Lemos", "Consulta ortopédica", "Sala 4", _S.COMPLETED),
        visit(_CAIO, "10:00", "10:30", "Igor Valença", "Infiltração", "Sala 4", _S.IN_PROGRESS),
        visit(
            _CAIO,
            "10:45",
            "11:30",
            "Dulce Fontoura",
            "Consulta ortopédica",
            "Sala 4",
            _S.CONFIRMED,
            alert="alergia grave a dipirona",
        ),
        visit(_CAIO, "13:30", "14:00", "Éverton Lins", "Retorno", "", _S.CONFIRMED),
        visit(
            _CAIO,
            "14:15",
            "15:00",
            "Gabriela Monteiro",
            "Avaliação de joelho",
            "Sala 4",
            _S.PENDING,
            first_visit=True,
        ),
        visit(_CAIO, "15:15", "16:00", "Wellington Sampaio", "Consulta ortopédica", "Sala 4", _S.CONFIRMED),
        visit(
            _CAIO,
            "15:15",
            "15:45",
            "Teresa Cristina de Bragança e Dias",
            "Retorno",
            "Sala 3",
            _S.PENDING,
            overbooking_reason="dor forte",
            alert="marca-passo",
            first_visit=True,
        ),
        visit(_LIVIA, "9:00", "10:00", "Luísa Cavalcanti", "Primeira consulta", "Sala 1", _S.COMPLETED),
        visit(_LIVIA, "10:15", "11:00", "Otávio Reis", "Bioimpedância", "Sala 1", _S.CHECKED_IN, waited=20),
        visit(_LIVIA, "11:00", "11:45", "Natália Peçanha", "Retorno nutricional", "", _S.CONFIRMED),
        visit(
            _LIVIA,
            "14:30",
            "15:30",
            "Tomás Figueiredo",
            "Primeira consulta",
            "Sala 1",
            _S.CONFIRMED,
            first_visit=True,
        ),
        visit(_LIVIA, "15:45", "16:15", "Rute Sá", "Retorno", "Sala 1", _S.PENDING),
        visit(_LIVIA, "15:50", "16:20", "Bento Luz", "Retorno", "Sala 1", _S.PENDING, overbooking_reason="x"),
        visit(_LIVIA, "16:00", "16:30", "Célia Rios", "Retorno", "Sala 1", _S.PENDING, overbooking_reason="x"),
        visit(_ANDRE, "8:00", "9:30", "Fernanda Quintela", "Canal · dente 26", "Cadeira 1", _S.COMPLETED),
        visit(_ANDRE, "10:00", "11:00", "Bruno Sarmento", "Restauração", "Cadeira 1", _S.IN_PROGRESS),
        visit(_ANDRE, "11:15", "11:45", "Alícia Rezende", "Limpeza", "Cadeira 1", _S.PENDING),
        visit(_ANDRE, "13:30", "14:30", "Ronaldo Pádua", "Prova de prótese", "Cadeira 1", _S.CONFIRMED),
        visit(_ANDRE, "15:00", "16:00", "Sílvia Mascarenhas", "Clareamento", "Cadeira 1", _S.CONFIRMED),
        visit(_MARINA, "8:00", "8:50", "Cecília Barreto", "Pilates clínico", "Studio", _S.COMPLETED),
        visit(_MARINA, "9:00", "9:50", "Jorge Assunção", "RPG · sessão 4/10", "Sala 5", _S.COMPLETED),
        visit(_MARINA, "10:00", "10:50", "Vera Magalhães", "Drenagem linfática", "Sala 5", _S.CHECKED_IN, waited=24),
        visit(_MARINA, "11:00", "11:50", "Davi Penteado", "Pilates clínico", "Studio", _S.CONFIRMED),
        visit(_MARINA, "14:00", "14:50", "Iolanda Freire", "RPG · sessão 1/10", "Sala 5", _S.CONFIRMED),
        visit(_MARINA, "15:00", "15:50", "Heloísa Bittencourt", "Drenagem linfática", "Sala 5", _S.PENDING),
        visit(_MARINA, "16:00", "16:50", "Otília Ramos", "Pilates clínico", "Studio", _S.CANCELLED),
    ]


def closed(start: str, end: str, kind: ClosureKind, label: str = "", day: dt.date = TUESDAY) -> Closure:
    """A closed stretch; an end of 24:00 is midnight."""
    ends = local(0, 0, day + dt.timedelta(days=1)) if end == "24:00" else local(*clock(end), day)
    return Closure(Slot(local(*clock(start), day), ends), kind, label)


def tuesday_closures() -> dict[object, list[Closure]]:
    """What `Calendar.closures` would say of it."""
    lunch = {
        _HELENA: ("12:00", "13:15"),
        _LIVIA: ("12:00", "13:30"),
        _ANDRE: ("12:00", "13:30"),
        _MARINA: ("12:00", "14:00"),
    }
    found: dict[object, list[Closure]] = {}
    for name, _specialty, _hue in PEOPLE:
        day = [closed("0:00", "9:00" if name == _LIVIA else "8:00", ClosureKind.CLOSED)]
        if name in lunch:
            day.append(closed(*lunch[name], ClosureKind.BREAK))
        else:
            day.append(closed("11:30", "13:30", ClosureKind.BLOCK, "Cirurgia externa"))
        day.append(closed("18:00", "24:00", ClosureKind.CLOSED))
        found[uuid_for(name)] = day
    return found


def day_columns(values: Iterable[Appointment]) -> list[ColumnSpec]:
    """The five professionals with the number of their visits."""
    counts: dict[object, int] = {}
    for value in values:
        counts[value.professional_id] = counts.get(value.professional_id, 0) + 1
    return [
        ColumnSpec(uuid_for(name), TUESDAY, name, specialty, counts.get(uuid_for(name), 0), hue)
        for name, specialty, hue in PEOPLE
    ]


def occupied(values: list[Appointment], placement: Placement) -> ClinicError | None:
    """Stands for the search of the use cases: the professional is taken by whoever overlaps."""
    mine = placement.appointment.id if placement.appointment else None
    for value in values:
        if value.id == mine or not value.status.holds_the_slot or value.professional_id != placement.column_key:
            continue
        if value.starts_at < placement.ends_at and placement.starts_at < value.ends_at:
            return SlotTaken("professional", value.professional_name, value.patient_name, value.ends_at, value.ends_at)
    return None


def worded(error: ClinicError) -> str:
    """Stands for the desk's wording."""
    assert isinstance(error, SlotTaken) and error.until is not None
    return f"{error.holder} fica com {error.resource_name} até {error.until.astimezone(ZONE):%H:%M}."


def day_view(values: list[Appointment] | None = None) -> AgendaView:
    """A view of the Tuesday."""
    shown = tuesday() if values is None else values
    model = AgendaModel(ZONE)
    view = AgendaView(model)
    model.setParent(view)
    view.set_zone(ZONE)
    view.set_now(NOW)
    view.show_day(Grouping.PROFESSIONAL)
    view.set_columns(day_columns(shown))
    view.set_closures(tuesday_closures())
    view.set_hours(8, 19)
    view.set_explain(lambda placement: occupied(shown, placement), worded)
    model.replace_all(shown)
    return view


_CATEGORIES = {"Consulta": 235, "Retorno": 155, "Laser": 310, "Toxina": 340, "Avaliação": 65}


def week_view(zone: ZoneInfo = ZONE) -> AgendaView:
    """Monday to Saturday of one professional: everybody's Tuesday, spread over the days."""
    monday = TUESDAY - dt.timedelta(days=1)
    days = [monday + dt.timedelta(days=number) for number in range(6)]
    values: list[Appointment] = []
    for number, (name, _specialty, _hue) in enumerate(PEOPLE):
        for value in (one for one in tuesday() if one.professional_name == name):
            shift = days[(number + 1) % 6] - TUESDAY
            hue = _CATEGORIES.get(value.service_name.split()[0], 200)
            moved = replace(
                value,
                starts_at=value.starts_at + shift,
                ends_at=value.ends_at + shift,
                category_hue=hue,
                professional_id=uuid_for(_HELENA),
                professional_name=_HELENA,
            )
            later = moved.status in (_S.COMPLETED, _S.IN_PROGRESS, _S.CHECKED_IN) and shift.days > 0
            values.append(replace(moved, status=_S.CONFIRMED) if later else moved)
    view = AgendaView(AgendaModel(zone))
    view.model.setParent(view)
    view.set_zone(zone)
    view.set_now(NOW)
    view.show_week()
    words = ("seg", "ter", "qua", "qui", "sex", "sáb")
    shares = (0.92, 0.86, 0.64, 1.0, 0.45, 0.3)
    view.set_columns(
        ColumnSpec(day, day, word, count=6, occupancy=share)
        for day, word, share in zip(days, words, shares, strict=True)
    )
    closures: dict[object, list[Closure]] = {
        day: [
            closed("12:00", "14:00", ClosureKind.BREAK, day=day),
            closed("18:00", "24:00", ClosureKind.CLOSED, day=day),
        ]
        for day in days[:4]
    }
    closures[days[4]] = [closed("0:00", "24:00", ClosureKind.HOLIDAY, "Consciência Negra", day=days[4])]
    closures[days[5]] = [
        closed("0:00", "9:00", ClosureKind.CLOSED, day=days[5]),
        closed("12:00", "24:00", ClosureKind.CLOSED, day=days[5]),
    ]
    view.set_closures(closures)
    view.set_free(
        [
            FreeTime(days[1], local(13, 15), local(14, 0)),
            FreeTime(days[2], local(15, 0, days[2]), local(15, 45, days[2])),
        ]
    )
    view.model.replace_all(values)
    return view
