"""A receptionist's day, by mouse and keyboard, in the real window over a real database."""

import datetime as dt
from pathlib import Path
from uuid import UUID

from pypdf import PdfReader
from PySide6.QtCore import QEvent, Qt

from clinicdesk.desk import theme
from clinicdesk.desk.agenda.blocking import BlockPopover
from clinicdesk.desk.agenda.cancelling import CancelPopover
from clinicdesk.desk.patients.form_popover import FormPopover
from clinicdesk.desk.printing import PrintPreview
from clinicdesk.domain.agenda import Status
from tests.journeys.hands import CTRL, Hands
from tests.office import DAY, PASSWORD, Office, at

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
    desk.click(page.other)
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
    desk.stroke(helena, at(10), at(10, 45))
    editor = desk.editor
    desk.write("bento")
    desk.until(lambda: editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.idle()
    desk.click(editor.submit)
    visit = desk.visit_of(BENTO)
    assert (visit.starts_at, visit.ends_at, visit.professional_id) == (at(10), at(10, 45), helena)


def test_a_new_patient_is_booked_with_name_and_phone_alone(desk: Hands) -> None:
    desk.key(Qt.Key.Key_N)
    editor = desk.editor
    desk.write("íris falcão")
    desk.until(lambda: editor.picker.choices.rowCount() and editor.picker.choices.is_new(0))
    desk.key(Qt.Key.Key_Return)
    assert editor.name.text() == "Íris Falcão"
    assert desk.focus is editor.phone
    desk.write("11 9")
    desk.key(Qt.Key.Key_Return, CTRL)  # half a phone: the form says so and stays
    assert editor.isVisible()
    assert desk.focus is editor.phone
    assert editor.phone.text() == "(11) 9"
    desk.write("0000-0177")
    desk.idle()
    desk.key(Qt.Key.Key_Return, CTRL)
    visit = desk.visit_of("Íris Falcão")
    assert visit.patient_phone == "+5511900000177"


def test_two_presses_on_book_are_one_booking_with_one_way_back(desk: Hands) -> None:
    desk.key(Qt.Key.Key_N)
    editor = desk.editor
    desk.write("bento")
    desk.until(lambda: editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.idle()
    for _press in range(2):
        desk.qtbot.mouseClick(editor.submit, Qt.MouseButton.LeftButton)
        desk.key(Qt.Key.Key_Return, CTRL)
    desk.visit_of(BENTO)
    desk.idle()
    assert len(desk.visits()) == 1
    assert len(desk.workspace.undo._done) == 1


def test_a_booking_that_was_put_aside_comes_back_as_it_was(desk: Hands, office: Office) -> None:
    desk.key(Qt.Key.Key_N)
    editor = desk.editor
    desk.write("bento")
    desk.until(lambda: editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    editor.note.setFocus()
    desk.write("traz exames")
    desk.key(Qt.Key.Key_Escape)
    assert not editor.isVisible()
    assert desk.focus is desk.view
    helena = office.sample.professionals["helena"]
    desk.stroke(helena, at(15), at(15, 30))
    assert editor.draft.isVisible()
    assert editor.note.text() == "traz exames"
    desk.idle()
    desk.key(Qt.Key.Key_Return, CTRL)
    visit = desk.visit_of(BENTO)
    assert (visit.starts_at, visit.note) == (at(15), "traz exames")
    desk.key(Qt.Key.Key_N)
    assert editor.picker.patient is None
    assert editor.note.text() == ""


# --- moving ---


def test_a_card_is_dragged_to_another_time_and_column(desk: Hands, office: Office) -> None:
    caio = office.sample.professionals["caio"]
    visit = booked(office)
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    desk.move_card(visit, caio, at(14))
    desk.said("moved to 14:00")
    held = desk.held(visit)
    assert (held.professional_id, held.starts_at, held.ends_at) == (caio, at(14), at(14, 30))
    assert not desk.view.scene.pending


def test_a_conflict_is_said_while_the_card_is_in_hand_and_it_glides_back(desk: Hands, office: Office) -> None:
    helena = office.sample.professionals["helena"]
    visit = booked(office)
    booked(office, patient_id=office.sample.patients["bento"], starts_at=at(11), ends_at=at(11, 30))
    desk.until(lambda: len(desk.visits()) == 2)
    shift = desk.spot(helena, at(11)) - desk.spot(helena, at(9))
    start = desk.grip(visit)
    desk.carry(start, start + shift)
    shown = desk.view.callout()
    assert shown is not None
    assert BENTO in shown[0].sentence or "Helena" in shown[0].sentence
    desk.mouse(QEvent.Type.MouseButtonRelease, start + shift)
    desk.until(lambda: desk.view.scene.lift is None)
    desk.idle()
    assert desk.held(visit).starts_at == at(9)
    assert desk.toast == ""


def test_what_another_desk_took_meanwhile_is_refused_in_words_and_the_card_goes_back(
    desk: Hands, office: Office
) -> None:
    helena = office.sample.professionals["helena"]
    visit = booked(office)
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    desk.workspace.feed.close()  # the news has not arrived yet
    booked(office, patient_id=office.sample.patients["bento"], starts_at=at(11), ends_at=at(11, 30))
    desk.move_card(visit, helena, at(11))
    desk.said(BENTO)
    desk.until(lambda: desk.view.scene.lift is None and not desk.view.scene.pending)
    assert desk.held(visit).starts_at == at(9)


# --- the steps of a visit ---


def test_a_visit_goes_from_confirmed_to_completed_by_its_keys_and_back_again(desk: Hands, office: Office) -> None:
    visit = booked(office, starts_at=at(8), ends_at=at(8, 30))
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    desk.drag(desk.grip(visit), desk.grip(visit))
    primary = desk.panel.primary
    assert primary is not None
    desk.until(primary.isVisible)
    desk.click(primary)
    desk.qtbot.mouseClick(primary, Qt.MouseButton.LeftButton)  # a second press asks for nothing more
    desk.status(visit, Status.CONFIRMED)
    for key, status in (
        (Qt.Key.Key_C, Status.CHECKED_IN),
        (Qt.Key.Key_I, Status.IN_PROGRESS),
        (Qt.Key.Key_F, Status.COMPLETED),
    ):
        desk.view.setFocus()
        desk.key(key)
        desk.status(visit, status)
        desk.idle()
    assert "over" in desk.toast
    # Every step of it is taken back, one after the other, and done again.
    for status in (Status.IN_PROGRESS, Status.CHECKED_IN, Status.CONFIRMED, Status.PENDING):
        desk.key(Qt.Key.Key_Z, CTRL)
        desk.status(visit, status)
    desk.said("Undone")
    for status, words in ((Status.CONFIRMED, "confirmed"), (Status.CHECKED_IN, "arrived")):
        desk.key(Qt.Key.Key_Y, CTRL)
        desk.status(visit, status)
        desk.said(words)


def test_undo_pressed_twice_at_once_takes_two_deeds_back(desk: Hands, office: Office) -> None:
    caio = office.sample.professionals["caio"]
    visit = booked(office)
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    desk.move_card(visit, caio, at(14))
    desk.said("14:00")
    desk.idle()
    desk.workspace.agenda.command("confirm")
    desk.status(visit, Status.CONFIRMED)
    desk.idle()
    desk.view.setFocus()
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.until(lambda: desk.held(visit).starts_at == at(9))
    desk.idle()
    assert desk.held(visit).status is Status.PENDING
    assert desk.held(visit).reschedule_count == 0


def test_a_visit_is_cancelled_with_a_reason_and_brought_back_by_the_toast(desk: Hands, office: Office) -> None:
    visit = booked(office)
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    desk.workspace.agenda.select(visit)
    desk.view.setFocus()
    desk.key(Qt.Key.Key_Delete)
    popover = desk.overlay(CancelPopover)
    assert isinstance(popover, CancelPopover)
    assert desk.focus is popover.reason
    desk.key(Qt.Key.Key_Return)  # without a reason it stays
    assert popover.isVisible()
    desk.write("Viajou às pressas")
    desk.key(Qt.Key.Key_Return)
    desk.status(visit, Status.CANCELLED)
    assert desk.held(visit).cancel_reason == "Viajou às pressas"
    toast = desk.workspace.toasts.toast
    assert toast is not None
    desk.click(toast.button)
    desk.status(visit, Status.PENDING)
    desk.said("Undone")


def test_a_booking_undone_and_done_again_says_what_it_is(desk: Hands) -> None:
    desk.key(Qt.Key.Key_N)
    desk.write("bento")
    desk.until(lambda: desk.editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.idle()
    desk.key(Qt.Key.Key_Return, CTRL)
    visit = desk.visit_of(BENTO).id
    desk.idle()
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.status(visit, Status.CANCELLED)
    desk.idle()
    desk.key(Qt.Key.Key_Y, CTRL)
    desk.status(visit, Status.PENDING)
    desk.said(f"{BENTO} booked")


# --- the rest of the day ---


def test_time_is_blocked_and_given_back(desk: Hands) -> None:
    desk.key(Qt.Key.Key_B)
    popover = desk.overlay(BlockPopover)
    assert isinstance(popover, BlockPopover)
    whose = popover.person.value

    def closed() -> list[str]:
        content = desk.workspace.agenda.content
        assert content is not None and isinstance(whose, UUID)
        return [one.kind for one in content.calendar.closures(whose, DAY)]

    before = closed()
    desk.click(popover.confirm)
    desk.said("Blocked")
    desk.until(lambda: len(closed()) > len(before))
    desk.idle()
    desk.view.setFocus()
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.until(lambda: closed() == before)
    desk.key(Qt.Key.Key_Y, CTRL)
    desk.until(lambda: len(closed()) > len(before))
    desk.idle()
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.until(lambda: closed() == before)


def test_the_day_is_printed_to_a_file_that_can_be_read_back(desk: Hands, office: Office, tmp_path: Path) -> None:
    booked(office)
    desk.until(lambda: desk.visits())
    desk.key(Qt.Key.Key_P, CTRL)
    desk.until(lambda: any(one.isVisible() for one in desk.window.findChildren(PrintPreview)))
    preview = desk.overlay(PrintPreview)
    assert isinstance(preview, PrintPreview)
    assert preview.document.pageCount() >= 1
    assert not preview.save(tmp_path / "no such folder" / "day.pdf")
    assert preview.trouble.isVisible()
    assert preview.save(tmp_path / "day.pdf")
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "day.pdf").pages)
    assert "Ana Conceição Álvares" in text
    assert "09:00" in text or "9:00" in text


def test_the_week_of_one_professional_and_back_to_today(desk: Hands, office: Office) -> None:
    visit = booked(office, professional_id=office.sample.professionals["caio"])
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    desk.key(Qt.Key.Key_2)
    agenda = desk.workspace.agenda
    desk.until(lambda: len(desk.view.scene.specs) == 6)
    agenda.bar.professional_chosen.emit(office.sample.professionals["caio"])
    desk.until(lambda: visit in {one.id for one in desk.visits()})
    desk.key(Qt.Key.Key_PageDown)
    desk.until(lambda: agenda.loading.days == (DAY + dt.timedelta(days=6), DAY + dt.timedelta(days=11)))
    desk.key(Qt.Key.Key_T)
    desk.key(Qt.Key.Key_1)
    desk.until(lambda: agenda.loading.days == (DAY, DAY))
    desk.until(lambda: visit in {one.id for one in desk.visits()})


def test_escape_steps_back_one_thing_at_a_time(desk: Hands, office: Office) -> None:
    visit = booked(office)
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    desk.workspace.agenda.select(visit)
    desk.view.setFocus()
    desk.key(Qt.Key.Key_N)
    editor = desk.editor
    desk.write("ana")
    desk.until(lambda: editor.picker._frame.isVisible())
    desk.key(Qt.Key.Key_Escape)
    assert not editor.picker._frame.isVisible() and editor.isVisible()
    desk.key(Qt.Key.Key_Escape)
    assert editor.picker.text == "" and editor.isVisible()
    desk.key(Qt.Key.Key_Escape)
    assert not editor.isVisible()
    assert desk.workspace.agenda.chosen is not None
    desk.key(Qt.Key.Key_Escape)
    assert desk.workspace.agenda.chosen is None


def test_a_patient_is_found_registered_and_edited(desk: Hands) -> None:
    desk.key(Qt.Key.Key_2, CTRL)
    page = desk.workspace.patients
    desk.until(lambda: page.finder.box.hasFocus())
    desk.write("conceicao")
    desk.until(lambda: [one.name for one in page.finder.model.matches()] == [ANA])
    page.new_patient("Ícaro Antunes")
    form = desk.overlay(FormPopover)
    assert isinstance(form, FormPopover)
    form.panel.fields.fields["phone"].editor.setFocus()
    desk.write("11 90000-0188")
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.said("Ícaro Antunes")
    desk.until(lambda: page.profile.profile is not None and page.profile.profile.patient.name == "Ícaro Antunes")
    page.edit()
    form = desk.overlay(FormPopover)
    assert isinstance(form, FormPopover)
    form.panel.fields.fields["email"].editor.setFocus()
    desk.write("icaro@exemplo.com.br")
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.said("saved")
    desk.until(lambda: page.profile.profile is not None and page.profile.profile.patient.email)


def test_a_record_that_changed_elsewhere_keeps_what_was_typed_here(desk: Hands, office: Office) -> None:
    desk.key(Qt.Key.Key_2, CTRL)
    page = desk.workspace.patients
    page.show_patient(office.sample.patients["bento"])
    desk.until(lambda: page.profile.profile is not None and page.profile.profile.patient.name == BENTO)
    page.edit()
    form = desk.overlay(FormPopover)
    assert isinstance(form, FormPopover)
    form.panel.fields.fields["email"].editor.setFocus()
    desk.write("bento@exemplo.com.br")
    desk.workspace.feed.close()
    office.admin().execute(
        "UPDATE clinicdesk.patient SET note = 'outra mesa' WHERE id = %s", [office.sample.patients["bento"]]
    )
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: form.panel.notice.isVisible())
    desk.idle()
    assert form.isVisible()
    assert form.panel.fields.form().email == "bento@exemplo.com.br"


def test_the_colours_change_without_leaving_the_page(desk: Hands) -> None:
    assert not theme.current().dark
    desk.window.theme_chosen.emit("dark")
    assert theme.current().dark
    desk.window.theme_chosen.emit("light")
