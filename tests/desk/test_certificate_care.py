"""Certificates near their end: who is told what, and that a renewal that fails says so and no more."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from clinicdesk.desk.background import Background
from clinicdesk.desk.certificate_care import CertificateCare
from clinicdesk.domain.desks import ServerAddress, ServerLook
from clinicdesk.settings import Settings
from clinicdesk.usecases.place import Place, joined, open_place
from tests.certificates import clinic_authority, join
from tests.office import Office

NOW = dt.datetime.now(dt.UTC)
SOON = ServerLook(3.0, NOW + dt.timedelta(days=12))
LATER = ServerLook(3.0, NOW + dt.timedelta(days=200))


@pytest.fixture
def care() -> Iterator[CertificateCare]:
    background = Background(lambda _error: None)
    made = CertificateCare(background)
    yield made
    background.close()
    for part in (made, background):
        shiboken6.delete(part)


def place_of(data_dir: Path, signed_at: dt.datetime) -> Place:
    join(data_dir, clinic_authority(NOW - dt.timedelta(days=400)), now=signed_at)
    return open_place(data_dir, joined(Settings(), ServerAddress("servidor.local")))


def test_owners_hear_of_the_servers_certificate_a_month_ahead(
    care: CertificateCare, office: Office, data_dir: Path
) -> None:
    place, heard = place_of(data_dir, NOW), []
    care.said.connect(heard.append)
    for look, tell in ((SOON, False), (LATER, True), (None, True)):
        care.look_after(office.desk("renata"), place, look, tell=tell)
    assert heard == []
    care.look_after(office.desk("claudia"), place, SOON, tell=True)
    assert len(heard) == 1 and heard[0].startswith("The server’s certificate ends on ")


def test_a_desk_that_cannot_renew_its_certificate_says_so_to_who_can_help(
    care: CertificateCare, office: Office, data_dir: Path, qtbot: QtBot
) -> None:
    # Without TLS nobody is at a desk, and so the database refuses.
    place = place_of(data_dir, NOW - dt.timedelta(days=350))
    heard: list[str] = []
    care.said.connect(heard.append)
    care.look_after(office.desk("renata"), place, LATER, tell=False)
    qtbot.waitUntil(lambda: not care._background.busy)
    assert heard == []
    care.look_after(office.desk("claudia"), place, LATER, tell=True)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[0].startswith("This computer’s certificate ends on ")


def test_what_counts_for_long_is_left_alone(care: CertificateCare, office: Office, data_dir: Path) -> None:
    care.look_after(office.desk("claudia"), place_of(data_dir, NOW), LATER, tell=True)
    assert not care._background.busy
