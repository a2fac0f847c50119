"""Ctrl+K in the real window: found, opened and booked by one line."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from clinicdesk.desk.palette.palette import Palette
from clinicdesk.desk.palette.rows import Look, Row
from clinicdesk.domain.agenda import Status
from tests.journeys.hands import CTRL, Hands
from tests.office import Office, at, put, value

ANA, BENTO = "Ana Conceição Álvares", "Bento d'Ávila"


@pytest.fixture
def open_palette(desk: Hands) -> Callable[[str], Palette]:
    """Press Ctrl+K, type, and wait until the answer is shown."""

    def opened(line: str) -> Palette:
        desk.key(Qt.Key.Key_K, CTRL)
        palette = desk.workspace.finder
        assert palette.isVisible()
        assert desk.focus is palette.line
        desk.write(line)
        shown(desk, palette, line)
        return palette

    return opened


def shown(desk: Hands, palette: Palette, line: str) -> None:
    """Wait until the list answers to a line."""
    desk.until(lambda: (palette._answer is not None and palette._answer.line == line) or not line)
    desk.idle()


def rows(palette: Palette, look: Look) -> list[Row]:
    return [one for one in palette.model.rows if one.look is look]


def second_ana(office: Office) -> None:
    """Another patient of the same name."""
    with office.admin() as connection:
        put(
            connection,
            "patient",
            full_name="Ana Conceição Moreira",
            phone="+5511900000999",
            id=value(connection, "SELECT gen_random_uuid()"),
        )


# --- booking ---


def test_a_returning_patient_is_booked_by_one_line(desk: Hands, open_palette: Callable[[str], Palette]) -> None:
    palette = open_palette("bento consulta 6/3 15h helena room 2")
    assert [one.words for one in rows(palette, Look.BOOK)] == ["Book today, 15:00"]
    assert BENTO in rows(palette, Look.BOOK)[0].detail
    desk.key(Qt.Key.Key_Return)
    visit = desk.visit_of(BENTO)
    assert (visit.starts_at, visit.professional_name, visit.room_name) == (at(15), "Dra. Helena Prado", "room 2")
    assert not palette.isVisible()
    assert palette.line.text() == ""
    assert BENTO in desk.toast
    assert desk.focus is desk.view
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.status(visit.id, Status.CANCELLED)
