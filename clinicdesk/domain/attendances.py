"""Attendances of another system: how its table is read, in a TOML file, and what one of its rows says.

Columns and words are the other system's; what they stand for is written in the file, never in the code.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import Slot, Status
from clinicdesk.domain.free_text import without_unwritable
from clinicdesk.domain.hours import instant
from clinicdesk.domain.patients import clean_cpf, clean_name, clean_phone, fold
from clinicdesk.errors import InvalidField, SourceWrong

LONGEST_VISIT = 24 * 60
NEEDED = ("uid", "patient", "professional")
COLUMNS = (
    *NEEDED,
    *("phone", "birth_date", "cpf", "service", "starts", "day", "hour", "ends", "minutes", "status"),
    *("updated_at", "note"),
)
_TABLES = frozenset({"source", "columns", "status", "services", "professionals"})
_OF_SOURCE = frozenset({"name", "address", "schema", "table", "minutes", "service"})
_PASSWORD = re.compile(r"^[^:]+://[^/@]*:[^/@]+@|[?&](password|passwd|pwd)=", re.IGNORECASE)
_STATES = (Status.PENDING, Status.CONFIRMED, Status.CANCELLED, Status.COMPLETED, Status.NO_SHOW)

# What systems here write; a file adds its own words or gives these another meaning.
USUAL_WORDS: dict[Status, str] = {
    Status.PENDING: "agendado,agendada,marcado,marcada,pendente,aguardando,aguardando confirmacao,sem resposta,aberto,"
    "scheduled,pending,a",
    Status.CONFIRMED: "confirmado,confirmada,confirmed,c",
    Status.CANCELLED: "cancelado,cancelada,desmarcado,desmarcada,excluido,excluida,suspenso,cancelled,canceled,x",
    Status.COMPLETED: "realizado,realizada,atendido,atendida,finalizado,finalizada,concluido,concluida,completed,r",
    Status.NO_SHOW: "faltou,falta,ausente,nao compareceu,no show,no_show,f",
}


@dataclass(frozen=True)
class Source:
    """A table of another system, and what its columns and words stand for here."""

    name: str
    address: str  # as SQLAlchemy writes it, without a password
    table: str
    columns: Mapping[str, str]  # ours to theirs
    schema: str = ""
    minutes: int = 30
    service: str = ""  # where a row names none that is known
    statuses: Mapping[str, Status] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    professionals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attendance:
    """One row, read."""

    uid: str
    patient_name: str
    professional: str
    slot: Slot
    status: Status
    phone: str = ""
    birth_date: dt.date | None = None
    cpf: str = ""
    service: str = ""
    note: str = ""
    mark: str = ""  # up to where the table is read with this row


@dataclass(frozen=True, slots=True)
class UnreadableAttendance:
    """A row that makes no sense: how it calls itself, and what is wrong."""

    uid: str
    patient_name: str
    problem: InvalidField
    mark: str = ""


# --- the file --------------------------------------------------------------------------------------------------------


def read_source(text: str) -> Source:
    """The source that a TOML file describes. Raises SourceWrong."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceWrong("not_toml", str(error)) from None
    for unknown in sorted(told.keys() - _TABLES):
        raise SourceWrong("unknown_key", unknown)
    source, columns = _strings(told, "source"), _strings(told, "columns")
    for unknown in sorted(source.keys() - _OF_SOURCE) + sorted(columns.keys() - set(COLUMNS)):
        raise SourceWrong("unknown_key", unknown)
    for needed in ("name", "address", "table"):
        if not source.get(needed):
            raise SourceWrong("missing", f"source.{needed}")
    if _PASSWORD.search(source["address"]):
        raise SourceWrong("password_in_file", source["name"])
    _check_columns(columns)
    return Source(
        name=source["name"][:60],
        address=source["address"],
        table=source["table"],
        columns=columns,
        schema=source.get("schema", ""),
        minutes=_minutes(source.get("minutes", "30")),
        service=source.get("service", ""),
        statuses=_statuses(told.get("status", {})),
        services={fold(theirs): ours for theirs, ours in _strings(told, "services").items()},
        professionals={fold(theirs): ours for theirs, ours in _strings(told, "professionals").items()},
    )


def _strings(told: Mapping[str, Any], table: str) -> dict[str, str]:
    found = told.get(table, {})
    if not isinstance(found, dict) or any(isinstance(each, dict | list) for each in found.values()):
        raise SourceWrong("not_a_table", table)
    return {str(name): str(value) for name, value in found.items()}


def _check_columns(columns: Mapping[str, str]) -> None:
    for needed in NEEDED:
        if not columns.get(needed):
            raise SourceWrong("missing", f"columns.{needed}")
    if not columns.get("starts") and not (columns.get("day") and columns.get("hour")):
        raise SourceWrong("missing", "columns.starts")


def _minutes(written: str) -> int:
    if not written.isdecimal() or not 1 <= int(written) <= LONGEST_VISIT:
        raise SourceWrong("missing", "source.minutes")
    return int(written)


def _statuses(told: object) -> dict[str, Status]:
    found = {word: status for status, words in USUAL_WORDS.items() for word in words.split(",")}
    if not isinstance(told, dict):
        raise SourceWrong("not_a_table", "status")
    for name, words in told.items():
        if name not in {str(each) for each in _STATES} or not isinstance(words, list):
            raise SourceWrong("unknown_key", f"status.{name}")
        found |= {_word(word): Status(name) for word in words}
    return found


