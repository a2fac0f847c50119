"""Attendances of another system: read from its table, taken once, followed when they change there, never written."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from clinicdesk.domain.agenda import ChangeStatus, Channel, MoveAppointment, Slot, Status
from clinicdesk.domain.attendances import Attendance, Source, UnreadableAttendance, read_row, read_source
from clinicdesk.errors import InvalidField, SlotTaken, SourceWrong
from clinicdesk.usecases import agenda
from clinicdesk.usecases.attendances import AttendanceReport, import_attendances
from clinicdesk.usecases.clinic import Clinic
from tests.office import DAY, ZONE, Office, at

NOW = at(8) - dt.timedelta(days=1)
NEXT_DAY = DAY + dt.timedelta(days=1)
FILE = """
[source]
name = "Santa Casa"
address = "{address}"
schema = "{schema}"
table = "atendimento"
service = "Consulta"

[columns]
uid = "id"
patient = "nome_paciente"
phone = "telefone"
birth_date = "nascimento"
cpf = "cpf"
professional = "medico"
service = "especialidade"
starts = "data_consulta"
minutes = "duracao"
status = "status_confirmacao"
updated_at = "atualizado_em"

[status]
pending = ["sem resposta", "pendente"]

[professionals]
"DR. H PRADO" = "Helena Prado"
"""
COLUMNS = (
    "id integer primary key, nome_paciente text, telefone text, nascimento date, cpf text, medico text,"
    " especialidade text, data_consulta timestamp, duracao integer, status_confirmacao text, atualizado_em timestamp"
)


class There:
    """The other system: a table, written by its own people."""

    def __init__(self, run: Any, marker: str, source: Source) -> None:
        self.run, self.marker, self.source = run, marker, source
        self.clock = dt.datetime(2035, 3, 1, 8)  # noqa: DTZ001  (as such systems write it)

    def put(self, key: int, **changes: object) -> None:
        """Write a row as it is now."""
        self.clock += dt.timedelta(hours=1)
        row: dict[str, object] = {
            "id": key,
            "nome_paciente": f"Paciente Número {'ABCDEFG'[key]}",
            "telefone": f"(11) 97777-000{key}",
            "nascimento": "1980-05-0" + str(key),
            "cpf": None,
            "medico": "DR. H PRADO",
            "especialidade": "CARDIOLOGIA",
            "data_consulta": f"{DAY} {8 + key:02}:00:00",
            "duracao": 30,
            "status_confirmacao": "PENDENTE",
            "atualizado_em": f"{self.clock}",
        } | changes
        self.run(f"DELETE FROM {self.table} WHERE id = {key}", ())
        marks = ", ".join([self.marker] * len(row))
        self.run(f"INSERT INTO {self.table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))

    @property
    def table(self) -> str:
        return f'"{self.source.schema}".atendimento' if self.source.schema else "atendimento"


@pytest.fixture
def sqlite_there(tmp_path: Path) -> Iterator[There]:
    path = tmp_path / "santa casa.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(f"CREATE TABLE atendimento ({COLUMNS})")
    yield There(other.execute, "?", read_source(FILE.format(address=f"sqlite:///{path}", schema="")))
    other.close()


@pytest.fixture
def postgres_there(rolled_back: Office) -> Iterator[There]:
    """A second database on the same server, with a login that may only read."""
    admin: dict[str, Any] = dict(rolled_back.cluster.admin_conninfo())
    name, reader = f"hospital{uuid4().hex[:8]}", f"leitura{uuid4().hex[:8]}"
    with psycopg.connect(**admin, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'segredo 9'").format(sql.Identifier(reader)))
        with psycopg.connect(**{**admin, "dbname": name}, autocommit=True) as other:
            other.execute('CREATE SCHEMA "SantaCasa"')
            other.execute(f'CREATE TABLE "SantaCasa".atendimento ({COLUMNS})'.encode())
            other.execute(sql.SQL('GRANT USAGE ON SCHEMA "SantaCasa" TO {}').format(sql.Identifier(reader)))
            other.execute(sql.SQL('GRANT ALL ON "SantaCasa".atendimento TO {}').format(sql.Identifier(reader)))
            place = f"{admin.get('host', '')}"
            address = f"postgresql://{reader}@/{name}?host={place}&port={admin.get('port', 5432)}"
            source = read_source(FILE.format(address=address, schema="SantaCasa"))
            yield There(lambda statement, values: other.execute(statement.encode(), values), "%s", source)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(reader)))


@pytest.fixture
def renata(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


def taken(renata: Clinic, there: There, **changes: Any) -> AttendanceReport:
    return import_attendances(renata, there.source, changes.pop("password", ""), now=NOW, **changes)


def outcomes(report: AttendanceReport) -> list[str]:
    return [str(one.outcome) for one in report.lines]


def visits(renata: Clinic) -> dict[str, tuple[dt.datetime, Status]]:
    shown = agenda.days(renata, DAY, NEXT_DAY, [one.id for one in agenda.catalogue(renata).professionals])
    return {one.patient_name[-1]: (one.starts_at, one.status) for one in shown.appointments}


def test_new_rows_are_booked_once(renata: Clinic, sqlite_there: There) -> None:
    for key in (1, 2):
        sqlite_there.put(key, status_confirmacao=["", "sem_resposta", "CONFIRMADO"][key])
    dry = taken(renata, sqlite_there, dry_run=True)
    assert (outcomes(dry), dry.batch_id, visits(renata)) == (["new", "new"], None, {})
    assert outcomes(taken(renata, sqlite_there)) == ["new", "new"]
    assert visits(renata) == {"B": (at(9), Status.PENDING), "C": (at(10), Status.CONFIRMED)}
    assert outcomes(taken(renata, sqlite_there)) == ["known"]  # the last row is looked at again, the first is not
    assert len(visits(renata)) == 2


def test_what_changes_there_is_followed(renata: Clinic, sqlite_there: There) -> None:
    for key in (1, 2, 3):
        sqlite_there.put(key)
    taken(renata, sqlite_there)
    sqlite_there.put(1, data_consulta=f"{NEXT_DAY} 15:00:00")
    sqlite_there.put(2, status_confirmacao="CANCELADO")
    sqlite_there.put(3, status_confirmacao="confirmado")
    assert outcomes(taken(renata, sqlite_there))[-3:] == ["changed", "cancelled", "changed"]
    assert visits(renata) == {
        "B": (at(15, day=NEXT_DAY), Status.PENDING),
        "C": (at(10), Status.CANCELLED),
        "D": (at(11), Status.CONFIRMED),
    }


def test_what_the_desk_decided_stays(renata: Clinic, sqlite_there: There) -> None:
    sqlite_there.put(1)
    sqlite_there.put(2)
    first, second = (one.row_id for one in taken(renata, sqlite_there).lines)
    assert first is not None
    assert second is not None
    (visit,) = agenda.appointments(renata, [first])
    wanted = Slot(at(16), at(16, 30))
    agenda.move(renata, MoveAppointment(uuid4(), first, visit.version, visit.professional_id, wanted))
    agenda.change_status(renata, ChangeStatus(uuid4(), second, 1, Status.CONFIRMED, Channel.WHATSAPP))
    sqlite_there.put(1, data_consulta=f"{DAY} 14:00:00")
    sqlite_there.put(2, telefone="(11) 97777-0009")  # nothing that concerns the visit
    assert outcomes(taken(renata, sqlite_there))[-2:] == ["kept", "known"]
    assert visits(renata) == {"B": (at(16), Status.PENDING), "C": (at(10), Status.CONFIRMED)}


def test_a_conflict_says_who_holds_the_time_and_is_tried_again(renata: Clinic, sqlite_there: There) -> None:
    office_visit = agenda.catalogue(renata)
    assert office_visit.professionals
    sqlite_there.put(1)
    sqlite_there.put(2, data_consulta=f"{DAY} 09:00:00")
    report = taken(renata, sqlite_there)
    assert outcomes(report) == ["new", "conflict"]
    error = report.lines[1].error
    assert isinstance(error, SlotTaken)
    assert error.next_free
    sqlite_there.put(1, status_confirmacao="CANCELADO")
    assert outcomes(taken(renata, sqlite_there)) == ["new", "cancelled"]


def test_rows_that_make_no_sense_are_listed_and_the_others_count(renata: Clinic, sqlite_there: There) -> None:
    sqlite_there.put(1, data_consulta="amanhã cedo")
    sqlite_there.put(2, status_confirmacao="???")
    sqlite_there.put(3, medico="Dr. Ninguém")
    sqlite_there.put(4, nome_paciente=None)
    sqlite_there.put(5, duracao=0)
    sqlite_there.put(6)
    report = taken(renata, sqlite_there)
    assert outcomes(report) == ["refused"] * 5 + ["new"]
    reasons = [(one.error.field, one.error.reason) for one in report.lines if isinstance(one.error, InvalidField)]
    assert reasons == [
        ("starts_at", "unreadable_time"),
        ("status", "unknown"),
        ("professional", "unknown"),
        ("full_name", "missing"),
        ("ends_at", "zero_length"),
    ]


def test_past_and_cancelled_rows_are_left_out(renata: Clinic, sqlite_there: There) -> None:
    sqlite_there.put(1, data_consulta="2020-01-01 09:00:00")
    sqlite_there.put(2, status_confirmacao="CANCELADO")
    sqlite_there.put(3, status_confirmacao="REALIZADO")
    assert outcomes(taken(renata, sqlite_there)) == ["past"] * 3


def test_somebody_of_the_register_is_recognised(renata: Clinic, sqlite_there: There, rolled_back: Office) -> None:
    sqlite_there.put(1, nome_paciente="ANA CONCEICAO ALVARES", telefone="11 90000-0142", nascimento=None)
    sqlite_there.put(2, nome_paciente="Maria Nova", cpf="529.982.247-25", nascimento="1972-03-14")
    first, second = (one.row_id for one in taken(renata, sqlite_there).lines)
    assert first is not None
    assert second is not None
    found = {one.id: one.patient_id for one in agenda.appointments(renata, [first, second])}
    assert found[first] == rolled_back.sample.patients["ana"]
    with renata.transaction() as tx:
        row = tx.exec_driver_sql(
            "SELECT full_name, phone, birth_date, cpf_index IS NOT NULL, source FROM clinicdesk.patient WHERE id = %s",
            (found[second],),
        ).one()
    assert tuple(row) == ("Maria Nova", "+5511977770002", dt.date(1972, 3, 14), True, "Santa Casa")


def test_a_second_postgresql_in_the_schema_of_the_santa_casa(
    renata: Clinic, postgres_there: There, rolled_back: Office
) -> None:
    postgres_there.put(1)
    postgres_there.put(2, status_confirmacao="CONFIRMADO")
    assert outcomes(taken(renata, postgres_there, password="segredo 9")) == ["new", "new"]
    postgres_there.put(1, data_consulta=f"{DAY} 16:30:00")
    assert outcomes(taken(renata, postgres_there, password="segredo 9"))[-1] == "changed"
    assert visits(renata)["B"] == (at(16, 30), Status.PENDING)
    assert postgres_there.run('SELECT count(*) FROM "SantaCasa".atendimento', ()).fetchone() == (2,)
    del rolled_back


def test_the_connection_cannot_write_there(sqlite_there: There, postgres_there: There) -> None:
    from clinicdesk.storage.attendances import _engine

    for there, password in ((sqlite_there, ""), (postgres_there, "segredo 9")):
        engine = _engine(there.source, password)
        with engine.connect() as connection, pytest.raises(Exception, match=r"read.?only"):
            connection.exec_driver_sql(f"DELETE FROM {there.table}")
        engine.dispose()


def test_why_the_source_cannot_be_read(renata: Clinic, sqlite_there: There, tmp_path: Path) -> None:
    there = sqlite_there.source

    def why(text: str) -> tuple[str, str]:
        with pytest.raises(SourceWrong) as caught:
            import_attendances(renata, read_source(text), now=NOW)
        return caught.value.reason, caught.value.name

    good = FILE.format(address=there.address, schema="")
    assert why(good.replace('table = "atendimento"', 'table = "consultas"')) == ("no_table", "consultas")
    assert why(good.replace('"medico"', '"doutor"')) == ("no_column", "doutor")
    assert why(good.replace(there.address, f"sqlite:///{tmp_path}/nada.db"))[0] == "unreachable"
    assert not (tmp_path / "nada.db").exists()
    assert why(good.replace(there.address, "oracle+cx_oracle://dev@host/db"))[0] == "no_driver"
    assert why(good.replace(there.address, "nowhere at all"))[0] == "not_an_address"
    assert why(good.replace(there.address, "postgresql://a:b@host/db")) == ("password_in_file", "Santa Casa")
    assert why(good.replace(there.address, "postgresql://a@127.0.0.1:1/db"))[0] == "unreachable"
    assert why(good.replace('phone = "telefone"', 'telephone = "telefone"')) == ("unknown_key", "telephone")
    assert why(good.replace('uid = "id"', "")) == ("missing", "columns.uid")
    assert why(good.replace("[columns]", "[columns"))[0] == "not_toml"
    assert why(good.replace("pending =", "perhaps =")) == ("unknown_key", "status.perhaps")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"starts": "06/03/2035 14:30"}, (at(14, 30), at(15))),
        ({"starts": "2035-03-06T17:30:00+00:00"}, (at(14, 30), at(15))),
        ({"starts": dt.datetime(2035, 3, 6, 14, 30)}, (at(14, 30), at(15))),  # noqa: DTZ001
        ({"day": DAY, "hour": "9:15"}, (at(9, 15), at(9, 45))),
        ({"day": "06/03/2035", "hour": dt.time(9, 15), "ends": "10:00"}, (at(9, 15), at(10))),
        ({"starts": "2035-03-06 09:00", "minutes": "45.0"}, (at(9), at(9, 45))),
    ],
)
def test_times_as_systems_write_them(row: dict[str, object], expected: tuple[dt.datetime, dt.datetime]) -> None:
    source = read_source(FILE.format(address="sqlite:///x", schema=""))
    read = read_row(source, {"uid": 7, "patient": "Ana", "professional": "x", **row}, ZONE)
    assert isinstance(read, Attendance)
    assert (read.slot.starts_at, read.slot.ends_at) == expected


def test_hostile_text_in_a_row_is_only_text() -> None:
    source = read_source(FILE.format(address="sqlite:///x", schema=""))
    row = {"uid": "1", "professional": "x", "starts": "2035-03-06 09:00", "phone": "=1+1", "cpf": "999"}
    read = read_row(source, row | {"patient": "=HYPERLINK(1) <b>Ana</b>\x00"}, ZONE)
    assert isinstance(read, Attendance)
    assert (read.patient_name, read.phone, read.cpf) == ("=HYPERLINK(1) <b>Ana</b>", "", "")
    assert isinstance(read_row(source, row | {"patient": "x" * 300}, ZONE), UnreadableAttendance)


def test_a_run_reads_no_more_than_its_share(
    renata: Clinic, sqlite_there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinicdesk.usecases.attendances.MOST", 2)
    for key in (1, 2, 3):
        sqlite_there.put(key)
    first, second = taken(renata, sqlite_there), taken(renata, sqlite_there)
    assert (outcomes(first), first.more) == (["new", "new"], True)
    assert outcomes(second) == ["known", "new"]


def test_the_watermark_is_kept_for_the_clinic_and_the_source(renata: Clinic, sqlite_there: There) -> None:
    sqlite_there.put(1)
    taken(renata, sqlite_there)
    with renata.transaction() as tx:
        kept = tx.exec_driver_sql("SELECT name, watermark FROM clinicdesk.import_source").all()
    assert [tuple(row) for row in kept] == [("Santa Casa", f"is {sqlite_there.clock}")]
