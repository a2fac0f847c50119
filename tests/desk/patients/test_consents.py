"""Consents at the desk: asked once with one tick, shown with their history, taken back and undone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda.booking_patient import PatientSection
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.consents_card import consent_fact
from clinicdesk.desk.patients.consents_popover import history_lines
from clinicdesk.desk.patients.page import PatientsPage
from clinicdesk.domain.consents import Consent, GiveConsent, standing
from clinicdesk.domain.messages import ChannelKind, Purpose
from clinicdesk.domain.patients import PatientMatch
from clinicdesk.terms import asked_words
from clinicdesk.usecases import consents, patients
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.desk.patients.conftest import Show
from tests.desk.patients.test_page import clinic, form, opened, page, write
from tests.office import ZONE, at

__all__ = ["clinic", "page"]

ALL = set(ChannelKind)


def _give(patient: PatientMatch) -> GiveConsent:
    return GiveConsent(new_id(), patient.id, Purpose.CARE, tuple(ChannelKind), asked_words())


def held(desk: Clinic, patient: PatientMatch | None) -> tuple[Consent, ...]:
    assert patient is not None
    return consents.of_patient(desk, patient.id)


def found(desk: Clinic, name: str) -> PatientMatch:
    return patients.search(desk, name)[0]


def test_who_registers_is_asked_with_one_tick_that_begins_empty(
    page: PatientsPage, clinic: Clinic, qtbot: QtBot
) -> None:
    page.new_patient("Rita Sá")
    panel = form(page)
    assert panel.consent.isVisible() and not panel.consent.tick.isChecked()
    write(panel, "phone", "11987654321")
    QTest.mouseClick(panel.consent, Qt.MouseButton.LeftButton)  # anywhere on it
    assert panel.typed().consented == asked_words()
    panel.save()
    opened(page, "Rita Sá", qtbot)
    given = held(clinic, found(clinic, "Rita Sá"))
    assert standing(given, Purpose.CARE) == ALL and {one.words for one in given} == {asked_words()}


def test_an_edited_record_asks_nothing(page: PatientsPage, qtbot: QtBot) -> None:
    page.show_patient(found(page._clinic, "Bento").id)
    opened(page, "Bento d'Ávila", qtbot)
    page.edit()
    assert form(page).consent.isHidden()


def test_channels_are_switched_and_undone_and_the_history_stays(
    page: PatientsPage, clinic: Clinic, qtbot: QtBot
) -> None:
    ana = found(clinic, "Ana")
    page.show_patient(ana.id)
    opened(page, "Ana Conceição Álvares", qtbot)
    page.profile.consents.change.click()
    popover = page.consenting.popover
    assert popover.isVisible() and not any(one.isChecked() for one in popover.switches.values())
    popover.proof.setText("ligação de hoje")
    popover.all_buttons[Purpose.CARE].click()
    qtbot.waitUntil(lambda: popover.switches[Purpose.CARE, ChannelKind.SMS].isChecked())
    assert {one.proof for one in held(clinic, ana)} == {"ligação de hoje"} and popover.proof.text() == ""
    popover.switches[Purpose.CARE, ChannelKind.SMS].click()
    qtbot.waitUntil(lambda: standing(held(clinic, ana), Purpose.CARE) == ALL - {ChannelKind.SMS})
    undo = page.consenting._undo
    assert undo is not None
    qtbot.waitUntil(lambda: len(undo._done) == 2)
    undo.undo()
    qtbot.waitUntil(lambda: standing(held(clinic, ana), Purpose.CARE) == ALL)
    qtbot.waitUntil(lambda: len(undo._undone) == 1)
    undo.redo()
    qtbot.waitUntil(lambda: standing(held(clinic, ana), Purpose.CARE) == ALL - {ChannelKind.SMS})
    assert len(held(clinic, ana)) == 4
    sms = next(one for one in held(clinic, ana) if one.channel is ChannelKind.SMS)
    what, given, over = history_lines(sms, ZONE)
    assert "SMS" in what and "Renata Souza" in given and "Renata Souza" in over


def test_the_card_says_what_stands_what_ended_and_what_was_never_asked(clinic: Clinic, page: PatientsPage) -> None:
    ana = found(clinic, "Ana")
    assert consent_fact((), Purpose.CARE, ZONE)[1] == "Never asked"
    consents.give(clinic, _give(ana))
    assert consent_fact(held(clinic, ana), Purpose.CARE, ZONE)[1] == "WhatsApp, SMS, e-mail"
    assert consent_fact(held(clinic, ana), Purpose.MARKETING, ZONE)[1] == "Never asked"


@pytest.fixture
def section(clinic: Clinic, background: Background, shown: Show) -> PatientSection:
    made = PatientSection(clinic, background, DeskClock(at(7)))
    shown(made)
    return made


def test_a_booking_asks_whoever_was_never_asked(section: PatientSection, clinic: Clinic, qtbot: QtBot) -> None:
    ana, bento = found(clinic, "Ana"), found(clinic, "Bento")
    consents.give(clinic, _give(bento))
    section.take(ana)
    qtbot.waitUntil(section.consent.isVisible)
    assert section.consented == ""
    section.consent.tick.click()
    assert section.consented == asked_words()
    section.take(bento)
    qtbot.waitUntil(lambda: not section._background.busy)
    assert section.consent.isHidden() and section.consented == ""
    section.clear()
    section.picker.new_wanted.emit("Conceição Alencar")
    assert section.consent.isVisible() and section.consented == ""