# --- one row ---------------------------------------------------------------------------------------------------------


def read_row(source: Source, row: Mapping[str, object], zone: ZoneInfo) -> Attendance | UnreadableAttendance:
    """What a row says, by our names for its columns. Times of no zone are the clinic's."""
    uid, mark = _text(row.get("uid")), mark_of(row.get("updated_at"))
    try:
        if not uid:
            raise InvalidField("event", "no_uid")
        starts_at = _starts_at(row, zone)
        return Attendance(
            uid=uid,
            patient_name=clean_name(_text(row.get("patient"))),
            professional=_text(row.get("professional")),
            slot=_slot(source, row, starts_at, zone),
            status=_status(source, row.get("status")),
            phone=_phone(row.get("phone")),
            birth_date=_day(row.get("birth_date")) if row.get("birth_date") else None,
            cpf=_cpf(row.get("cpf")),
            service=_text(row.get("service")),
            note=_text(row.get("note"))[:500],
            mark=mark,
        )
    except InvalidField as problem:
        return UnreadableAttendance(uid, _text(row.get("patient"))[:200], problem, mark)


def mark_of(value: object) -> str:
    """A value of the column that says when a row changed, so that it can be compared with it again."""
    if isinstance(value, dt.datetime | dt.date):
        return f"{'at' if isinstance(value, dt.datetime) else 'on'} {value.isoformat()}"
    if isinstance(value, int | Decimal):
        return f"no {value}"
    return f"is {value}" if value else ""


def marked_value(mark: str) -> object | None:
    """What `mark_of` was given; None for none."""
    kind, _space, written = mark.partition(" ")
    try:
        match kind:
            case "at":
                return dt.datetime.fromisoformat(written)
            case "on":
                return dt.date.fromisoformat(written)
            case "no":
                return int(Decimal(written))
    except (ValueError, ArithmeticError):
        return None
    return written if kind == "is" else None


def _starts_at(row: Mapping[str, object], zone: ZoneInfo) -> dt.datetime:
    if row.get("starts") is not None:
        return _instant(row["starts"], zone)
    return instant(_day(row.get("day")), _hour(row.get("hour")), zone)


def _slot(source: Source, row: Mapping[str, object], starts_at: dt.datetime, zone: ZoneInfo) -> Slot:
    if row.get("ends") is not None:
        ends = row["ends"]
        timed = isinstance(ends, dt.time) or (isinstance(ends, str) and re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", ends))
        day = starts_at.astimezone(zone).date()
        slot = Slot(starts_at, instant(day, _hour(ends), zone) if timed else _instant(ends, zone))
    else:
        written = _text(row.get("minutes"))
        minutes = source.minutes if not written else int(float(written)) if re.fullmatch(r"\d+(\.0+)?", written) else 0
        if not 1 <= minutes <= LONGEST_VISIT:
            raise InvalidField("ends_at", "zero_length")
        slot = Slot.lasting(starts_at, minutes)
    if slot.minutes > LONGEST_VISIT:
        raise InvalidField("ends_at", "before_start")
    return slot


def _status(source: Source, value: object) -> Status:
    word = _word(value)
    if not word:
        return Status.PENDING
    if word not in source.statuses:
        raise InvalidField("status", "unknown", word[:60])
    return source.statuses[word]


def _word(value: object) -> str:
    return fold(_text(value).replace("_", " "))


def _text(value: object) -> str:
    return " ".join(without_unwritable("" if value is None else str(value)).split())


def _phone(value: object) -> str:
    """A phone that is none is left out: the visit counts all the same."""
    try:
        return clean_phone(_text(value))
    except InvalidField:
        return ""


def _cpf(value: object) -> str:
    digits = re.sub(r"\D", "", _text(value))
    try:
        return clean_cpf(digits.zfill(11)) if digits else ""
    except InvalidField:
        return ""


_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?")


def _instant(value: object, zone: ZoneInfo) -> dt.datetime:
    if isinstance(value, dt.datetime):
        moment = value
    elif isinstance(value, str):
        moment = _written_moment(value.strip())
    else:
        raise InvalidField("starts_at", "unreadable_time", _text(value)[:60])
    if moment.utcoffset() is not None:
        return moment.astimezone(dt.UTC)
    return instant(moment.date(), moment.time(), zone)


def _written_moment(text: str) -> dt.datetime:
    found = _DAY_FIRST.fullmatch(text)
    try:
        if found:
            hour = dt.time.fromisoformat(f"{found[4] or '0:00'}".zfill(5))
            return dt.datetime.combine(dt.date(int(found[3]), int(found[2]), int(found[1])), hour)
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise InvalidField("starts_at", "unreadable_time", text[:60]) from None


def _day(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return _written_moment(_text(value)).date()


def _hour(value: object) -> dt.time:
    if isinstance(value, dt.time):
        return value.replace(tzinfo=None)
    if isinstance(value, dt.datetime):
        return value.time()
    try:
        return dt.time.fromisoformat(_text(value).zfill(5))
    except ValueError:
        raise InvalidField("starts_at", "unreadable_time", _text(value)[:60]) from None
