"""What comes in, through the whole process: Meta knocks, and what was written and sent is in the clinic."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from clinicdesk.usecases import media
from clinicdesk.usecases.clinic import Clinic
from tests.domain.test_media import png
from tests.office import Office, value
from tests.sync.fakes import meta_events as events
from tests.sync.fakes.meta import FakeMeta
from tests.sync.process.test_sending import until
from tests.sync.process.working import Sending, at_work, sending

PICTURE, ANA = png(), "553187654321"


@pytest.fixture
def clinic(office: Office, tmp_path: Path) -> Iterator[Sending]:
    with sending(office, tmp_path) as opened:
        yield opened


@pytest.fixture
def renata(office: Office) -> Clinic:
    opened = office.desk("renata")
    media.make_media_keys(opened)
    return opened


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_meta_knocks_and_it_is_in_the_clinic_within_a_second(clinic: Sending, renata: Clinic) -> None:
    with FakeMeta.open() as meta:
        channel, port = clinic.meta(meta, receives="webhook"), free_port()
        key = value(clinic.admin, "SELECT hook_key FROM clinicdesk.message_channel WHERE id = %s", [channel])
        meta.connect(f"http://127.0.0.1:{port}/hooks/{key}")
        with at_work(clinic.account, gateway_port=port):
            until(lambda: httpx.get(f"http://127.0.0.1:{port + 1}/health").json()["ok"] if listens(port + 1) else False)
            meta.write(ANA, "bom dia", times=16)
            begun = time.monotonic()
            until(lambda: written(clinic) == ["bom dia"])
            assert time.monotonic() - begun < 1
            told = events.media("image", meta.add_media("image/jpeg", PICTURE), "image/jpeg")
            meta.send_in(ANA, told, times=3)
            until(lambda: fetched(clinic) == [True])
            until(lambda: clinic.jobs() == 0)
        assert not listens(port)
    media_id = value(clinic.admin, "SELECT id FROM clinicdesk.media")
    assert media.open_media(renata, media_id) == PICTURE


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def written(clinic: Sending) -> list[str]:
    return [row[0] for row in clinic.admin.execute("SELECT body FROM clinicdesk.incoming_message").fetchall()]


def fetched(clinic: Sending) -> list[bool]:
    return [row[0] for row in clinic.admin.execute("SELECT sealed IS NOT NULL FROM clinicdesk.media").fetchall()]
