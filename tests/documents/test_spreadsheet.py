"""A table that leaves the clinic reads back cell for cell, and no cell of it is ever a formula."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk import words
from clinicdesk.documents.spreadsheet import Cell, Sheet, csv_bytes, xlsx_bytes

ATTACKS = ("=1+1", "+55 11", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "=cmd|' /C calc'!A0")
NAMESPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture(autouse=True)
def portuguese() -> object:
    before = words.language()
    words.use_language("pt_BR")
    yield
    words.use_language(before)


def sheet(*rows: list[Cell]) -> Sheet:
    return Sheet("Pacientes", [f"coluna {number}" for number in range(max(map(len, rows), default=1))], rows)


def csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def xlsx_cells(data: bytes) -> list[tuple[str, str, bool]]:
    """Each cell as its type, its value and whether it is a formula."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        page = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
        texts = ["".join(one.itertext()) for one in ElementTree.fromstring(file.read("xl/sharedStrings.xml"))]
    found = []
    for cell in page.iterfind(".//x:c", NAMESPACE):
        kind, value = cell.get("t", "n"), cell.findtext("x:v", "", NAMESPACE)
        found.append((kind, texts[int(value)] if kind == "s" else value, cell.find("x:f", NAMESPACE) is not None))
    return found


@pytest.mark.parametrize("text", ATTACKS)
def test_no_cell_is_a_formula(text: str) -> None:
    assert csv_rows(csv_bytes(sheet([text])))[1] == [f"'{text}"]
    cells = xlsx_cells(xlsx_bytes(sheet([text])))
    assert cells[-1][0] == "s"
    assert not any(formula for _kind, _value, formula in cells)


def test_a_heading_is_no_formula_either() -> None:
    data = Sheet("x", ["=1+1"], [])
    assert csv_rows(csv_bytes(data)) == [["'=1+1"]]
    assert not any(formula for _kind, _value, formula in xlsx_cells(xlsx_bytes(data)))


def test_each_kind_of_cell_is_written_as_what_it_is() -> None:
    row: list[Cell] = ['D\'Ávila; "Zé"\nlinha 2', 12, Decimal("1150.50"), dt.date(2026, 11, 24), True, None]
    assert csv_rows(csv_bytes(sheet(row)))[1] == ['D\'Ávila; "Zé"\nlinha 2', "12", "1150,50", "24/11/2026", "sim", ""]
    kinds = [(kind, value) for kind, value, _ in xlsx_cells(xlsx_bytes(sheet(row)))[6:]]
    assert kinds == [("s", row[0]), ("n", "12"), ("n", "1150.50"), ("n", "46350"), ("s", "sim")]


@given(st.lists(st.lists(st.text(max_size=40), min_size=2, max_size=2), max_size=5))
def test_any_text_comes_back(rows: list[list[str]]) -> None:
    data = csv_bytes(Sheet("x", ["a", "b"], rows))
    for written, read in zip(rows, csv_rows(data)[1:], strict=True):
        for before, after in zip(written, read, strict=True):
            plain = before.replace("\0", "").encode("utf-8", "replace").decode()
            assert after in (plain, f"'{plain}")
            assert not after.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert not any(formula for _kind, _value, formula in xlsx_cells(xlsx_bytes(Sheet("x", ["a", "b"], rows))))


@pytest.mark.parametrize("title", ["", "a" * 40, "[x]:*?/\\", "'"])
def test_any_title_will_do(title: str) -> None:
    assert zipfile.is_zipfile(io.BytesIO(xlsx_bytes(Sheet(title, ["a"], [["b"]]))))
