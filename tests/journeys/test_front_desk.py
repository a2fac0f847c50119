"""The front desk: arrivals by code, who is called, and who ought to come again."""

import datetime as dt
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from clinicdesk.desk.arrivals import CodePopover
from clinicdesk.desk.printing import PrintPreview
from clinicdesk.desk.recalls.adding import RecallPopover
from clinicdesk.desk.slip import SlipPopover
from clinicdesk.domain.agenda import Status
from clinicdesk.usecases import check_in
from tests.journeys.conftest import sign_renata_in
from tests.journeys.hands import CTRL, PATIENCE, Hands
from tests.keys import press_keys
from tests.office import DAY, Office, at, put

MOMENTS = count(1.0)
ANA, BENTO = "Ana Conceição Álvares", "Bento d'Ávila"


def booked(office: Office, **changes: object) -> UUID:
    """A visit that another desk put into the agenda."""
    return office.book_row(office.admin(), **changes)


def code_of(office: Office, visit: UUID, login: str = "renata") -> str:
    """The code on the patient's slip."""
    return check_in.pass_of(office.desk(login), visit)


def scan(desk: Hands, code: str) -> None:
    """Hold the slip before the scanner."""
    handle, moment = desk.window.windowHandle(), next(MOMENTS)
    assert handle is not None
    scanner = desk.workspace.scanner
    # Keys of a real scanner wait in the system's queue; these are made one by one, and a busy machine parts no scan.
    scanner._moment = lambda _event: moment
    scanner._silence.setInterval(PATIENCE)
    press_keys(handle, code + "\r")


@pytest.fixture
def visit(desk: Hands, office: Office) -> UUID:
    made = booked(office)
    desk.until(lambda: desk.workspace.agenda.model.appointment(made))
    return made


# --- arrivals ---


def test_a_scan_and_a_key_seat_the_patient(desk: Hands, office: Office, visit: UUID) -> None:
    scan(desk, code_of(office, visit))
    desk.status(visit, Status.CHECKED_IN)
    desk.said("has arrived")
    desk.until(lambda: desk.workspace.agenda.waiting.isVisible())
    assert desk.workspace.agenda.waiting.waiting_ids() == [visit]
    assert desk.panel.appointment.id == visit
    desk.key(Qt.Key.Key_I)
    desk.status(visit, Status.IN_PROGRESS)


def test_a_click_and_two_keys_seat_the_patient_however_quick(desk: Hands, visit: UUID) -> None:
    point = desk.grip(visit)
    desk.drag(point, point)
    desk.key(Qt.Key.Key_C)
    desk.key(Qt.Key.Key_I)  # the arrival is still on its way
    desk.status(visit, Status.IN_PROGRESS)
    desk.idle()
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.status(visit, Status.CHECKED_IN)
    desk.idle()
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.status(visit, Status.PENDING)


def test_a_scan_is_taken_back_like_any_step(desk: Hands, office: Office, visit: UUID) -> None:
    scan(desk, code_of(office, visit))
    desk.status(visit, Status.CHECKED_IN)
    desk.said("has arrived")
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.status(visit, Status.PENDING)


def test_a_code_scanned_twice_says_since_when(desk: Hands, office: Office, visit: UUID) -> None:
    code = code_of(office, visit)
    scan(desk, code)
    desk.said("has arrived")
    scan(desk, code)
    desk.said("is checked in already, since")
    assert desk.held(visit).status is Status.CHECKED_IN


def test_yesterdays_code_offers_to_show_its_visit(desk: Hands, office: Office) -> None:
    yesterday = DAY - dt.timedelta(days=1)
    old = booked(office, starts_at=at(9, day=yesterday), ends_at=at(9, 30, day=yesterday))
    scan(desk, code_of(office, old))
    desk.said(f"{ANA}’s visit is yesterday, at 09:00")
    toast = desk.workspace.toasts.toast
    assert toast is not None and toast.button.text() == "Show the visit"
    desk.click(toast.button)
    desk.until(lambda: desk.workspace.agenda.model.appointment(old))
    assert desk.workspace.agenda.day == yesterday
    assert desk.held(old).status is Status.PENDING


def test_a_code_of_the_other_clinic_is_not_of_this_one(desk: Hands, office: Office) -> None:
    sample = office.sample
    there = booked(
        office,
        clinic_id=sample.clinics["jacaranda"],
        professional_id=sample.professionals["davi"],
        room_id=sample.rooms["room b"],
        service_id=sample.services["visit b"],
    )
    scan(desk, code_of(office, there, "bruno"))
    desk.said("not of this clinic")


