"""What somebody typed and did not save is there when they are back, on this desk and for nobody else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda.blocking import BlockPopover
from clinicdesk.desk.agenda.cancelling import CancelPopover
from clinicdesk.desk.agenda.waiting.form import Beginning, WaitingForm
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.domain.patients import NewPatient, PatientMatch
from clinicdesk.usecases import agenda, patients
from clinicdesk.usecases.door import Door
from clinicdesk.usecases.own_key import rewrap_own_key
from tests.journeys.conftest import at_the_desk, sign_renata_in, watched
from tests.journeys.hands import CTRL, Hands
from tests.office import DAY, PASSWORD, Office
from tests.usecases.test_agenda import booking


@pytest.fixture
def desk(office: Office, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Hands]:
    """Renata is at work by the desk's own door, which opens her drafts."""
    with at_the_desk(office, qapp, qtbot, tmp_path) as hands:
        door = Door(tmp_path, lambda: office.address, "Balcão", hands.application.tries)
        hands.window.set_door(lambda login, password: watched(door.enter(login, password)))
        yield sign_renata_in(hands)


def test_a_desk_that_was_killed_while_somebody_typed_offers_it_again(
    desk: Hands, office: Office, tmp_path: Path
) -> None:
    desk.window.leave()
    desk.idle()
    command = [sys.executable, "-m", "tests.journeys.killed_desk", str(tmp_path), json.dumps(office.address), "renata"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "kept"
        process.kill()
    sign_renata_in(desk)
    desk.until(lambda: offered(desk))
    (line,) = offered(desk)
    assert "You were booking Bia Prado" in line.accessibleName()
    desk.click(line.button)
    assert desk.editor.note.text() == "prefere de manhã"


def again(desk: Hands) -> None:
    """Leave, and sign in anew."""
    desk.window.leave()
    desk.idle()
    sign_renata_in(desk)
    desk.idle()


def offered(desk: Hands) -> list[Banner]:
    """The drafts on offer."""
    return [line for line in desk.workspace.draft_strip.lines if line.isVisible()]


def begin_booking(desk: Hands) -> None:
    """A booking for somebody new, as far as the note."""
    desk.workspace.book()
    desk.editor.who.begin_new(NewPatient("Bia Prado", "(11) 98888-7777"))
    desk.editor.note.setText("prefere de manhã")
    desk.until(lambda: desk.editor.booking.free is not None)


def test_a_booking_that_was_left_is_offered_and_goes_on_where_it_was(desk: Hands) -> None:
    begin_booking(desk)
    chosen = desk.editor.booking.free
    assert chosen is not None
    again(desk)
    (line,) = offered(desk)
    assert "You were booking Bia Prado" in line.accessibleName()
    desk.click(line.button)
    assert offered(desk) == []
    assert desk.editor.who.name.text() == "Bia Prado" and desk.editor.note.text() == "prefere de manhã"
    desk.idle()
    assert desk.editor.booking.free is not None
    assert desk.editor.booking.free.slot == chosen.slot
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.visit_of("Bia Prado")
    again(desk)
    assert offered(desk) == []


def test_a_draft_thrown_away_comes_back_by_undo_and_else_never(desk: Hands) -> None:
    begin_booking(desk)
    again(desk)
    desk.click(offered(desk)[0].other)
    desk.said("Draft discarded")
    assert offered(desk) == []
    toast = desk.workspace.toasts.toast
    assert toast is not None
    toast.undo()
    assert len(offered(desk)) == 1
    desk.click(offered(desk)[0].other)
    again(desk)
    assert offered(desk) == []


def test_somebody_else_at_this_desk_is_offered_nothing(desk: Hands) -> None:
    begin_booking(desk)
    desk.window.leave()
    desk.idle()
    desk.window.sign_in_page.sign_in_requested.emit("claudia", PASSWORD)
    desk.until(lambda: desk.window.workspace is not None)
    desk.idle()
    assert desk.workspace.signed_in.clinic.person.login == "claudia"
    assert offered(desk) == []


def test_the_record_of_a_patient_goes_on_and_a_change_since_is_shown(desk: Hands, office: Office) -> None:
    ana = office.sample.patients["ana"]
    desk.workspace.show_place("patients")
    desk.workspace.patients.show_patient(ana)
    desk.until(lambda: desk.workspace.patients.profile.isVisible())
    desk.idle()
    desk.workspace.patients.edit()
    desk.until(lambda: ana in desk.workspace.patients.forms.open_now)
    fields = desk.workspace.patients.forms.open_now[ana].panel.fields
    fields.fields["address"].editor.setFocus()
    desk.write("Rua das Acácias 12")
    again(desk)
    seen = patients.patient(office.desk("renata"), ana)
    form = patients.PatientForm(seen.full_name, phone=seen.phone, email="ana@exemplo.org")
    patients.save(office.desk("renata"), patients.UpdatePatient(agenda.new_id(), ana, seen.version, form), DAY)
    (line,) = offered(desk)
    assert "You were editing the record of Ana" in line.accessibleName()
    desk.click(line.button)
    desk.until(lambda: ana in desk.workspace.patients.forms.open_now)
    panel = desk.workspace.patients.forms.open_now[ana].panel
    assert panel.fields.form().address == "Rua das Acácias 12"
    assert panel.fields.form().email == "ana@exemplo.org"
    panel.save()
    desk.until(lambda: "changed" in panel.notice.accessibleName())
    assert patients.patient(office.desk("renata"), ana).address == ""


def test_who_was_being_registered_is_registered_after_all(desk: Hands) -> None:
    desk.workspace.show_place("patients")
    desk.workspace.patients.new_patient("Caetano Veloso")
    panel = desk.workspace.patients.forms.open_now[None].panel
    panel.fields.fields["phone"].editor.setFocus()
    desk.write("11977776666")
    again(desk)
    desk.click(offered(desk)[0].button)
    panel = desk.workspace.patients.forms.open_now[None].panel
    assert panel.fields.form().full_name == "Caetano Veloso"
    assert panel.fields.form().phone.endswith("6666")


def test_small_forms_are_kept_while_they_are_open_and_given_up_when_closed(desk: Hands, office: Office) -> None:
    visit = agenda.book(office.desk("renata"), booking(office))
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit.id) is not None)
    desk.workspace.agenda.select(visit.id)
    desk.workspace.agenda.command("cancel")
    cancelling = desk.overlay(CancelPopover)
    assert isinstance(cancelling, CancelPopover)
    cancelling.reason.setText("viajou")
    again(desk)
    (line,) = offered(desk)
    assert "You were cancelling the visit of Ana" in line.accessibleName()
    desk.click(line.button)
    desk.until(lambda: [one for one in desk.window.findChildren(CancelPopover) if one.isVisible()])
    cancelling = desk.overlay(CancelPopover)
    assert isinstance(cancelling, CancelPopover) and cancelling.reason.text() == "viajou"
    desk.workspace.drafts.keep_now()
    desk.key(Qt.Key.Key_Escape)
    again(desk)
    assert offered(desk) == []


