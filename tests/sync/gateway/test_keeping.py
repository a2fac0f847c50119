"""A rush shares its commits, and what is wrong with one delivery is no other's business."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest

from clinicdesk.domain.hooks import TakenIn
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import receipts
from sync.gateway.keeping import Keeping
from tests.office import Office, value
from tests.sync.ground import committed


@pytest.mark.commits
def test_many_at_once_are_kept_once_each_and_the_wrong_one_alone_is_refused(office: Office) -> None:
    ground = committed(office)
    channel = receipts.channel_by_key(ground.sync, ground.channel("meta").hook_key)
    assert channel is not None
    gone = replace(channel, id=uuid4())
    keeping, start = Keeping(ground.sync), threading.Barrier(24)

    def keep(number: int) -> bool | None:
        start.wait()
        try:
            return keeping.keep(gone if number == 7 else channel, TakenIn(bytes([number // 2]), b"{}"))
        except ClinicError:
            return None

    with ThreadPoolExecutor(24) as pool:
        found = list(pool.map(keep, range(24)))
    assert found[7] is None
    assert found.count(True) == 12
    assert found.count(False) == 11
    statement = "SELECT count(DISTINCT digest), count(DISTINCT xmin::text) FROM clinicdesk.webhook_receipt"
    (kept, transactions), = ground.admin.execute(statement.encode()).fetchall()  # fmt: skip
    assert kept == 12
    assert transactions <= 12
    assert value(ground.admin, "SELECT count(*) FROM clinicdesk.webhook_receipt") == 12
