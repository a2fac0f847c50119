"""Changes of anywhere as signals: a burst is told once, and coming back asks for a reload."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from pytestqt.qtbot import QtBot

from clinicdesk.desk.change_feed import ChangeFeed
from clinicdesk.usecases.clinic import Change, Link
from tests.office import Office


@pytest.fixture
def feed(office: Office, qtbot: QtBot) -> Iterator[ChangeFeed]:
    opened = ChangeFeed(office.desk("renata"))
    qtbot.waitUntil(lambda: opened.link is Link.CONNECTED)
    yield opened
    opened.close()
    opened.deleteLater()


def test_a_burst_of_changes_is_told_once(office: Office, feed: ChangeFeed, qtbot: QtBot) -> None:
    told: list[list[Change]] = []
    feed.changed.connect(told.append)
    connection = office.admin()
    visit = office.visit()
    with connection.transaction():
        first = office.book_row(connection, **visit)
        for note in "abc":
            connection.execute("UPDATE clinicdesk.appointment SET note = %s WHERE id = %s", [note, first])
    qtbot.waitUntil(lambda: bool(told))
    seen: set[UUID | None] = {change.id for batch in told for change in batch}
    assert first in seen
    assert len(told) == 1


def test_coming_back_asks_everything_to_reload_and_the_first_time_does_not(
    office: Office, feed: ChangeFeed, qtbot: QtBot
) -> None:
    links: list[Link] = []
    feed.link_changed.connect(links.append)
    with qtbot.waitSignal(feed.came_back, timeout=10_000):
        office.admin().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE '%%listens'"
        )
    assert links == [Link.RECONNECTING, Link.CONNECTED]


def test_nothing_is_told_after_closing(office: Office, qtbot: QtBot) -> None:
    feed = ChangeFeed(office.desk("renata"))
    told: list[object] = []
    feed.changed.connect(told.append)
    qtbot.waitUntil(lambda: feed.link is Link.CONNECTED)
    feed._gather(Change("appointment", uuid4(), 1))
    feed.close()
    office.book_row(office.admin())
    with qtbot.assertNotEmitted(feed.changed, wait=300):
        pass
    assert told == []
