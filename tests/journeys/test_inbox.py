"""The inbox with the keyboard alone: a message arrives, is answered, handed back, and what was unclear is decided."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinicdesk.desk.messages.page import InboxPage
from clinicdesk.desk.places import INBOX_PLACE, PATIENTS_PLACE
from clinicdesk.domain.agenda import Status
from clinicdesk.domain.inbox import Owner
from clinicdesk.usecases import agenda, inbox
from tests.journeys.conftest import at_the_desk
from tests.journeys.hands import CTRL, Hands
from tests.office import PASSWORD, Office
from tests.talks import HOUR, NOW, Wire


@pytest.fixture
def wire(office: Office) -> Wire:
    return Wire(office)


def page_of(desk: Hands) -> InboxPage:
    opened = desk.workspace.inbox
    assert opened is not None
    return opened.page


def test_a_message_is_answered_and_given_back_by_keys(desk: Hands, wire: Wire, office: Office) -> None:
    talk_id = wire.talk(provider="zapi")
    wire.came(talk_id, "Posso chegar 10 minutos mais cedo?")
    badge = desk.workspace.rail._items[INBOX_PLACE]
    desk.until(lambda: badge.accessibleDescription() == "1")  # heard on whatever page one is
    desk.key(Qt.Key.Key_4, CTRL)
    page = page_of(desk)
    desk.until(lambda: page.talk is not None and page.talk.id == talk_id)
    assert desk.focus is page.list
    desk.key(Qt.Key.Key_Return)
    desk.write("Pode sim, Ana. A Sala 4 fica no térreo")
    desk.key(Qt.Key.Key_Return)
    clinic = office.desk("otavio")
    desk.until(lambda: len(inbox.thread(clinic, talk_id).lines) == 3)
    desk.until(lambda: page.talk is not None and page.talk.person_name == "Renata Souza")
    page.list.setFocus()
    desk.key(Qt.Key.Key_H)
    desk.said("back to the robot")
    assert inbox.talk(clinic, talk_id).owner is Owner.BOT
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.said("Undone")
    assert inbox.talk(clinic, talk_id).person_name == "Renata Souza"


def test_an_unclear_reply_is_decided_by_one_key(desk: Hands, wire: Wire, office: Office) -> None:
    visit = office.book_row(office.admin())
    talk_id = wire.talk(provider="zapi")
    other = wire.talk("+5521988887777", None, "zapi", name="Jéssica")
    wire.came(other, "Oi", NOW - HOUR)
    wire.came(talk_id, "depende do ônibus", outcome="unclear", question=wire.ask("ana", visit))
    desk.workspace.show_place(INBOX_PLACE)
    page = page_of(desk)
    desk.until(lambda: page.waiting)
    desk.key(Qt.Key.Key_J)
    desk.until(lambda: page.talk is not None and page.talk.id == other)
    desk.key(Qt.Key.Key_2)  # it concerns the reply on show, not the conversation one stands on
    desk.said("visit confirmed")
    assert agenda.appointments(office.desk("otavio"), [visit])[0].status is Status.CONFIRMED
    assert page.talk is not None and page.talk.id == other


def test_the_palette_knows_conversations(desk: Hands, wire: Wire) -> None:
    talk_id = wire.talk(provider="zapi")
    wire.came(talk_id, "Bom dia")
    page = page_of(desk)
    desk.workspace.show_place(INBOX_PLACE)
    desk.until(lambda: page.model.talks)
    desk.key(Qt.Key.Key_1, CTRL)
    (entry,) = desk.workspace.entries.found("conversation ana")
    entry.run()
    desk.until(lambda: page.isVisible() and page.talk is not None and page.talk.id == talk_id)
    assert desk.workspace.entries.found("messages")


def test_m_leads_from_a_patient_to_their_conversation(desk: Hands, wire: Wire, office: Office) -> None:
    talk_id = wire.talk(provider="zapi")
    wire.came(talk_id, "Bom dia")
    desk.workspace.show_place(PATIENTS_PLACE)
    desk.workspace.patients.show_patient(office.sample.patients["ana"])
    desk.until(lambda: desk.workspace.patients.profile.profile is not None)
    desk.workspace.patients.finder.list.setFocus()
    desk.key(Qt.Key.Key_M)
    page = page_of(desk)
    desk.until(lambda: page.isVisible() and page.talk is not None and page.talk.id == talk_id)


def test_a_professional_has_no_inbox(office: Office, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    with at_the_desk(office, qapp, qtbot, tmp_path) as hands:
        hands.window.sign_in_page.tiles.select("")
        hands.window._wanted("helena", PASSWORD)
        hands.until(lambda: hands.window.workspace is not None)
        assert hands.workspace.inbox is None and INBOX_PLACE not in hands.workspace.rail._items
        hands.key(Qt.Key.Key_4, CTRL)
        assert hands.workspace.pages.currentWidget() is hands.workspace.agenda
        hands.idle()
