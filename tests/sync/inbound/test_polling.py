"""Where nobody reaches the clinic, Twilio is asked, and what it lists has the effect of a knock, once."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from email.utils import format_datetime
from typing import Any

import pytest

from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.outbox import SendingChannel
from clinicdesk.domain.told import StatusTold, Told, Written
from clinicdesk.usecases import receipts
from sync.carrier import Carrier
from sync.carriers import carrier_for
from sync.inbound.polling import Poller
from sync.inbound.reading import told_by
from tests.office import Office
from tests.sync.fakes.twilio import FakeTwilio
from tests.sync.ground import Ground, LaidChannel, uncommitted

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
ANA, OURS = "whatsapp:+553187654321", "whatsapp:+5511400040001"


@pytest.fixture
def ground(rolled_back: Office) -> Iterator[Ground]:
    with uncommitted(rolled_back) as laid:
        yield laid


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio.open() as fake:
        yield fake


@pytest.fixture
def poller(ground: Ground, twilio: FakeTwilio) -> Poller:
    @contextlib.contextmanager
    def lent(channel: SendingChannel) -> Iterator[Carrier]:
        with contextlib.closing(carrier_for(replace(channel, address=twilio.address), twilio.secrets)) as carrier:
            yield carrier

    return Poller(ground.sync, lent)


def laid(ground: Ground, twilio: FakeTwilio) -> LaidChannel:
    return ground.channel("twilio", receives="poll", **twilio.settings)


def listed(twilio: FakeTwilio, sid: str, body: str, days_ago: int = 0, **changes: Any) -> None:
    """One more line of Twilio's list: Ana wrote, unless it says otherwise."""
    when = format_datetime(NOW - dt.timedelta(days=days_ago, minutes=1))
    line = {"sid": sid, "from": ANA, "to": OURS, "body": body, "direction": "inbound", "status": "received"}
    twilio.log.append(line | {"num_media": "0", "date_sent": when, "date_updated": when, "error_code": None} | changes)


def told(ground: Ground, channel: LaidChannel) -> list[Told]:
    statement = "SELECT coalesce(array_agg(id ORDER BY received_at, id), '{}') FROM clinicdesk.webhook_receipt"
    found = []
    for one in ground.count(f"{statement} WHERE channel_id = %s", channel.id):
        receipt = receipts.unread(ground.sync, one)
        assert receipt is not None
        found += told_by(receipt)
    return found


def test_what_is_listed_counts_once_however_often_it_is_asked(
    ground: Ground, twilio: FakeTwilio, poller: Poller
) -> None:
    channel = laid(ground, twilio)
    ground.channel("twilio", receives="webhook", **twilio.settings)
    for number in range(5):  # three pages
        listed(twilio, f"SM{number:032x}", f"resposta {number}")
    listed(twilio, "SM" + "a" * 32, "de outro número", to="whatsapp:+5511999990000")
    listed(twilio, "SM" + "b" * 32, "SAIR", **{"from": "+5531987654321", "to": "+5511400040001"})
    assert poller.poll() == 5
    assert poller.poll() == 0
    bodies = {one.body for one in told(ground, channel) if isinstance(one, Written)}
    assert bodies == {f"resposta {number}" for number in range(5)}
    assert all(
        isinstance(one, Written) and one.sent_at == NOW - dt.timedelta(minutes=1) for one in told(ground, channel)
    )


def test_what_became_of_ours_is_listed_step_by_step(ground: Ground, twilio: FakeTwilio, poller: Poller) -> None:
    channel = laid(ground, twilio)
    ours = {"from": OURS, "to": ANA, "direction": "outbound-api"}
    listed(twilio, "SM" + "c" * 32, "Olá", **ours | {"status": "sent"})
    assert poller.poll() == 1
    twilio.log[0] |= {"status": "undelivered", "error_code": 63016}
    assert poller.poll() == 1
    states = [(one.state, one.code) for one in told(ground, channel) if isinstance(one, StatusTold)]
    assert sorted(states) == [(MessageState.FAILED, "63016"), (MessageState.SENT, "")]


def test_files_of_a_listed_message_are_looked_up(ground: Ground, twilio: FakeTwilio, poller: Poller) -> None:
    channel, sid = laid(ground, twilio), "MM" + "d" * 32
    listed(twilio, sid, "", num_media="1")
    twilio.files[sid] = [(f"/2010-04-01/Accounts/{twilio.account_sid}/Messages/{sid}/Media/ME1", "image/jpeg")]
    poller.poll()
    (one,) = told(ground, channel)
    assert isinstance(one, Written) and one.media is not None
    assert one.media.fetch_from == f"{twilio.address}{twilio.files[sid][0][0]}"
    assert (one.kind, one.media.mime) == ("image", "image/jpeg")


def test_days_without_the_process_are_caught_up_and_those_before_the_channel_are_not(
    ground: Ground, twilio: FakeTwilio, poller: Poller
) -> None:
    channel = laid(ground, twilio)
    listed(twilio, "SM" + "1" * 32, "três dias", days_ago=3)
    assert poller.poll() == 0
    with ground.laying() as admin:
        admin.execute("SET LOCAL session_replication_role = replica")  # nobody else may change when it was made
        admin.execute("UPDATE clinicdesk.message_channel SET created_at = created_at - interval '30 days'")
        admin.execute("SET LOCAL session_replication_role = origin")
    assert poller.poll() == 1
    assert len(told(ground, channel)) == 1


def test_a_provider_that_is_away_is_asked_again(ground: Ground, twilio: FakeTwilio, poller: Poller) -> None:
    laid(ground, twilio)
    listed(twilio, "SM" + "1" * 32, "sim")
    known, twilio.account_sid = twilio.account_sid, "AC" + "9" * 32
    assert poller.poll() == 0
    twilio.account_sid = known
    assert poller.poll() == 1
