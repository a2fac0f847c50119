"""Columns, dates, phones and names as other systems write them."""

import datetime as dt

import pytest

from clinicdesk.domain.delimited import decoded, find_table, records
from clinicdesk.domain.patient_import import Field, clean_line, decide_columns, parse_date, similar_names
from clinicdesk.errors import InvalidField

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("NOME DO PACIENTE", Field.NAME),
        (" Nome Completo* ", Field.NAME),
        ("Dt. Nasc.", Field.BIRTH_DATE),
        ("Data de Nascimento", Field.BIRTH_DATE),
        ("E-mail", Field.EMAIL),
        ("C.P.F.", None),
        ("CPF/CNPJ", Field.CPF),
        ("Tel. Celular", Field.PHONE),
        ("Observações", Field.NOTE),
        ("Último acesso", None),
    ],
)
def test_headings(heading: str, field: Field | None) -> None:
    columns = decide_columns([heading])
    assert list(columns.places) == ([field] if field else [])
    assert columns.ignored == (() if field else (heading,))


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("14/03/1972", dt.date(1972, 3, 14)),
        ("1-2-85", dt.date(1985, 2, 1)),
        ("01.02.26", dt.date(2026, 2, 1)),
        ("01/02/27", dt.date(1927, 2, 1)),
        ("1972-03-14", dt.date(1972, 3, 14)),
        ("14/03/1972 00:00:00", dt.date(1972, 3, 14)),
        ("29/02/2024", dt.date(2024, 2, 29)),
        ("00/00/0000", None),
        ("", None),
    ],
)
def test_dates(written: str, date: dt.date | None) -> None:
    assert parse_date(written, TODAY) == date


@pytest.mark.parametrize("written", ["29/02/2023", "31/04/1990", "ontem", "14/1972", "1/2/3/4"])
def test_dates_that_are_none(written: str) -> None:
    with pytest.raises(InvalidField):
        parse_date(written, TODAY)


def test_a_mobile_is_preferred_and_the_other_numbers_are_kept() -> None:
    columns = decide_columns(["Telefone Residencial", "Nome", "Celular"])
    form = clean_line(columns, ["(11) 3000-0000", "Ana Lima", "11 9 0000-0142 / 11 90000-0143"], TODAY).form
    assert form.phone == "+5511900000142"
    assert form.note == "Celular: 11 9 0000-0142 / 11 90000-0143\nTelefone Residencial: (11) 3000-0000"


def test_a_cpf_that_a_spreadsheet_took_for_a_number() -> None:
    columns = decide_columns(["Nome", "CPF"])
    assert clean_line(columns, ["Ana Lima", "1234567890"], TODAY).form.cpf == "01234567890"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ana paula moreira", "ana moreira", True),
        ("ana p. moreira", "ana paula moreira", True),
        ("jose da silva", "jose silva", True),
        ("ana moreira", "bento moreira", False),
        ("ana moreira", "ana lima", False),
        ("ana", "ana lima", True),
    ],
)
def test_similar_names(one: str, other: str, same: bool) -> None:
    assert similar_names(one, other) is similar_names(other, one) is same


def test_finds_separator_and_headings_below_a_title() -> None:
    text = "sep=;\nRelatório de pacientes, 2026\n\nCódigo;Nome;CPF\n1;Ana, a primeira;\n"
    found = find_table(text, lambda cells: len(decide_columns(cells).places))
    assert found is not None and (found[0], found[1].line) == (";", 4)
    assert [one.cells for one in records(text, ";")][-1] == ("1", "Ana, a primeira", "")


def test_a_vertical_tab_inside_a_cell_ends_no_line() -> None:
    assert [one.cells for one in records("a;b\x0bc\r\nd;e\rf;g", ";")] == [("a", "b\x0bc"), ("d", "e"), ("f", "g")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert decoded("Conceição D’Ávila €".encode(encoding))[0] == "Conceição D’Ávila €"
