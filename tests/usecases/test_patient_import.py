"""Importing patients from files as other systems write them, on real PostgreSQL."""

import datetime as dt
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from clinicdesk.domain.demo.people import cpf_of
from clinicdesk.domain.patients import PatientForm, RegisterPatient, UpdatePatient
from clinicdesk.errors import NotAllowed, NotFound, UnreadableFile
from clinicdesk.storage.tables import metadata
from clinicdesk.usecases import patient_import, patients
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.patient_import import Outcome, import_patients, undo_import
from tests.office import DAY, Office, put
from tests.storage.rows import fill

CPF = "529.982.247-25"
OUR_EXPORT = (
    "Dt. Nascimento;CPF;Nome do Paciente;Celular;Telefone Residencial;E-mail;Endereço;Número;Bairro;Convênio;Obs\r\n"
    "14/03/1972;529.982.247-25;Conceição D'Ávila;(11) 90000-0142;(11) 3000-0000;CON@EXAMPLE.COM;Rua das Acácias;12;"
    'Saúde;Vida Plena;"prefere manhã;\r\nusa bengala"\r\n'
    "01/12/98;;João Sebastião;90000 0143;;;;;;;\r\n"
    ";;;11900000144;;;;;;;\r\n"
    "31/02/1990;111.111.111-11;Márcia Lemos;123;;sem arroba;;;;;\r\n"
    "00/00/0000;000.000.000-00;Íris Não-Informada;(00) 00000-0000;-;não informado;;;;;\r\n"
)


@pytest.fixture
def desk(office: Office) -> Clinic:
    """A receptionist at work."""
    return office.desk("renata")


@pytest.fixture
def export(run_folder: Path, request: pytest.FixtureRequest) -> Path:
    """The file as another system wrote it: Windows-1252, semicolons, headings in its own order."""
    path = run_folder / f"{request.node.name}.csv"
    path.write_bytes(OUR_EXPORT.encode("cp1252"))
    return path


def test_reads_an_export_in_windows_1252(desk: Clinic, export: Path) -> None:
    report = import_patients(desk, export)
    assert (report.encoding, report.separator) == ("windows-1252", ";")
    assert (report.taken, report.merged, report.refused) == (4, 0, 1)
    assert [one.line for one in report.lines] == [2, 4, 5, 6, 7]
    conceicao = patients.patient(desk, _only(desk, "conceicao davila"))
    assert (conceicao.full_name, conceicao.phone) == ("Conceição D'Ávila", "+5511900000142")
    assert (conceicao.birth_date, conceicao.email) == (dt.date(1972, 3, 14), "con@example.com")
    assert conceicao.address == "Rua das Acácias, 12, Saúde"
    for kept in ("prefere manhã;\r\nusa bengala", "Telefone Residencial: (11) 3000-0000", "Convênio: Vida Plena"):
        assert kept in conceicao.note
    assert patients.cpf(desk, conceicao.id) == "52998224725"
    assert patients.patient(desk, _only(desk, "joao sebastiao")).birth_date == dt.date(1998, 12, 1)


def test_says_why_a_line_or_a_field_was_not_taken(desk: Clinic, export: Path) -> None:
    report = import_patients(desk, export)
    problems = {one.line: [(p.field, p.reason) for p in one.problems] for one in report.lines if one.problems}
    assert problems == {
        5: [("full_name", "missing")],
        6: [
            ("birth_date", "not_a_date"),
            ("phone", "missing_digits"),
            ("email", "not_an_email"),
            ("cpf", "check_digits"),
        ],
    }
    marcia = patients.patient(desk, _only(desk, "marcia lemos"))
    assert "Celular: 123" in marcia.note and "31/02/1990" in marcia.note  # nothing that was typed is lost
    assert "111.111" not in marcia.note  # but a CPF is never kept in the open


def test_a_dry_run_writes_nothing_and_says_the_same(desk: Clinic, export: Path) -> None:
    before = patients.count(desk)
    dry = import_patients(desk, export, dry_run=True)
    assert patients.count(desk) == before and dry.batch_id is None
    real = import_patients(desk, export)
    assert [(one.line, one.outcome, one.problems) for one in dry.lines] == [
        (one.line, one.outcome, one.problems) for one in real.lines
    ]
    assert patient_import.imports(desk)[0].file_name == export.name


def test_the_same_file_twice_only_merges(desk: Clinic, export: Path) -> None:
    import_patients(desk, export)
    count = patients.count(desk)
    again = import_patients(desk, export)
    # Íris has neither CPF nor phone nor birth date: nothing says that the second one is the first.
    assert [one.name for one in again.lines if one.outcome is Outcome.TAKEN] == ["Márcia Lemos", "Íris Não-Informada"]
    assert (again.merged, patients.count(desk)) == (2, count + 2)