def test_a_scan_while_somebody_writes_leaves_their_words_alone(desk: Hands, office: Office, visit: UUID) -> None:
    code = code_of(office, visit)
    desk.key(Qt.Key.Key_N)
    editor = desk.editor
    desk.write("ma")
    scan(desk, code)
    desk.write("ri")
    desk.status(visit, Status.CHECKED_IN)
    assert editor.isVisible()
    assert editor.picker.box.text() == "mari"


def test_a_code_is_typed_by_hand_when_the_paper_is_torn(desk: Hands, office: Office, visit: UUID) -> None:
    code = code_of(office, visit)
    desk.key(Qt.Key.Key_F8)
    popover = desk.overlay(CodePopover)
    desk.write("cd 12")
    desk.key(Qt.Key.Key_Return)
    assert popover.isVisible()
    popover.code.clear()
    desk.write(f"{code[:2]} {code[2:6]}-{code[6:].lower()}")
    desk.key(Qt.Key.Key_Return)
    desk.status(visit, Status.CHECKED_IN)
    assert desk.focus is desk.view


def test_nothing_is_checked_in_without_the_clinic(desk: Hands, office: Office, visit: UUID) -> None:
    code = code_of(office, visit)
    desk.workspace.agenda.set_offline("No connection. Agenda of 10:00, read only.")
    scan(desk, code)
    desk.said("No connection")
    assert desk.held(visit).status is Status.PENDING


def test_a_code_is_understood_by_the_palette(desk: Hands, office: Office, visit: UUID) -> None:
    code = code_of(office, visit)
    desk.key(Qt.Key.Key_K, CTRL)
    finder = desk.workspace.finder
    desk.until(finder.isVisible)
    with desk.qtbot.waitSignal(finder.answered):
        finder.line.setText(code.lower())
    desk.until(lambda: finder.current is not None)
    desk.key(Qt.Key.Key_Return)
    desk.status(visit, Status.CHECKED_IN)


def test_the_slip_is_made_at_the_desk_and_what_it_shows_checks_in(desk: Hands, visit: UUID, tmp_path: Path) -> None:
    desk.workspace.agenda.select(visit)
    desk.workspace.agenda.command("slip")
    desk.until(lambda: any(one.isVisible() for one in desk.window.findChildren(SlipPopover)))
    popover = desk.overlay(SlipPopover)
    code = popover._slip.code
    desk.click(popover.copy_button)
    desk.said("Picture copied")
    assert QGuiApplication.clipboard().image().width() == popover.picture.width()
    desk.workspace.agenda.command("slip")
    desk.until(lambda: any(one.isVisible() for one in desk.window.findChildren(SlipPopover)))
    popover = desk.overlay(SlipPopover)
    assert popover._slip.code == code
    assert not popover.save(tmp_path / "missing" / "code.png") and popover.trouble.isVisible()
    desk.click(popover.print_button)
    assert desk.overlay(PrintPreview).document.pageCount() == 1
    desk.key(Qt.Key.Key_Escape)
    scan(desk, code)
    desk.status(visit, Status.CHECKED_IN)


# --- calls ---


@pytest.fixture
def here(desk: Hands, office: Office) -> UUID:
    """Ana is in the reception, today by the desk's clock and by the server's."""
    made = booked(office, status="checked_in")
    desk.until(lambda: desk.workspace.agenda.model.appointment(made))
    clock = desk.application.clock
    clock._pinned = None
    clock.align(dt.datetime.now(dt.UTC))
    return made


def test_the_megaphone_calls_and_the_screen_shows_it(desk: Hands, here: UUID) -> None:
    opening = desk.workspace.call_screen
    opening.open()
    screen = opening.screen
    assert screen is not None and screen.isVisible()
    assert screen.words() == ["Your name appears here when it is your turn"]
    desk.workspace.calls.call(desk.held(here))
    desk.until(lambda: screen.words()[0] == "Ana Á.")
    desk.said("called to")
    assert screen.stands_out
    assert not any("Conceição" in word for word in screen.words())
    screen.close()
    assert opening.screen is None
    assert desk.application.settings.call_screen == ""


