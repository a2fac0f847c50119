"""Ctrl+K in the real window: found, opened and booked by one line."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt

from clinicdesk.desk.palette.palette import Palette
from clinicdesk.desk.palette.rows import Look, Row
from clinicdesk.desk.widgets.toast import Toast
from clinicdesk.domain.agenda import Status
from clinicdesk.domain.one_line import Kind
from tests.journeys.hands import CTRL, Hands
from tests.office import DAY, Office, at, put

ANA, BENTO = "Ana Conceição Álvares", "Bento d'Ávila"
OTHER_ANA = "Ana Conceição Moreira"
Open = Callable[[str], Palette]


@pytest.fixture
def open_palette(desk: Hands) -> Open:
    """Press Ctrl+K, type, and wait until the answer is shown."""

    def opened(line: str) -> Palette:
        desk.key(Qt.Key.Key_K, CTRL)
        palette = desk.workspace.finder
        assert palette.isVisible()
        assert desk.focus is palette.line
        desk.write(line)
        until_answered(desk, palette)
        return palette

    return opened


def until_answered(desk: Hands, palette: Palette) -> None:
    """Wait until the list answers to what stands in the line, with nothing more under way."""
    desk.until(lambda: palette.answered_line == palette.line.text())
    desk.idle()


def rows(palette: Palette, look: Look) -> list[Row]:
    return [one for one in palette.model.rows if one.look is look]


def words(palette: Palette) -> list[str]:
    return [one.words for one in palette.model.rows]


def register(office: Office, name: str, **more: object) -> UUID:
    """Another person on the register."""
    key = uuid4()
    put(office.admin(), "patient", id=key, full_name=name, **more)
    return key


# --- booking ---


def test_a_returning_patient_is_booked_by_one_line(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("bento consulta hoje 15h helena room 2")
    assert [one.words for one in rows(palette, Look.BOOK)] == ["Book today, 15:00"]
    assert BENTO in rows(palette, Look.BOOK)[0].detail
    desk.key(Qt.Key.Key_Return)
    visit = desk.visit_of(BENTO)
    assert (visit.starts_at, visit.professional_name, visit.room_name) == (at(15), "Dra. Helena Prado", "room 2")
    assert not palette.isVisible()
    assert palette.line.text() == ""
    assert BENTO in desk.toast
    assert desk.focus is desk.view
    assert desk.panel.appointment.id == visit.id
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.status(visit.id, Status.CANCELLED)


def test_of_two_anas_neither_is_booked_before_one_was_accepted(desk: Hands, open_palette: Open, office: Office) -> None:
    other = register(office, OTHER_ANA, phone="+5511900000999", birth_date=dt.date(1990, 5, 4))
    palette = open_palette("ana consulta hoje 15h helena")
    assert [one.words for one in rows(palette, Look.PATIENT)] == [ANA, OTHER_ANA]
    assert rows(palette, Look.BOOK) == []
    second = rows(palette, Look.PATIENT)[1].said
    assert "(11) 90000-0999" in second and "04/05/1990" in second
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Return)  # accepts the person
    desk.until(lambda: rows(palette, Look.BOOK))
    assert desk.visits() == []
    desk.key(Qt.Key.Key_Return)  # books
    visit = desk.visit_of(OTHER_ANA)
    assert visit.patient_id == other
    assert visit.starts_at == at(15)


def test_an_impatient_enter_picks_nobody_among_namesakes(desk: Hands, open_palette: Open, office: Office) -> None:
    register(office, OTHER_ANA)
    palette = open_palette("")
    desk.write("ana consulta hoje 15h helena")
    for _press in range(3):  # before anything could be read
        desk.key(Qt.Key.Key_Return)
    until_answered(desk, palette)
    assert palette.isVisible()
    assert palette.draft is not None and palette.draft.patient is None
    assert desk.visits() == []


def test_an_impatient_enter_waits_for_the_only_answer(desk: Hands, open_palette: Open) -> None:
    open_palette("")
    desk.write("bento consulta hoje 15h helena")
    desk.key(Qt.Key.Key_Return)
    assert desk.visit_of(BENTO).starts_at == at(15)


def test_two_presses_book_once(desk: Hands, open_palette: Open) -> None:
    open_palette("bento consulta hoje 15h helena")
    for _press in range(2):
        desk.key(Qt.Key.Key_Return)
    desk.visit_of(BENTO)
    desk.idle()
    assert len(desk.visits()) == 1


def test_an_alert_is_shown_before_the_person_is_accepted(desk: Hands, open_palette: Open, office: Office) -> None:
    bento = office.sample.patients["bento"]
    put(office.admin(), "patient_alert", id=uuid4(), patient_id=bento, severity="severe", text="Alergia a dipirona")
    palette = open_palette("bento consulta hoje 15h helena")
    assert rows(palette, Look.BOOK) == []
    assert "Alergia a dipirona" in rows(palette, Look.PATIENT)[0].said
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: rows(palette, Look.BOOK))
    desk.key(Qt.Key.Key_Return)
    assert desk.visit_of(BENTO).starts_at == at(15)


def test_a_stranger_is_registered_and_booked_in_one_step(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("íris falcão 11 90000-0177 consulta hoje 16h helena // traz exames")
    book = rows(palette, Look.BOOK)[0]
    assert book.words == "Register and book today, 16:00"
    assert "Íris Falcão (11) 90000-0177" in book.detail
    desk.key(Qt.Key.Key_Return)
    visit = desk.visit_of("Íris Falcão")
    assert (visit.patient_phone, visit.note) == ("+5511900000177", "traz exames")


def test_a_name_nobody_bears_is_said_and_not_registered_by_a_slip(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("bemto consulta hoje 15h helena")
    assert [one.words for one in rows(palette, Look.FACT)] == [
        "Free at that time: today, 15:00 · Dra. Helena Prado",
        "Nobody is registered as “bemto”",
    ]
    assert palette.current is not None and palette.current.words == "New patient: Bemto"
    assert not palette.current.certain


def test_a_phone_of_the_register_finds_its_owner(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("fulano 11 90000-0143 consulta hoje 15h helena")
    assert palette.draft is not None
    assert [one.name for one in palette.draft.people] == [BENTO]


# --- moving ---


def test_a_visit_is_moved_by_one_line(desk: Hands, open_palette: Open, office: Office) -> None:
    visit = office.book_row(office.admin())
    desk.until(lambda: desk.visits())
    palette = open_palette("remarcar ana amanhã 10h")
    assert [one.words for one in rows(palette, Look.BOOK)] == ["Move to tomorrow, 10:00"]
    assert "was today, 09:00" in rows(palette, Look.BOOK)[0].detail
    desk.key(Qt.Key.Key_Return)
    desk.said("moved to tomorrow, 10:00")
    desk.until(lambda: desk.visits() == [])  # it left the day on show
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.until(lambda: desk.visits())
    assert desk.held(visit).starts_at == at(9)


def test_which_of_two_visits_goes_is_asked(desk: Hands, open_palette: Open, office: Office) -> None:
    first = office.book_row(office.admin())
    office.book_row(office.admin(), starts_at=at(14), ends_at=at(14, 30))
    desk.until(lambda: len(desk.visits()) == 2)
    palette = open_palette("remarcar ana amanhã")
    assert "Which visit?" in words(palette)
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: rows(palette, Look.BOOK))
    assert rows(palette, Look.BOOK)[0].words == "Move to tomorrow, 09:00"
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: len(desk.visits()) == 1)
    assert desk.visits()[0].id != first


def test_who_has_no_visit_ahead_is_told_so(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("remarcar bento amanhã 10h")
    assert rows(palette, Look.FACT)[0].words == f"{BENTO} has no visit ahead to move"


# --- when it cannot be ---


def test_a_taken_time_says_who_has_it_and_offers_the_nearest_by_number(
    desk: Hands, open_palette: Open, office: Office
) -> None:
    office.book_row(office.admin(), starts_at=at(15), ends_at=at(15, 30))
    palette = open_palette("bento consulta hoje 15h helena")
    assert "is with Dra. Helena Prado until 15:30" in rows(palette, Look.FACT)[0].words
    offered = rows(palette, Look.TIME)
    assert [one.number for one in offered] == list(range(1, len(offered) + 1))
    assert {"today, 14:30", "today, 15:30"} <= {one.words for one in offered}
    while desk.focus is not palette.list:
        desk.key(Qt.Key.Key_Tab)
    number = next(one.number for one in offered if one.words == "today, 15:30")
    desk.key(Qt.Key(Qt.Key.Key_0 + number))
    assert desk.visit_of(BENTO).starts_at == at(15, 30)


def test_a_taken_time_is_overbooked_when_it_is_asked_for(desk: Hands, open_palette: Open, office: Office) -> None:
    office.book_row(office.admin(), starts_at=at(15), ends_at=at(15, 30))
    palette = open_palette("bento consulta hoje 15h helena // dor forte")
    row = next(one for one in palette.model.rows if one.words == "Overbook")
    assert row.run is not None
    row.run()
    until_answered(desk, palette)
    assert rows(palette, Look.BOOK)[0].words == "Book today, 15:00"
    desk.key(Qt.Key.Key_Return)
    visit = desk.visit_of(BENTO)
    assert (visit.starts_at, visit.overbooking_reason) == (at(15), "dor forte")


def test_without_a_time_the_first_free_ones_are_offered(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("bento consulta hoje à tarde helena")
    offered = rows(palette, Look.TIME)
    assert offered[0].words == "today, 13:00"
    assert "at one o'clock in the afternoon" in offered[0].said
    desk.key(Qt.Key.Key_Return)
    assert desk.visit_of(BENTO).starts_at == at(13)


def test_somebody_quicker_is_told_and_the_nearest_times_follow(desk: Hands, open_palette: Open, office: Office) -> None:
    palette = open_palette("bento consulta hoje 15h helena")
    office.book_row(office.admin(), starts_at=at(15), ends_at=at(15, 30))
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: rows(palette, Look.TIME))
    assert palette.isVisible()
    assert palette.line.text() == "bento consulta hoje 15h helena"
    assert "until 15:30" in rows(palette, Look.FACT)[0].words


def test_what_the_clinic_does_not_have_is_said(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("bento consulta hoje 15h helena sala 99")
    assert "The clinic has no “sala 99”" in words(palette)


# --- changing a piece ---


def test_a_piece_is_changed_by_tab_and_the_line_says_so(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("bento consulta hoje 15h")
    kinds = [chip.piece.kind for chip in palette.pieces.chips]
    assert kinds == [Kind.PERSON, Kind.SERVICE, Kind.DAY, Kind.TIME, Kind.PROFESSIONAL]
    for _step in kinds:
        desk.key(Qt.Key.Key_Tab)
    assert desk.focus is palette.pieces.chips[-1]
    desk.key(Qt.Key.Key_Space)
    assert [one.words for one in rows(palette, Look.PLAIN)] == ["Dr. Caio Menezes", "Dra. Helena Prado"]
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Return)
    assert palette.line.text() == "bento consulta hoje 15h with Dra. Helena Prado"
    until_answered(desk, palette)
    desk.key(Qt.Key.Key_Return)
    assert desk.visit_of(BENTO).professional_name == "Dra. Helena Prado"


def test_a_piece_is_changed_by_a_click_and_esc_goes_back(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("bento consulta hoje 15h helena")
    day = next(chip for chip in palette.pieces.chips if chip.piece.kind is Kind.DAY)
    desk.click(day)
    assert "Which day?" in words(palette)
    desk.key(Qt.Key.Key_Escape)
    desk.until(lambda: rows(palette, Look.BOOK))
    assert palette.isVisible()
    time = next(chip for chip in palette.pieces.chips if chip.piece.kind is Kind.TIME)
    desk.click(time)
    assert palette.line.selectedText() == "15h"
    desk.write("16h")
    until_answered(desk, palette)
    assert rows(palette, Look.BOOK)[0].words == "Book today, 16:00"


def test_whom_one_accepted_stays_while_the_rest_of_the_line_changes(
    desk: Hands, open_palette: Open, office: Office
) -> None:
    register(office, OTHER_ANA)
    palette = open_palette("ana consulta hoje 15h helena")
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: rows(palette, Look.BOOK))
    desk.write(" 45min")
    until_answered(desk, palette)
    assert palette.draft is not None and palette.draft.patient is not None
    palette.line.setText("anabela consulta hoje 15h helena")
    until_answered(desk, palette)
    assert palette.draft is not None and palette.draft.patient is None


def test_the_whole_form_opens_with_what_the_line_tells(desk: Hands, open_palette: Open) -> None:
    open_palette("bento consulta hoje 15h helena 45min // traz exames")
    desk.key(Qt.Key.Key_Return, CTRL)
    editor = desk.editor
    desk.idle()
    assert editor.booking.patient is not None and editor.booking.patient.name == BENTO
    assert editor.booking.free is not None and editor.booking.free.slot.starts_at == at(15)
    assert (editor.booking.minutes, editor.note.text()) == (45, "traz exames")
    assert not desk.workspace.finder.isVisible()
    desk.key(Qt.Key.Key_Return, CTRL)
    visit = desk.visit_of(BENTO)
    assert (visit.starts_at, visit.ends_at) == (at(15), at(15, 45))


# --- finding ---


def test_a_patient_is_found_and_opened_and_stands_among_the_recent_ones(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("bento")
    assert palette.current is not None and palette.current.words == BENTO
    desk.key(Qt.Key.Key_Return)
    page = desk.workspace.patients
    desk.until(lambda: page.isVisible() and page.profile.profile is not None)
    assert not palette.isVisible()
    desk.key(Qt.Key.Key_K, CTRL)
    assert words(palette)[:2] == ["Recent", BENTO]


def test_a_day_opens_the_agenda(desk: Hands, open_palette: Open) -> None:
    open_palette("amanhã")
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: desk.workspace.agenda.day == DAY + dt.timedelta(days=1))


def test_a_command_is_found_by_its_name_and_shows_its_key(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("next d")
    assert palette.current is not None
    assert (palette.current.words, palette.current.key) == ("Next day", "PgDn")
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: desk.workspace.agenda.day == DAY + dt.timedelta(days=1))


def test_a_command_on_a_visit_is_offered_only_when_one_is_chosen(
    desk: Hands, open_palette: Open, office: Office
) -> None:
    visit = office.book_row(office.admin())
    desk.until(lambda: desk.visits())
    palette = open_palette("register the")
    assert "Register the arrival" not in words(palette)
    desk.key(Qt.Key.Key_Escape)
    desk.workspace.agenda.select(visit)
    palette = open_palette("register the")
    assert "Register the arrival" in words(palette)
    desk.key(Qt.Key.Key_Return)
    desk.status(visit, Status.CHECKED_IN)


def test_a_professional_opens_their_week(desk: Hands, open_palette: Open, office: Office) -> None:
    palette = open_palette("caio men")
    assert palette.current is not None and palette.current.words == "Week of Dr. Caio Menezes"
    desk.key(Qt.Key.Key_Return)
    agenda = desk.workspace.agenda
    desk.until(lambda: agenda.mode == "week")
    assert agenda.board.professional_id == office.sample.professionals["caio"]


def test_nothing_found_says_so_and_offers_to_register(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("zoraide quintanilha")
    assert words(palette) == ["Nothing here for “zoraide quintanilha”", "Register Zoraide Quintanilha"]


def test_an_example_is_put_into_the_line(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("")
    assert palette.current is not None and palette.current.words.startswith("ana ")
    desk.key(Qt.Key.Key_Return)
    assert palette.line.text().startswith("ana ")
    until_answered(desk, palette)
    assert palette.draft is not None


def test_the_mouse_does_the_same(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("bento consulta hoje 15h helena")
    index = next(at for at, row in enumerate(palette.model.rows) if row.look is Look.BOOK)
    place = palette.list.visualRect(palette.model.index(index)).center()
    desk.qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.visit_of(BENTO).starts_at == at(15)


def test_esc_closes_and_what_was_typed_is_there_again(desk: Hands, open_palette: Open) -> None:
    palette = open_palette("bento consulta hoje")
    desk.key(Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert desk.focus is desk.view
    desk.key(Qt.Key.Key_K, CTRL)
    assert palette.line.text() == palette.line.selectedText() == "bento consulta hoje"


def test_the_header_opens_it_from_every_page(desk: Hands) -> None:
    for place in ("agenda", "patients"):
        desk.workspace.show_place(place)
        page = desk.workspace.pages.currentWidget()
        desk.click(page.header.search)  # type: ignore[attr-defined]
        assert desk.workspace.finder.isVisible()
        assert desk.window.findChildren(Toast) == []
        desk.key(Qt.Key.Key_Escape)
