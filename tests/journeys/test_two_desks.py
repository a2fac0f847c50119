"""Two desks at work in one clinic, each in a process of its own, and a server that may go away."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinicdesk.domain.agenda import Status
from clinicdesk.storage.cluster import Cluster
from tests import office as offices
from tests.journeys.conftest import at_the_desk, sign_renata_in
from tests.journeys.hands import Hands
from tests.journeys.other_desk import OtherDesk
from tests.office import Office, at

ROOT = Path(__file__).parents[2]


def test_what_one_desk_does_the_other_sees_within_a_second(desk: Hands, office: Office, other: OtherDesk) -> None:
    visit = office.book_row(office.admin())
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    other.until(lambda told: str(visit) in told["visits"])
    desk.move_card(visit, office.sample.professionals["caio"], at(14))
    desk.said("14:00")
    seen = other.until(lambda told: told["visits"][str(visit)][1] == at(14).isoformat(), seconds=1.0)
    assert not seen["banner"]
    began = time.monotonic()
    other.ask(move=str(visit), to=at(15).isoformat())
    desk.until(lambda: desk.held(visit).starts_at == at(15))
    assert time.monotonic() - began < 1.5


def test_a_call_is_on_the_other_desks_screen_within_a_second(desk: Hands, office: Office, other: OtherDesk) -> None:
    visit = office.book_row(office.admin(), status="checked_in")
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    other.ask(screen="open")
    other.until(lambda told: told["screen"] == ["Your name appears here when it is your turn"])
    began = time.monotonic()
    desk.workspace.agenda.select(visit)
    desk.key(Qt.Key.Key_L)
    desk.said("called to")
    seen = other.until(lambda told: told["screen"][0] == "Ana Á.", seconds=1.5)
    assert time.monotonic() - began < 3
    assert not any("Conceição" in word for word in seen["screen"])


def test_a_move_that_is_too_late_is_refused_and_the_card_shows_the_truth(
    desk: Hands, office: Office, other: OtherDesk
) -> None:
    helena = office.sample.professionals["helena"]
    visit = office.book_row(office.admin())
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    desk.workspace.feed.close()  # the news of the other desk is still on its way
    told = other.until(lambda told: str(visit) in told["visits"])
    other.ask(move=str(visit), to=at(16).isoformat())
    other.until(lambda told: told["visits"][str(visit)][1] == at(16).isoformat())
    assert told["visits"][str(visit)][0] == desk.held(visit).version
    desk.move_card(visit, helena, at(10))
    desk.said("Cláudia Meireles changed this")
    desk.until(lambda: desk.held(visit).starts_at == at(16))
    desk.until(lambda: not desk.view.scene.pending and desk.view.scene.lift is None)


def test_a_desk_that_is_killed_disturbs_nobody(desk: Hands, office: Office, other: OtherDesk) -> None:
    visit = office.book_row(office.admin())
    other.until(lambda told: str(visit) in told["visits"])
    other.process.send_signal(signal.SIGKILL)
    other.process.wait()
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    desk.move_card(visit, office.sample.professionals["caio"], at(14))
    desk.said("14:00")
    assert not desk.workspace.agenda.banner.isVisible()


# --- the server goes away ---


@pytest.fixture
def own_cluster(data_dir: Path) -> Iterator[Cluster]:
    """A server that may be killed."""
    with Cluster.open(data_dir) as opened:
        yield opened


def test_a_killed_server_is_said_nothing_is_written_and_the_desk_recovers_by_itself(
    own_cluster: Cluster, data_dir: Path, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    office = Office(own_cluster, offices.TEMPLATE, offices.template(own_cluster, data_dir))
    visit = office.book_row(office.admin())
    with at_the_desk(office, qapp, qtbot, tmp_path) as hands:
        desk = sign_renata_in(hands)
        agenda = desk.workspace.agenda
        agenda.select(visit)
        office.close()
        kill_server(data_dir)
        desk.until(agenda.banner.isVisible)
        assert not desk.panel.primary.isEnabled()  # type: ignore[union-attr]
        assert not agenda.bar.block.isEnabled()
        assert agenda.header.book.isEnabled()  # a booking is typed and kept, and only sent later
        desk.view.setFocus()
        desk.key(Qt.Key.Key_C)
        desk.said("No connection")
        assert desk.held(visit).status is Status.PENDING
        start = desk.grip(visit)
        desk.drag(start, start + start)
        assert not desk.view.scene.pending
        own_cluster.ensure_running()
        office.admin().execute("UPDATE clinicdesk.appointment SET note = 'enquanto isso' WHERE id = %s", [visit])
        desk.until(lambda: not agenda.banner.isVisible())
        desk.until(lambda: desk.held(visit).note == "enquanto isso")
        desk.until(lambda: desk.panel.appointment.note == "enquanto isso")
        desk.idle()
        desk.view.setFocus()
        desk.key(Qt.Key.Key_C)
        desk.status(visit, Status.CHECKED_IN)
        desk.idle()
    office.close()


def kill_server(data_dir: Path) -> None:
    """kill -9 of the postmaster of this folder alone."""
    (pid_file,) = data_dir.rglob("postmaster.pid")
    postmaster = psutil.Process(int(pid_file.read_text().splitlines()[0]))
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        os.kill(process.pid, signal.SIGKILL)
    psutil.wait_procs(family, timeout=10)
