"""A receptionist's day, by mouse and keyboard, in the real window over a real database."""

from uuid import UUID

from PySide6.QtCore import Qt

from tests.journeys.hands import CTRL, Hands
from tests.office import PASSWORD, Office, at

ANA, BENTO = "Ana Conceição Álvares", "Bento d'Ávila"


def booked(office: Office, **changes: object) -> UUID:
    """A visit that another desk put into the agenda."""
    return office.book_row(office.admin(), **changes)


# --- sign in ---


def test_a_wrong_password_is_refused_in_words_and_the_right_one_opens_the_agenda(hands: Hands) -> None:
    page = hands.window.sign_in_page
    page.tiles.select("renata")
    hands.write("senha errada 12")
    hands.key(Qt.Key.Key_Return)
    hands.until(lambda: page.banner.isVisible())
    assert "do not match" in page.banner.accessibleName()
    assert page.password.text() == ""
    assert hands.focus is page.password
    hands.write(PASSWORD)
    hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_Return)  # an impatient second press signs in once
    hands.until(lambda: hands.window.workspace is not None)
    first = hands.window.workspace
    hands.idle()
    assert hands.window.workspace is first
    assert hands.focus is hands.view


def test_switching_the_person_leaves_nothing_of_the_first_one(desk: Hands) -> None:
    desk.key(Qt.Key.Key_F9)
    desk.until(lambda: desk.window.workspace is None)
    page = desk.window.sign_in_page
    assert page.isVisible()
    assert page.password.text() == ""
    assert desk.focus is page.password
    desk.click(page._other)
    desk.write("claudia")
    desk.key(Qt.Key.Key_Return)
    desk.write(PASSWORD)
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: desk.window.workspace is not None)
    assert desk.workspace._clinic.person.login == "claudia"


# --- booking ---


def test_a_visit_is_booked_by_the_keyboard_alone(desk: Hands) -> None:
    desk.key(Qt.Key.Key_N)
    editor = desk.editor
    assert desk.focus is editor.picker.box
    desk.write("conceição")
    desk.until(lambda: editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    assert editor.booking.patient is not None and editor.booking.patient.name == ANA
    assert desk.focus is editor.service
    walked = []
    for _step in range(7):
        desk.key(Qt.Key.Key_Tab)
        walked.append(desk.focus)
    assert walked[:4] == [editor.professional, editor.length, editor.room, editor.note]
    assert walked[4] is editor.slots
    desk.idle()
    editor.slots.setFocus()
    desk.key(Qt.Key.Key_2)
    second = editor.booking.free
    desk.key(Qt.Key.Key_Return, CTRL)
    visit = desk.visit_of(ANA)
    assert second is not None and visit.slot == second.slot
    assert not editor.isVisible()
    assert visit.patient_name in desk.toast
    assert desk.focus is desk.view
    assert desk.panel.appointment.id == visit.id


def test_a_stroke_over_empty_time_books_exactly_there(desk: Hands, office: Office) -> None:
    helena = office.sample.professionals["helena"]
    desk.drag(desk.spot(helena, at(10)), desk.spot(helena, at(10, 42)))
    editor = desk.editor
    desk.write("bento")
    desk.until(lambda: editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.idle()
    desk.click(editor.submit)
    visit = desk.visit_of(BENTO)
    assert (visit.starts_at, visit.ends_at, visit.professional_id) == (at(10), at(10, 45), helena)
