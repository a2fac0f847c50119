"""The slip of a visit: one narrow page with what a patient needs and nothing that is nobody's business."""

from io import BytesIO

import pytest
import segno
from pypdf import PdfReader
from PySide6.QtGui import QImage

from clinicdesk import words
from clinicdesk.documents.check_in_slip import WIDTH, CheckInSlip, check_in_png, check_in_slip_pdf
from clinicdesk.domain.clinics import Clinic, SchedulingPolicy
from tests.builders import appointment, uuid_for

CODE = "CD7KQ2M9XAHTRW"
CLINIC = Clinic(
    id=uuid_for("Ipê"), name="Clínica Ipê", cnpj="", zone="America/Sao_Paulo", state="SP", city="São Paulo",
    address="Avenida Paulista, 1000", phone="(11) 3000-0000", email="", policy=SchedulingPolicy(),
)  # fmt: skip


def page(**changes: object) -> tuple[str, float, float]:
    pdf = PdfReader(BytesIO(check_in_slip_pdf(CheckInSlip(CLINIC, appointment(**changes), CODE), invariant=True)))
    assert len(pdf.pages) == 1
    box = pdf.pages[0].mediabox
    return pdf.pages[0].extract_text(), float(box.width), float(box.height)


def test_a_slip_says_when_and_with_whom_and_shows_the_code() -> None:
    words.use_language("pt_BR")
    text, width, height = page()
    for part in ("Clínica Ipê", "Dulce Fontoura", "24 de novembro", "10:45", "Dr. Caio Menezes", "CD 7KQ2 M9XA HTRW",
                 "Avenida Paulista"):  # fmt: skip
        assert part in text
    assert "ortopédica" not in text and "90000" not in text
    assert width == pytest.approx(WIDTH, abs=0.1) and height > width


def test_a_long_name_is_set_smaller_and_not_cut() -> None:
    name = "Maria Antonieta " + "Albuquerque " * 15
    text, _width, _height = page(patient_name=name.strip(), room_name="")
    assert name.strip() in " ".join(text.split())


def test_the_picture_is_the_code_black_on_white() -> None:
    picture = QImage.fromData(check_in_png(CODE))
    matrix = segno.make_qr(CODE, error="m", mode="alphanumeric").matrix
    side = len(matrix) + 8
    assert picture.width() == picture.height() == side * 12
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            shade = picture.pixelColor((x + 4) * 12 + 6, (y + 4) * 12 + 6).lightness()
            assert (shade < 128) == bool(dark)
