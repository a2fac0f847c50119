"""Wrong passwords: five tries, a growing wait, a lock that only an owner lifts; kept over a restart."""

from pathlib import Path

import pytest

from clinicdesk.errors import AccountLocked, SignInRefused
from clinicdesk.usecases.tries import FIRST_WAIT_SECONDS, FREE_TRIES, TRIES_TO_LOCK, Tries


class Calendar:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def tries(tmp_path: Path, calendar: Calendar) -> Tries:
    return Tries(tmp_path, calendar)


def test_the_first_tries_wait_for_nothing(tries: Tries) -> None:
    for left in range(TRIES_TO_LOCK - 1, TRIES_TO_LOCK - FREE_TRIES, -1):
        refusal = tries.failed("renata")
        assert refusal == SignInRefused(wait_seconds=0, tries_left=left)
        tries.check("renata")


def test_then_the_wait_doubles(tries: Tries, calendar: Calendar) -> None:
    waits = []
    for _number in range(TRIES_TO_LOCK - 1):
        refusal = tries.failed("renata")
        assert isinstance(refusal, SignInRefused)
        waits.append(refusal.wait_seconds)
        if refusal.wait_seconds:
            with pytest.raises(SignInRefused):
                tries.check("renata")
        calendar.seconds += refusal.wait_seconds
        tries.check("renata")
    assert waits == [0, 0, 0, 0, *(FIRST_WAIT_SECONDS * 2**step for step in range(5))]


def test_ten_lock_until_an_owner_unlocks(tries: Tries, calendar: Calendar) -> None:
    for _number in range(TRIES_TO_LOCK):
        refusal = tries.failed("renata")
    assert refusal == AccountLocked()
    calendar.seconds += 10**6
    with pytest.raises(AccountLocked):
        tries.check("renata")
    assert tries.locked() == ["renata"]
    tries.unlock("renata")
    tries.check("renata")
    assert tries.locked() == []


def test_the_count_is_kept_over_a_restart_and_forgotten_by_success(tries: Tries, calendar: Calendar) -> None:
    for _number in range(FREE_TRIES):
        tries.failed("renata")
    again = Tries(tries.data_dir, calendar)
    with pytest.raises(SignInRefused):
        again.check("renata")
    again.succeeded("renata")
    again.check("renata")


def test_a_damaged_file_locks_nobody_out(tries: Tries) -> None:
    (tries.data_dir / "sign-in-tries.json").write_text("[1, 2", "utf-8")
    tries.check("renata")
    assert isinstance(tries.failed("renata"), SignInRefused)


def test_a_folder_that_takes_nothing_gives_nobody_more_tries(tmp_path: Path, calendar: Calendar) -> None:
    no_folder = tmp_path / "file"
    no_folder.touch()
    tries = Tries(no_folder, calendar)
    for _number in range(TRIES_TO_LOCK - 1):
        assert isinstance(tries.failed("renata"), SignInRefused)
    assert tries.failed("renata") == AccountLocked()
    assert tries.locked() == ["renata"]
    tries.unlock("renata")
    tries.check("renata")
