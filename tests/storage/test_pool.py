"""More work than connections waits a while, and is then told to come again."""

import contextlib
from typing import Any

import pytest

from clinicdesk.errors import ServerBusy
from clinicdesk.storage.engine import make_engine, transaction
from tests.office import Office


def test_whoever_gets_no_connection_is_told_that_the_server_is_busy(rolled_back: Office) -> None:
    engine = make_engine(rolled_back.conninfo("sync"), "sync")
    pool: Any = engine.pool
    pool._timeout = 0.05
    with contextlib.ExitStack() as taken:
        taken.callback(engine.dispose)
        for _each in range(6):
            taken.enter_context(transaction(engine))
        with pytest.raises(ServerBusy), transaction(engine):
            pass
