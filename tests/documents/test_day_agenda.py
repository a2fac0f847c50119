"""A printed day reads back letter for letter, keeps names whole, and says when it is empty."""

import io
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from clinicdesk import words
from clinicdesk.documents.day_agenda import DayAgenda, day_agenda_pdf
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.clinics import Clinic, Professional
from tests.builders import TUESDAY, appointment, local, uuid_for

CAIO = Professional(uuid_for("Dr. Caio Menezes"), "Dr. Caio Menezes", specialty="Ortopedia")
LETTERS = "ÁÀÂÃÉÊÍÓÔÕÚÜÇÑ áàâãéêíóôõúüçñ ª º “aspas” – — − … € R$"


@pytest.fixture(autouse=True)
def portuguese() -> Iterator[None]:
    before = words.language()
    words.use_language("pt_BR")
    yield
    words.use_language(before)


def a_day(*appointments: Appointment, **changes: Any) -> DayAgenda:
    clinic = Clinic(uuid_for("Clínica Ipê"), "Clínica Ipê")
    values = {"printed_at": local(7, 45), "printed_by": "Renata Souza", **changes}
    return DayAgenda(clinic, TUESDAY, (CAIO,), appointments, **values)


def pages(agenda: DayAgenda) -> list[str]:
    reader = PdfReader(io.BytesIO(day_agenda_pdf(agenda)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_every_letter_comes_back() -> None:
    (text,) = pages(a_day(appointment(patient_name=LETTERS)))
    assert LETTERS in text
    assert "Clínica Ipê" in text
    assert "Terça-feira, 24 de novembro de 2026" in text
    assert "10:45–11:30" in text
    assert "Confirmado" in text
    assert "(11) 90000-0142" in text
    assert "Impresso em 24/11/2026 07:45 por Renata Souza" in text
    assert "Página 1 de 1" in text


def test_letters_in_pieces_are_put_together() -> None:
    (text,) = pages(a_day(appointment(patient_name=unicodedata.normalize("NFD", "Conceição Álvares"))))
    assert "Conceição Álvares" in text


def test_markup_in_a_name_is_printed_as_typed() -> None:
    name = '<img src="file:///etc/passwd"> & <b>Zé</b>'
    (text,) = pages(a_day(appointment(patient_name=name)))
    assert name in text


def test_a_name_of_200_letters_wraps_whole() -> None:
    long, unbroken = ("Maria do Socorro " * 12)[:200].strip(), "W" * 200
    (text,) = pages(a_day(appointment(patient_name=long), appointment(patient_name=unbroken)))
    assert long in text
    assert unbroken in text.replace(" ", "")


def test_cancelled_visits_and_alerts_stay_off_the_paper() -> None:
    (text,) = pages(
        a_day(
            appointment(patient_name="Ana Prado", alert="Alergia grave", note="segredo", overbooking_reason="dor"),
            appointment(patient_name="Bento Lima", status=Status.CANCELLED),
            with_phones=False,
        )
    )
    assert "Ana Prado" in text
    assert "Encaixe" in text
    for kept_back in ("Bento", "Alergia", "segredo", "dor", "90000"):
        assert kept_back not in text


def test_a_day_without_visits_says_so() -> None:
    (text,) = pages(a_day())
    assert "Nenhum atendimento neste dia." in text


def test_a_long_day_has_numbered_pages_with_their_heads() -> None:
    day = [
        appointment(starts_at=local(8 + n // 6, n % 6 * 10), ends_at=local(8 + n // 6, n % 6 * 10 + 5))
        for n in range(60)
    ]
    found = pages(a_day(*day))
    assert len(found) == 3
    for number, text in enumerate(found, start=1):
        assert f"Página {number} de 3" in text
        assert "Horário Paciente Serviço Sala Situação" in text


def test_the_same_day_makes_the_same_file() -> None:
    agenda = a_day(appointment(id=uuid_for("one")))
    assert day_agenda_pdf(agenda, invariant=True) == day_agenda_pdf(agenda, invariant=True)
