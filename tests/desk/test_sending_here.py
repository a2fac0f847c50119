"""On one computer the desk keeps the process that sends: while there is something to send, no longer than itself."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk import sending_here
from clinicdesk.desk.background import Background
from clinicdesk.desk.sending_here import SendingHere
from clinicdesk.usecases.local import Local
from tests.office import Office, put, value

_ALIVE = "SELECT count(*) FROM clinicdesk.sync_process WHERE stopped_at IS NULL"
PROGRAM = "tests.sync.process.program"


@pytest.fixture
def here(
    qapp: QApplication, office: Office, run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SendingHere]:
    places = [str(run_folder / "shared"), str(tmp_path), office.database, "--with-desk"]
    monkeypatch.setattr(sending_here, "command", lambda _folder: [sys.executable, "-m", PROGRAM, *places])
    background, window = Background(lambda _error: None), QWidget()
    window.resize(900, 600)
    window.show()
    made = SendingHere(window, background, tmp_path)
    yield made
    made.close()
    background.close()
    for part in (made, background, window):
        shiboken6.delete(part)


def _local(office: Office, tmp_path: Path) -> Local:
    return Local(tmp_path, office.cluster, office.database)


def _send(office: Office, active: bool) -> None:
    admin = office.admin()
    admin.execute("DELETE FROM clinicdesk.messaging_policy")
    put(admin, "messaging_policy", clinic_id=office.sample.clinics["ipe"], active=active)


def test_where_nobody_sends_nothing_is_begun_or_asked(
    here: SendingHere, office: Office, tmp_path: Path, qtbot: QtBot
) -> None:
    _send(office, active=False)
    here.serve(_local(office, tmp_path))
    qtbot.waitUntil(lambda: here._due is not None)
    assert not here.running
    assert not here.asks_before_closing()


def test_it_begins_when_a_clinic_sends_and_ends_when_none_does(
    here: SendingHere, office: Office, tmp_path: Path, qtbot: QtBot
) -> None:
    _send(office, active=True)
    here.serve(_local(office, tmp_path))
    qtbot.waitUntil(lambda: _alive(office) == 1, timeout=30_000)
    assert here.running
    assert here.asks_before_closing()
    assert here.question is not None
    with qtbot.waitSignal(here.question.dismissed):
        here.question.safe.click()
    assert here.running
    _send(office, active=False)
    here.look()
    qtbot.waitUntil(lambda: not here.running, timeout=20_000)
    assert _alive(office) == 0


def test_it_ends_with_the_desk_and_is_begun_again_when_it_dies(
    here: SendingHere, office: Office, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending_here, "_AGAIN_SECONDS", (0,))
    _send(office, active=True)
    here.serve(_local(office, tmp_path))
    qtbot.waitUntil(lambda: _alive(office) == 1, timeout=30_000)
    assert here._process is not None
    here._process.kill()
    qtbot.waitUntil(lambda: _alive(office) == 2, timeout=30_000)  # the dead one is not missed yet
    here.close()
    assert _alive(office) == 1


def test_closing_goes_on_when_it_is_wanted(here: SendingHere, office: Office, tmp_path: Path, qtbot: QtBot) -> None:
    here._process = object()  # type: ignore[assignment]  # as if it were there
    try:
        assert here.asks_before_closing()
        assert here.question is not None
        here.question.verb.click()
        assert not here._window.isVisible()
        assert not here.asks_before_closing()
    finally:
        here._process = None


def _alive(office: Office) -> int:
    with psycopg.connect(**dict[str, Any](office.cluster.admin_conninfo(office.database))) as connection:
        return int(value(connection, _ALIVE))
