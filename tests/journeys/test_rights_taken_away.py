"""What somebody may do is taken away while the form for it is open: said in words, and nothing typed is lost."""

from PySide6.QtCore import Qt

from clinicdesk.domain.staff import Capability, Role, SaveProfile, SetAccess
from clinicdesk.usecases import access, profiles, staff
from clinicdesk.usecases.clinic import new_id
from tests.journeys.hands import CTRL, Hands
from tests.office import Office

NOTE = "traz exames"


def form_filled(desk: Hands) -> None:
    """The booking of Ana, with a note, ready to be sent."""
    desk.key(Qt.Key.Key_N)
    editor = desk.editor
    desk.write("conceição")
    desk.until(lambda: editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: editor.slots.first() is not None)
    desk.idle()
    editor.note.setText(NOTE)
    editor.slots.setFocus()
    desk.key(Qt.Key.Key_2)
    desk.until(lambda: editor.held.minutes_left)
    desk.idle()


def now_is(office: Office, role: Role, denied: frozenset[Capability] = frozenset()) -> None:
    """The owner says what Renata is from now on."""
    owner = office.desk("claudia")
    profile_id = None
    if denied:
        profile_id = profiles.save_profile(owner, SaveProfile(new_id(), None, 0, "Só agenda", role, denied)).id
    renata = next(one for one in staff.people(owner) if one.login == "renata")
    who = (renata.id, renata.version, renata.name, renata.hue)
    access.set_access(owner, SetAccess(new_id(), *who, role, profile_id, renata.clinic_ids))


def visits(office: Office) -> int:
    """How many there are."""
    row = office.admin().execute("SELECT count(*) FROM clinicdesk.appointment").fetchone()
    assert row is not None
    return int(row[0])


def test_a_booking_is_refused_in_words_and_stays_on_the_form(desk: Hands, office: Office) -> None:
    form_filled(desk)
    now_is(office, Role.RECEPTION, frozenset({Capability.BOOK}))
    desk.key(Qt.Key.Key_Return, CTRL)
    editor = desk.editor
    desk.until(editor.trouble.isVisible)
    desk.idle()
    assert "does not include booking" in editor.trouble.accessibleName()
    assert editor.note.text() == NOTE and editor.booking.patient is not None
    assert visits(office) == 0
    assert not desk.application.bugs


def test_given_back_the_same_form_books_once(desk: Hands, office: Office) -> None:
    form_filled(desk)
    now_is(office, Role.RECEPTION, frozenset({Capability.BOOK}))
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.until(desk.editor.trouble.isVisible)
    desk.idle()
    now_is(office, Role.RECEPTION)
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.visit_of("Ana Conceição Álvares")
    assert visits(office) == 1
