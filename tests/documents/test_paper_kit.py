"""The kit reads back: whom to expect, where there is room, and what a booking by hand has to say."""

import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from clinicdesk import words
from clinicdesk.documents.paper_kit import PaperKit, paper_kit_pdf
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.clinics import Clinic, Professional
from clinicdesk.domain.hours import Calendar
from tests.builders import TUESDAY, ZONE, appointment, local, uuid_for

CAIO = Professional(uuid_for("Dr. Caio Menezes"), "Dr. Caio Menezes", specialty="Ortopedia")
HELENA = Professional(uuid_for("Dra. Helena Prado"), "Dra. Helena Prado")
DAY_LONG = {
    weekday: ((local(8).astimezone(ZONE).time(), local(12).astimezone(ZONE).time()),) for weekday in range(1, 8)
}


@pytest.fixture(autouse=True)
def portuguese() -> Iterator[None]:
    before = words.language()
    words.use_language("pt_BR")
    yield
    words.use_language(before)


def kit(*appointments: Appointment) -> PaperKit:
    calendar = Calendar(ZONE, {None: DAY_LONG, CAIO.id: DAY_LONG})
    clinic = Clinic(uuid_for("Clínica Ipê"), "Clínica Ipê")
    return PaperKit(clinic, (TUESDAY,), (CAIO, HELENA), appointments, calendar, local(14, 32), "Renata Souza")


def pages(made: PaperKit) -> list[str]:
    reader = PdfReader(io.BytesIO(paper_kit_pdf(made)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_a_day_has_its_visits_with_phones_and_a_line_for_every_free_hour() -> None:
    first, slips = pages(kit(appointment(patient_name="Conceição Álvares")))
    assert "Terça-feira, 24 de novembro de 2026" in first and "Dr. Caio Menezes" in first
    assert "10:45–11:30" in first and "Conceição Álvares" in first and "(11) 90000-0142" in first
    for free in ("08:00–09:00", "09:00–10:00", "10:00–10:45", "11:30–12:00"):
        assert free in first
    assert "como estava em 24/11/2026 14:32" in first and "Renata Souza" in first
    assert "Marcado à mão" in slips and slips.count("digitado") == 6


def test_who_neither_works_nor_is_expected_has_no_sheet() -> None:
    assert not any("Helena" in page for page in pages(kit(appointment())))


def test_what_is_no_business_of_a_sheet_stays_off_it() -> None:
    kept_back = appointment(alert="Alergia grave", note="segredo")
    text = " ".join(pages(kit(kept_back, appointment(patient_name="Bento Lima", status=Status.CANCELLED))))
    assert not any(word in text for word in ("Alergia", "segredo", "Bento"))


def test_names_print_as_typed_and_equal_kits_are_equal() -> None:
    name = '<img src="file:///etc/passwd"> & <b>Zé</b>'
    made = kit(appointment(patient_name=name))
    assert name in pages(made)[0]
    assert paper_kit_pdf(made, invariant=True) == paper_kit_pdf(made, invariant=True)
