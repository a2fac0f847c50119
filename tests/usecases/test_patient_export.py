"""The register leaves in a file for owners and managers, with a trace, and comes back by an import."""

import csv
import datetime as dt
import io
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from clinicdesk.domain.patients import PatientForm, RegisterPatient
from clinicdesk.errors import NotAllowed, UnwritableFile
from clinicdesk.usecases import patients
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.patient_export import Format, GivenUp, export_patients, save_patients
from tests.office import Office, put, value

TODAY = dt.date(2035, 3, 6)
CPF = "529.982.247-25"


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=","))


def _dulce(clinic: Clinic) -> UUID:
    form = PatientForm("=Dulce Fontoura", phone="(11) 98765-4321", cpf=CPF, birth_date=dt.date(1980, 5, 4))
    return patients.register(clinic, RegisterPatient(new_id(), form), TODAY).id


def test_the_register_leaves_as_a_table(office: Office) -> None:
    clinic, admin, tag = office.desk("otavio"), office.admin(), uuid4()
    dulce = _dulce(clinic)
    put(admin, "tag", id=tag, name="Gestante")
    put(admin, "patient_tag", patient_id=dulce, tag_id=tag)
    rows = _rows(export_patients(clinic, Format.CSV))
    assert len(rows) == patients.count(clinic)
    (row,) = _rows(export_patients(clinic, Format.CSV, [dulce]))
    assert (row["Name"], row["Phone"], row["CPF"]) == ("'=Dulce Fontoura", "(11) 98765-4321", "•••.982.247-••")
    assert (row["Date of birth"], row["Tags"], row["No-shows"]) == ("04/05/1980", "Gestante", "0")
    assert export_patients(clinic, Format.XLSX)[:2] == b"PK"
    kept = "SELECT array_agg(after ->> 'lines' ORDER BY id) FROM clinicdesk.audit WHERE action = 'export'"
    assert value(admin, kept) == [str(len(rows)), "1", str(len(rows))]


def test_who_may_take_the_register_out(office: Office) -> None:
    for login in ("renata", "helena"):
        with pytest.raises(NotAllowed):
            export_patients(office.desk(login), Format.CSV)
        # The database says so too.
        with pytest.raises(NotAllowed), office.desk(login).transaction() as tx:
            tx.exec_driver_sql("SELECT clinicdesk.record_export('x', 1)")
    with pytest.raises(NotAllowed):
        export_patients(office.desk("otavio"), Format.CSV, with_cpf=True)
    dulce = _dulce(office.desk("claudia"))
    (row,) = _rows(export_patients(office.desk("claudia"), Format.CSV, [dulce], with_cpf=True))
    assert row["CPF"] == CPF


def test_the_file_is_written_whole_or_not_at_all(office: Office, tmp_path: Path) -> None:
    clinic, path, parts = office.desk("otavio"), tmp_path / "saída.csv", []
    path.write_text("old")

    def give_up(part: float) -> None:
        raise GivenUp

    assert save_patients(clinic, path, Format.CSV, told=give_up) is None
    assert path.read_text() == "old"
    assert save_patients(clinic, path, Format.CSV, told=parts.append) == path
    assert len(_rows(path.read_bytes())) == patients.count(clinic)
    assert parts == sorted(parts) and parts[0] > 0 and parts[-1] <= 1
    with pytest.raises(UnwritableFile):
        save_patients(clinic, tmp_path / "nowhere" / "a.csv", Format.CSV)
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnwritableFile):
        save_patients(clinic, tmp_path / "folder", Format.CSV)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["folder", "saída.csv"]