def test_time_that_was_to_be_blocked_and_a_wait_are_offered_again(desk: Hands) -> None:
    desk.workspace.agenda.ask_block()
    blocking = desk.overlay(BlockPopover)
    assert isinstance(blocking, BlockPopover)
    blocking.reason.setText("reunião")
    blocking.starts.setText("15:30")
    again(desk)
    (line,) = offered(desk)
    assert "You were blocking time" in line.accessibleName()
    desk.click(line.button)
    blocking = desk.overlay(BlockPopover)
    assert isinstance(blocking, BlockPopover)
    assert (blocking.reason.text(), blocking.starts.text()) == ("reunião", "15:30")
    blocking.dismiss()
    ana = PatientMatch(uuid4(), "Ana Reis", "", None, "", False, None, None, "")
    desk.workspace.agenda.waiting_list.ask_new(Beginning(ana))
    waiting = desk.overlay(WaitingForm)
    assert isinstance(waiting, WaitingForm)
    waiting.note.setText("mora perto")
    again(desk)
    (line,) = offered(desk)
    assert "You were putting Ana Reis on the waiting list" in line.accessibleName()
    desk.click(line.button)
    waiting = desk.overlay(WaitingForm)
    assert isinstance(waiting, WaitingForm) and waiting.note.text() == "mora perto"
    assert waiting.picker.patient == ana


def test_a_setting_that_was_being_changed_waits_for_its_manager(desk: Hands, office: Office) -> None:
    desk.window.leave()
    desk.idle()
    for _sitting in range(2):
        desk.window.sign_in_page.sign_in_requested.emit("claudia", PASSWORD)
        desk.until(lambda: desk.window.workspace is not None and desk.workspace.agenda.content is not None)
        desk.idle()
        if not offered(desk):
            section = desk.workspace.settings.open_place("rooms")
            desk.until(lambda section=section: section.editor is not None and section.editor.kept is not None)
            section.editor.bounds["name"].put("Sala azul")
            assert section.editor.changes == 1
            desk.window.leave()
            desk.idle()
    (line,) = offered(desk)
    assert "in the settings" in line.accessibleName()
    desk.click(line.button)
    section = desk.workspace.settings.section
    desk.until(lambda: section.editor is not None and section.editor.changes == 1)
    assert section.editor.form().name == "Sala azul"


def test_what_a_forgotten_password_sealed_is_gone_and_that_is_said_once(desk: Hands, tmp_path: Path) -> None:
    begin_booking(desk)
    desk.window.leave()
    desk.idle()
    rewrap_own_key(tmp_path, "renata", PASSWORD, "porta 12 fechada")  # as if the database had another since
    sign_renata_in(desk)
    desk.said("With the old password went what was typed")
    assert offered(desk) == []
    again(desk)
    assert "old password" not in desk.toast
