"""Wrong passwords at this computer: five tries, then a growing wait, and after ten an owner has to help.

A refused password runs no SQL, so the database cannot count it; the desk does, in the data folder, for names that exist
and for names that do not. Whoever goes around the desk meets the server's own delay.
"""

import contextlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from clinicdesk.errors import AccountLocked, SignInRefused

FREE_TRIES = 5
TRIES_TO_LOCK = 10
FIRST_WAIT_SECONDS = 30
MOST_NAMES = 500  # who guesses names too fills no disk with them; those with the fewest tries go first
_LONGEST_NAME = 64
_FILE = "sign-in-tries.json"


@dataclass(frozen=True)
class Tries:
    """The count of one data folder. `now` gives seconds that only grow with the calendar."""

    data_dir: Path
    now: Callable[[], float] = time.time
    _unwritten: dict[str, tuple[int, float]] = field(default_factory=dict, repr=False)  # where the disk takes nothing

    def check(self, login: str) -> None:
        """Raise SignInRefused while the wait lasts, AccountLocked after too many; nothing when a try is free."""
        count, last = self._read().get(_key(login), (0, 0.0))
        if count >= TRIES_TO_LOCK:
            raise AccountLocked
        wait = self._wait(count) - (self.now() - last)
        if wait > 0:
            raise SignInRefused(wait_seconds=round(wait) or 1)

    def failed(self, login: str) -> SignInRefused | AccountLocked:
        """Count a wrong password; the refusal to tell, with what is left."""
        name = _key(login)
        try:
            with self._only_one():
                counts = self._counted(name)
                self._write(counts)
            self._unwritten.clear()
        except OSError:  # a full disk gives nobody more tries
            counts = self._counted(name)
            self._unwritten[name] = counts[name]
            while len(self._unwritten) > MOST_NAMES:
                self._unwritten.pop(next(iter(self._unwritten)))
        count = counts[name][0]
        if count >= TRIES_TO_LOCK:
            return AccountLocked()
        return SignInRefused(wait_seconds=self._wait(count), tries_left=TRIES_TO_LOCK - count)

    def succeeded(self, login: str) -> None:
        """Forget the wrong ones."""
        if _key(login) in self._read():
            self.unlock(login)

    def locked(self) -> list[str]:
        """Who has to be helped by an owner, by name."""
        return sorted(login for login, (count, _last) in self._read().items() if count >= TRIES_TO_LOCK)

    def unlock(self, *logins: str) -> None:
        """Let these try again."""
        freed = {_key(login) for login in logins}
        for name in freed:
            self._unwritten.pop(name, None)
        with contextlib.suppress(OSError), self._only_one():
            self._write({name: found for name, found in self._read().items() if name not in freed})

    @staticmethod
    def _wait(count: int) -> int:
        return 0 if count < FREE_TRIES else FIRST_WAIT_SECONDS * 2 ** (count - FREE_TRIES)

    def _only_one(self) -> FileLock:
        return FileLock(self.data_dir / f"{_FILE}.lock", mode=0o600)

    def _counted(self, name: str) -> dict[str, tuple[int, float]]:
        """The counts with one more for this name; of too many others the highest stay, and of equal ones the latest."""
        others = self._read()
        count = others.pop(name, (0, 0.0))[0] + 1
        if len(others) >= MOST_NAMES:
            others = dict(sorted(others.items(), key=lambda item: item[1], reverse=True)[: MOST_NAMES - 1])
        return {**others, name: (count, self.now())}

    def _read(self) -> dict[str, tuple[int, float]]:
        return {**self._stored(), **self._unwritten}

    def _stored(self) -> dict[str, tuple[int, float]]:
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            stored = json.loads((self.data_dir / _FILE).read_text("utf-8"))
            return {str(login): (int(count), float(last)) for login, (count, last) in stored.items()}
        return {}

    def _write(self, counts: dict[str, tuple[int, float]]) -> None:
        aside = self.data_dir / f"{_FILE}.{os.getpid()}.new"
        aside.write_text(json.dumps(counts), "utf-8")
        aside.chmod(0o600)
        aside.replace(self.data_dir / _FILE)


def _key(login: str) -> str:
    return login[:_LONGEST_NAME]
