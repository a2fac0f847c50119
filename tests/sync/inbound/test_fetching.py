"""From the wire to a desk: a picture knocks, its message is kept, it is fetched, sealed and seen."""

import contextlib
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest

from clinicdesk.domain.media import MediaFault, MediaKind
from clinicdesk.domain.outbox import SendingChannel
from clinicdesk.usecases import media, outbox, replies
from clinicdesk.usecases.clinic import Clinic
from sync.carrier import Carrier, FetchedMedia, Parcel, Refused, Sent, Verdict
from sync.gateway.app import hooks_app
from sync.gateway.door import Door, opener
from sync.gateway.figures import Figures
from sync.gateway.serving import serve
from sync.inbound.fetching import Fetcher, NotYet
from sync.inbound.reading import Reader
from tests.domain.test_media import png
from tests.office import Office, value
from tests.sync.fakes import meta_events as events
from tests.sync.gateway import knocking
from tests.sync.ground import Ground, LaidChannel, committed
from tests.sync.inbound.deliveries import NUMBER, as_json

PICTURE = png()


class OnePicture:
    """A carrier whose provider has one file, or says why not."""

    def __init__(self) -> None:
        self.refused: Refused | None = None
        self.asked: list[str] = []

    def fetch(self, media_id: str) -> FetchedMedia:
        self.asked.append(media_id)
        if self.refused:
            raise self.refused
        return FetchedMedia("text/html", PICTURE, "x.exe")

    def send(self, parcel: Parcel) -> Sent:
        raise AssertionError

    def check(self) -> str:
        raise AssertionError

    def close(self) -> None:
        raise AssertionError


@pytest.fixture
def ground(office: Office) -> Ground:
    return committed(office)


@pytest.fixture
def renata(office: Office) -> Clinic:
    opened = office.desk("renata")
    media.make_media_keys(opened)
    return opened


@pytest.fixture
def carrier() -> OnePicture:
    return OnePicture()


@pytest.fixture
def fetcher(ground: Ground, carrier: OnePicture) -> Fetcher:
    @contextlib.contextmanager
    def lent(channel: SendingChannel) -> Iterator[Carrier]:
        assert channel.settings["phone_number_id"] == NUMBER
        yield carrier

    return Fetcher(ground.sync, lent)


def picture_of(ground: Ground) -> tuple[LaidChannel, bytes]:
    channel = ground.channel("meta", secrets={"app_secret": knocking.SECRET}, phone_number_id=NUMBER)
    told = events.media("image", "2754859441498128", "image/jpeg", caption="meu exame")
    message = events.message("553187654321", "wamid.1", told, user_id="BR.1")
    contacts = [events.contact("553187654321", "BR.1")]
    return channel, as_json(events.event([events.value(NUMBER, contacts=contacts, messages=[message])]))


def arrived(ground: Ground, channel: LaidChannel, body: bytes) -> UUID:
    """The id of the file, once the delivery was taken in and read."""
    door = Door(ground.sync, opener(ground.open), Figures())
    with serve(hooks_app(door), port=0) as where:
        answer = httpx.post(f"http://127.0.0.1:{where.port}{channel.path}", content=body, headers=knocking.meta(body))
        assert answer.status_code == 200
    receipt = value(ground.admin, "SELECT id FROM clinicdesk.webhook_receipt")
    Reader(ground.sync, replies.receive, outbox.note_status, replies.keep).read_receipt(receipt)
    found: UUID = value(ground.admin, "SELECT media_id FROM clinicdesk.incoming_message")
    return found


def test_a_picture_knocks_and_is_seen_at_a_desk(
    ground: Ground, renata: Clinic, fetcher: Fetcher, carrier: OnePicture
) -> None:
    media_id = arrived(ground, *picture_of(ground))
    queued = "SELECT count(*) FROM queue.procrastinate_jobs WHERE queueing_lock = %s"
    assert value(ground.admin, queued, [f"fetch_media:{media_id}"]) == 1
    fetcher.fetch_media(media_id)
    fetcher.fetch_media(media_id)
    assert carrier.asked == ["2754859441498128"]
    assert media.open_media(renata, media_id) == PICTURE
    talk = value(ground.admin, "SELECT conversation_id FROM clinicdesk.media")
    (shown,) = media.of_conversation(renata, talk)
    assert (shown.kind, shown.mime, shown.file_name) == (MediaKind.IMAGE, "image/png", "x.png")


def test_a_file_that_is_not_given_is_asked_for_again_and_given_up_after_an_hour(
    ground: Ground, renata: Clinic, fetcher: Fetcher, carrier: OnePicture
) -> None:
    media_id = arrived(ground, *picture_of(ground))
    carrier.refused = Refused(Verdict.RETRY, "away")
    with pytest.raises(NotYet):
        fetcher.fetch_media(media_id)
    assert media.to_fetch(ground.sync, media_id) is not None
    ground.admin.execute("UPDATE clinicdesk.media SET created_at = created_at - interval '61 minutes'")
    fetcher.fetch_media(media_id)
    talk = value(ground.admin, "SELECT conversation_id FROM clinicdesk.media")
    assert media.of_conversation(renata, talk)[0].fault == MediaFault.NOT_FETCHED
    assert media.to_fetch(ground.sync, media_id) is None


def test_a_file_that_is_gone_is_given_up_at_once(ground: Ground, fetcher: Fetcher, carrier: OnePicture) -> None:
    media_id = arrived(ground, *picture_of(ground))
    carrier.refused = Refused(Verdict.OUR_FAULT, "gone")
    fetcher.fetch_media(media_id)
    assert media.to_fetch(ground.sync, media_id) is None
