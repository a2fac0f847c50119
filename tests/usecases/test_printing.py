"""The printed day holds what the clinic's agenda holds, and nobody else's."""

import io
from uuid import uuid4

import pytest
from pypdf import PdfReader

from clinicdesk.errors import NotFound
from clinicdesk.usecases.printing import day_agenda
from tests.office import DAY, Office


def text_of(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages)


def test_a_day_of_the_clinic(office: Office) -> None:
    with office.admin() as connection:
        office.book_row(connection)
    text = text_of(day_agenda(office.desk("renata"), DAY))
    assert "09:00–09:30" in text
    assert "Renata Souza" in text
    assert "09:00–09:30" not in text_of(day_agenda(office.desk("bruno"), DAY))


def test_only_the_professionals_asked_for(office: Office) -> None:
    with office.admin() as connection:
        office.book_row(connection)
    desk, others = office.desk("renata"), [office.sample.professionals["caio"]]
    assert "09:00–09:30" not in text_of(day_agenda(desk, DAY, others))
    with pytest.raises(NotFound):
        day_agenda(desk, DAY, [uuid4()])