def test_duplicates_are_merged_by_filling_what_is_empty(desk: Clinic) -> None:
    form = PatientForm("Ana Paula Moreira", phone="(11) 90000-0500", email="ana@example.com")
    known = patients.register(desk, RegisterPatient(new_id(), form), DAY)
    report = import_patients(
        desk,
        (
            "nome,telefone,email,nascimento,cpf\n"
            f"Ana Moreira,11 90000-0500,outra@example.com,02/05/1980,{CPF}\n"
            f"A. P. Moreira,,,,{CPF}\n"
            "Bento Moreira,11 90000-0500,,,\n"
            "Bento Moreira,,bento@example.com,03/04/2015,\n"
            "Bento Moreira,,,3/4/2015,\n"
        ).encode(),
    )
    outcomes = [(one.outcome.value, one.why and one.why.value) for one in report.lines]
    assert outcomes == [
        ("merged", "phone_and_name"),
        ("merged", "cpf"),
        ("taken", None),
        ("taken", None),  # a child with the mother's phone is somebody else, and namesakes are not one
        ("merged", "name_and_birth"),
    ]
    merged = patients.patient(desk, known.id)
    assert (merged.full_name, merged.email) == ("Ana Paula Moreira", "ana@example.com")
    assert (merged.birth_date, patients.cpf(desk, known.id)) == (dt.date(1980, 5, 2), "52998224725")


def test_two_cpfs_are_two_people(desk: Clinic) -> None:
    first, second = cpf_of(123_456_789), cpf_of(123_456_788)
    report = import_patients(
        desk,
        f"Nome\tCPF\tFone\nJosé Lima\t{first}\t11900000601\nJosé Lima\t{second}\t11900000601\n".encode("utf-8-sig"),
    )
    assert (report.separator, report.encoding, report.taken) == ("\t", "utf-8", 2)


def test_undo_removes_what_nobody_touched(desk: Clinic) -> None:
    form = PatientForm("Ana Paula Moreira", phone="(11) 90000-0500")
    known = patients.register(desk, RegisterPatient(new_id(), form), DAY)
    report = import_patients(
        desk,
        (
            f"nome,telefone,cpf\nAna Moreira,11900000500,{CPF}\nCaio Prado,11900000501,\nRui Barros,11900000502,\n"
        ).encode(),
    )
    rui = patients.patient(desk, _only(desk, "rui barros"))
    patients.save(desk, UpdatePatient(new_id(), rui.id, rui.version, PatientForm("Rui Barros", vip=True)), DAY)
    assert report.batch_id is not None
    undone = undo_import(desk, report.batch_id)
    assert (undone.removed, undone.emptied, undone.kept) == (1, 1, ((rui.id, "Rui Barros"),))
    assert patients.search(desk, "caio prado") == []
    assert not patients.patient(desk, known.id).has_cpf
    with pytest.raises(NotFound):
        undo_import(desk, report.batch_id)


def test_undo_leaves_a_merged_patient_who_was_saved_since(desk: Clinic) -> None:
    form = PatientForm("Ana Paula Moreira", phone="(11) 90000-0500")
    known = patients.register(desk, RegisterPatient(new_id(), form), DAY)
    report = import_patients(desk, b"nome,telefone,email\nAna Moreira,11900000500,ana@example.com\n")
    seen = patients.patient(desk, known.id)
    patients.save(
        desk,
        UpdatePatient(new_id(), known.id, seen.version, PatientForm(seen.full_name, email="nova@example.com")),
        DAY,
    )
    assert report.batch_id is not None
    undone = undo_import(desk, report.batch_id)
    assert (undone.emptied, undone.kept) == (0, ((known.id, "Ana Paula Moreira"),))
    assert patients.patient(desk, known.id).email == "nova@example.com"


def test_a_broken_line_costs_only_itself(desk: Clinic) -> None:
    lines = ["Nome;Celular;Obs"]
    lines += [f"Pessoa {_letters(number)};11 9{number:08d};" for number in range(1, 1_000)]
    lines[401] = 'Aberta "; 11 900;"nunca fecha'
    lines[501] = "Sobra;1;2;3;4"
    lines[601] = "L" * 200 + ";11900009999;"
    lines[701] = "L" * 201 + ";11900009998;"
    lines[751] = 'Cortada "no meio;11'
    lines[801] = "<b>Ana</b> Lúcia;11900009997;<script>"
    report = import_patients(desk, "\n".join(lines).encode())
    refused = {one.line: one.problems[0].reason for one in report.lines if one.outcome is Outcome.REFUSED}
    assert refused == {402: "quoting", 502: "too_many_cells", 702: "too_long", 752: "too_few_cells"}
    assert report.taken == 995
    assert patients.search(desk, "<b>ana</b>")[0].name == "<b>Ana</b> Lúcia"