def test_the_screen_comes_back_where_it_was(desk: Hands) -> None:
    desk.workspace.call_screen.open()
    monitor = desk.application.settings.call_screen
    assert monitor
    desk.key(Qt.Key.Key_F9)
    desk.until(lambda: desk.window.workspace is None)
    assert desk.application.settings.call_screen == monitor
    sign_renata_in(desk)
    screen = desk.workspace.call_screen.screen
    assert screen is not None and screen.isVisible()


def test_a_key_calls_who_is_next_by_law_and_by_turn(desk: Hands, office: Office) -> None:
    sample, agenda = office.sample, desk.workspace.agenda
    ana = booked(office, status="checked_in")
    other = {"patient_id": sample.patients["bento"], "professional_id": sample.professionals["caio"], "room_id": None}
    booked(office, status="checked_in", starts_at=at(15), ends_at=at(16), **other)
    statement = "UPDATE clinicdesk.patient SET birth_date = '1950-01-01' WHERE id = %s"
    office.admin().execute(statement, [sample.patients["bento"]])
    desk.until(lambda: len(agenda.waiting.waiting_ids()) == 2 and agenda.waiting.waiting_ids()[1] == ana)
    desk.key(Qt.Key.Key_L)
    desk.said(f"{BENTO} called")
    agenda.select(ana)
    desk.key(Qt.Key.Key_L)
    desk.said(f"{ANA} called to")


# --- recalls ---


def asked_again(desk: Hands, visit: UUID) -> None:
    """Ask, at the end of a visit, for its patient to come again in a month."""
    desk.workspace.agenda.select(visit)
    desk.workspace.agenda.command("recall")
    popover = desk.overlay(RecallPopover)
    popover.months._segments["1"].click()
    desk.click(popover.confirm)
    desk.said("is to be called in April 2035")


def test_a_recall_is_asked_at_the_end_of_a_visit_and_closed_by_the_booking(desk: Hands, office: Office) -> None:
    done = booked(office, status="completed")
    desk.until(lambda: desk.workspace.agenda.model.appointment(done))
    asked_again(desk, done)
    desk.key(Qt.Key.Key_3, CTRL)
    page = desk.workspace.recalls
    desk.click(page.filter._segments["next"])
    desk.until(lambda: page.model.rowCount() == 1)
    page.list.setFocus()
    desk.key(Qt.Key.Key_1)
    desk.said("No answer")
    desk.until(lambda: page.model.recalls[0].attempts == 1)
    desk.key(Qt.Key.Key_A)
    editor = desk.editor
    assert editor.booking.patient is not None and editor.booking.patient.name == ANA
    assert editor.booking.service is not None
    desk.until(lambda: editor.booking.free is not None)
    desk.idle()
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.said("booked")
    desk.idle()
    desk.key(Qt.Key.Key_3, CTRL)
    desk.until(lambda: page.model.rowCount() == 0)
    desk.click(page.filter._segments["booked"])
    desk.until(lambda: page.model.rowCount() == 1)
    assert page.model.recalls[0].booked_for is not None
    desk.key(Qt.Key.Key_Z, CTRL)  # the booking was a slip
    desk.until(lambda: page.model.rowCount() == 0)
    desk.click(page.filter._segments["next"])
    desk.until(lambda: page.model.rowCount() == 1)


def test_attempts_and_postponing_are_taken_back(desk: Hands, office: Office) -> None:
    sample, admin = office.sample, office.admin()
    for patient in ("ana", "bento"):
        month = {"ana": "2035-02-01", "bento": "2035-03-01"}[patient]
        put(admin, "recall", id=uuid4(), clinic_id=sample.clinics["ipe"], patient_id=sample.patients[patient],
            due_month=month)  # fmt: skip
    desk.key(Qt.Key.Key_3, CTRL)
    page = desk.workspace.recalls
    desk.until(lambda: page.model.rowCount() == 2)
    assert [one.patient_name for one in page.model.recalls] == [ANA, BENTO]
    page.list.setFocus()
    assert page.list.chosen is not None and page.list.chosen.patient_name == ANA
    desk.key(Qt.Key.Key_4)
    desk.said("Does not want to")
    desk.until(lambda: page.model.rowCount() == 1)
    desk.idle()
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.until(lambda: page.model.rowCount() == 2)
    page.list.choose(page.model.recalls[1].id, 1)
    desk.key(Qt.Key.Key_D)
    desk.said("put off: April 2035")
    desk.until(lambda: page.model.rowCount() == 1)
    desk.idle()
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.until(lambda: page.model.rowCount() == 2)
