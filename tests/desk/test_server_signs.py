"""A desk of a clinic server before anybody signs in: the server that does not answer, and the key that is gone."""

import dataclasses
import datetime as dt
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinicdesk import settings as desk_settings
from clinicdesk import words
from clinicdesk.desk.application import Application, Wish
from clinicdesk.desk.background import Background
from clinicdesk.desk.session_watch import SessionWatch
from clinicdesk.desk.sign_in.server_signs import signs_of
from clinicdesk.domain.desks import ServerAddress, ServerLook
from clinicdesk.errors import DeskNotEnrolled
from clinicdesk.keychain import Keychain
from clinicdesk.settings import RememberedPerson, Settings
from clinicdesk.usecases.clinic import Link
from clinicdesk.usecases.desk_files import KEY_SECRET
from clinicdesk.usecases.place import joined
from tests.certificates import clinic_authority, join
from tests.office import Office

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("localhost", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def desk(data_dir: Path, closed_port: int, qapp: QApplication) -> Iterator[Application]:
    """A desk that joined a server which is off now."""
    join(data_dir, clinic_authority())
    people = (RememberedPerson("renata", "Renata Souza", "Reception", 65),)
    kept = joined(Settings(language="en", last_people=people), ServerAddress("localhost", closed_port), "Recepção 1")
    desk_settings.save(data_dir, kept)
    application = Application(qapp, Wish(data_dir, language="en", theme="light"))
    application.window.show()
    yield application
    application.close()
    application.window.close()
    for part in (application.window, application.shortcuts, application.background, application):
        shiboken6.delete(part)
    words.use_language("en")


def test_a_server_that_is_off_is_told_and_the_people_stay(desk: Application, closed_port: int, qtbot: QtBot) -> None:
    desk.open()
    page = desk.window.sign_in_page
    qtbot.waitUntil(page.notice.isVisible)
    assert f"Nobody answers at localhost, port {closed_port}" in page.notice.accessibleName()
    assert page.notice.button.text() == "Try again"
    assert desk._signs == [("unlink", "The clinic’s server cannot be used now")]
    assert page.tiles.isEnabled() and page.tiles.isVisible()
    assert not (desk.wish.data_dir / "postgres").exists()  # no server of its own was made
    with qtbot.waitSignal(desk.server_signs.away):  # type: ignore[union-attr]
        page.notice.acted.emit()


def test_a_server_that_is_back_takes_the_notice_away(desk: Application, qtbot: QtBot) -> None:
    desk.open()
    page = desk.window.sign_in_page
    qtbot.waitUntil(page.notice.isVisible)
    assert desk.server_signs is not None
    desk.server_signs._seen(ServerLook(3.6, NOW + dt.timedelta(days=3650)))
    assert not page.notice.isVisible()
    assert desk._signs[0] == ("server", "Clinic server answers in 4 ms")


def test_an_emptied_keyring_leads_to_where_a_new_code_is_typed(
    desk: Application, qtbot: QtBot, closed_port: int
) -> None:
    Keychain(desk.wish.data_dir).forget_secret(KEY_SECRET)
    desk.open()
    page = desk.window.sign_in_page
    qtbot.waitUntil(page.notice.isVisible)
    assert "no longer in its keyring" in page.notice.accessibleName()
    page.notice.acted.emit()
    run = desk.first_run
    assert run is not None and run.page.isVisible()
    asked = run.page.place.server
    assert (asked.address.text(), asked.desk_name.text()) == (f"localhost:{closed_port}", "Recepção 1")
    assert asked.isVisible()
    assert desk_settings.load(desk.wish.data_dir).last_people == desk.settings.last_people
    qtbot.waitUntil(lambda: not desk.background.busy)


def test_a_desk_that_was_shut_out_is_told_at_the_next_sign_in(desk: Application, qtbot: QtBot) -> None:
    desk.open()
    page = desk.window.sign_in_page
    qtbot.waitUntil(page.notice.isVisible)
    desk.window._refused(DeskNotEnrolled("revoked"))
    assert "An owner has removed this computer" in page.notice.accessibleName()
    assert page.notice.button.text() == "Enrol again"


def test_whoever_is_at_work_when_a_desk_is_shut_out_is_told_once(office: Office, qtbot: QtBot) -> None:
    background = Background(lambda _error: None)
    owner = QObject()
    watch = SessionWatch(office.desk("renata"), background, owner)
    heard: list[str] = []
    watch.shut_out.connect(lambda: heard.append("shut out"))
    watch.ended.connect(lambda: heard.append("ended"))
    for link in (Link.SHUT_OUT, Link.SHUT_OUT, Link.CONNECTED):
        watch.link_moved(link)
    qtbot.waitUntil(lambda: not background.busy)
    assert heard == ["shut out"]
    background.close()
    for part in (watch, owner, background):
        shiboken6.delete(part)


def test_the_server_is_said_in_words() -> None:
    signs = signs_of(ServerLook(0.2, NOW + dt.timedelta(days=200)), NOW)
    assert signs == [
        ("server", "Clinic server answers in 1 ms"),
        ("shield-check", "Encrypted connection, certificate checked"),
    ]
    soon = signs_of(dataclasses.replace(ServerLook(4.0), certificate_ends_at=NOW + dt.timedelta(days=12)), NOW)
    assert soon[-1] == ("triangle-alert", "The server’s certificate ends on 4 December")