def test_damaged_bytes_do_not_change_the_encoding_of_the_rest(desk: Clinic) -> None:
    data = "Nome;Celular\nJosé Conceição;\nMárcia Ávila;\n".encode() + b"Qu\xe9brado;\n"
    report = import_patients(desk, data)
    assert (report.encoding, report.taken, report.refused) == ("utf-8", 2, 1)
    assert report.lines[-1].problems[0].reason == "unreadable_characters"


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"a;b;c\n1;2;3\n", "no_name_column"), (b"\x00\x01\x02", "no_name_column")],
)
def test_refuses_what_is_no_patient_list(desk: Clinic, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        import_patients(desk, data)
    assert refusal.value.reason == reason


def test_refuses_a_file_that_is_not_there(desk: Clinic, run_folder: Path) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        import_patients(desk, run_folder / "nowhere.csv")
    assert refusal.value.reason == "missing"


def test_cancelling_leaves_nothing_behind(desk: Clinic) -> None:
    data = ("Nome;Celular\n" + "".join(f"Pessoa {_letters(n)};\n" for n in range(2_000))).encode()
    before = patients.count(desk)
    told: list[tuple[int, int]] = []
    report = import_patients(
        desk, data, progress=lambda done, whole: told.append((done, whole)), cancelled=lambda: False
    )
    assert report.taken == 2_000 and told[-1][0] == told[-1][1] and told == sorted(told)
    late = import_patients(desk, data, progress=lambda *_: told.append((0, 0)), cancelled=lambda: len(told) > 12)
    assert late.cancelled and late.batch_id is None
    assert patients.count(desk) == before + 2_000


def test_a_professional_may_not_import(office: Office) -> None:
    with pytest.raises(NotAllowed):
        import_patients(office.desk("helena"), b"nome\nAna Souza\n")


def _only(desk: Clinic, words: str) -> UUID:
    found = patients.search(desk, words)
    assert len(found) == 1, found
    return found[0].id


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def _spoken_of() -> list[tuple[str, str]]:
    """Every column of another row that names a patient."""
    return sorted(
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "patient" for key in column.foreign_keys)
    )


def test_undo_leaves_whomever_any_row_speaks_of(rolled_back: Office) -> None:
    """One imported patient for each column that may name one; a new table that the undo forgets is found here."""
    admin = rolled_back.admin()
    fill(rolled_back, admin)
    batch, bento = uuid4(), rolled_back.sample.patients["bento"]
    put(admin, "import_batch", id=batch, clinic_id=rolled_back.sample.clinics["ipe"], kind="patients")
    admin.execute("DELETE FROM clinicdesk.patient_distinct")  # its two are in order, so they are named together below
    named = {}
    for table, column in _spoken_of():
        named[table, column] = person = uuid4()
        put(admin, "patient", id=person, full_name=f"{table} {column}", import_id=batch)
        if table == "patient_distinct":
            first, second = sorted((person, bento))
            put(admin, "patient_distinct", first_id=first, second_id=second)
        else:
            one = f"(SELECT ctid FROM clinicdesk.{table} WHERE {column} IS DISTINCT FROM %s LIMIT 1)"
            changed = f"UPDATE clinicdesk.{table} SET {column} = %s WHERE ctid = {one}"
            assert admin.execute(changed.encode(), [person, person]).rowcount == 1, table
    admin.execute("ALTER TABLE clinicdesk.patient DISABLE TRIGGER a_stamp")
    admin.execute("UPDATE clinicdesk.patient SET version = 1 WHERE import_id = %s", [batch])
    put(admin, "patient", id=uuid4(), full_name="Ninguém fala dela", import_id=batch)
    admin.execute(
        "ALTER FUNCTION clinicdesk.my_clinics() RENAME TO asked_clinics;"
        " CREATE FUNCTION clinicdesk.my_clinics() RETURNS uuid[] LANGUAGE sql STABLE AS"
        " 'SELECT array_agg(id) FROM clinicdesk.clinic'"
    )
    row = admin.execute("SELECT removed, kept FROM clinicdesk.undo_patient_import(%s)", [batch]).fetchone()
    assert row == (1, len(named))
