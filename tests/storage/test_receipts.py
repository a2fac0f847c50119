"""What arrives is queued in the transaction that keeps it, and queued again when its job is lost."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from clinicdesk.domain.hooks import TakenIn
from clinicdesk.usecases import receipts
from tests.office import Office, at, put
from tests.sync.ground import Ground, LaidChannel, uncommitted

JOBS = "SELECT count(*) FROM queue.procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'"


@pytest.fixture
def ground(rolled_back: Office) -> Iterator[Ground]:
    with uncommitted(rolled_back) as laid:
        yield laid


def taken_in(ground: Ground, channel: LaidChannel) -> UUID:
    found = receipts.channel_by_key(ground.sync, channel.hook_key)
    assert found is not None
    one = (found, TakenIn(b"digest", b"{}"))
    assert receipts.take_in(ground.sync, [one, one]) == [True, False]
    only: UUID = ground.count("SELECT id FROM clinicdesk.webhook_receipt WHERE channel_id = %s", channel.id)
    return only


def media(ground: Ground, channel: LaidChannel, **changes: object) -> UUID:
    talk, made = uuid4(), uuid4()
    with ground.laying() as admin:
        own = {"clinic_id": channel.clinic_id}
        put(admin, "conversation", id=talk, channel_id=channel.id, identity=str(talk), **own)
        put(admin, "media", id=made, conversation_id=talk, kind="image", expires_at=at(20), **own, **changes)
    return made


def test_a_delivery_is_queued_with_its_row(ground: Ground) -> None:
    receipt = taken_in(ground, ground.channel("meta"))
    assert ground.count(JOBS, f"read_receipt:{receipt}") == 1


def test_a_file_at_the_provider_is_queued_and_no_other(ground: Ground) -> None:
    channel = ground.channel("meta")
    assert ground.count(JOBS, f"fetch_media:{media(ground, channel, fetch_from='123')}") == 1
    assert ground.count(JOBS, f"fetch_media:{media(ground, channel, sealed=b'x')}") == 0
    assert ground.count(JOBS, f"fetch_media:{media(ground, channel)}") == 0


def test_what_lost_its_job_gets_another_and_what_is_done_none(ground: Ground) -> None:
    channel = ground.channel("meta")
    receipt = taken_in(ground, channel)
    waiting, given_up = media(ground, channel, fetch_from="1"), media(ground, channel, fetch_from="2", fault="gone")
    with ground.laying() as admin:
        admin.execute("SET LOCAL search_path = queue, pg_catalog")
        admin.execute("DELETE FROM procrastinate_jobs")
        admin.execute("RESET search_path")
        for table, column in (("webhook_receipt", "received_at"), ("media", "created_at")):
            admin.execute(f"UPDATE clinicdesk.{table} SET {column} = {column} - interval '2 minutes'".encode())
    assert receipts.requeue(ground.sync) == 2
    assert receipts.requeue(ground.sync) == 0
    assert ground.count(JOBS, f"read_receipt:{receipt}") == ground.count(JOBS, f"fetch_media:{waiting}") == 1
    assert ground.count(JOBS, f"fetch_media:{given_up}") == 0


def test_what_was_read_is_thrown_away_after_eight_days(ground: Ground) -> None:
    receipt = taken_in(ground, ground.channel("meta"))
    assert receipts.unread(ground.sync, receipt) is not None
    receipts.mark_read(ground.sync, receipt, "not_json")
    assert receipts.unread(ground.sync, receipt) is None
    assert receipts.clear_read(ground.sync) == 0
    with ground.laying() as admin:
        admin.execute("UPDATE clinicdesk.webhook_receipt SET read_at = read_at - interval '9 days'")
    assert receipts.clear_read(ground.sync) == 1
