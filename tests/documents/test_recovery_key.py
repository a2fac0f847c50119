"""The sheet with the recovery key: one page, every group in order, and names as they are."""

import datetime as dt
from io import BytesIO

from pypdf import PdfReader

from clinicdesk.documents.recovery_key import recovery_key_pdf
from clinicdesk.keychain import new_recovery_key


def test_the_sheet_has_every_group_in_order_on_one_page() -> None:
    key = new_recovery_key()
    pdf = recovery_key_pdf(key, "Clínica <b>Bem & Viver</b>", "Dra. Helena Prado", dt.date(2026, 11, 24))
    document = PdfReader(BytesIO(pdf))
    assert len(document.pages) == 1
    words = document.pages[0].extract_text()
    places = [words.index(group) for group in key.split("-")]
    assert places == sorted(places)
    assert "Clínica <b>Bem & Viver</b>" in words and "Dra. Helena Prado" in words


def test_equal_sheets_are_equal() -> None:
    day = dt.date(2026, 11, 24)
    assert recovery_key_pdf("K7M4-Q2XT", "A", "B", day, invariant=True) == recovery_key_pdf(
        "K7M4-Q2XT", "A", "B", day, invariant=True
    )
