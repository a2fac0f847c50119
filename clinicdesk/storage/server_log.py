"""What a clinic's server wrote into its log about sign-ins, each line read once, over rotations and restarts.

The log is read as JSON. Only what the server says while it lets somebody in or turns them away is heeded: whoever is
signed in can write other lines into it.
"""

import contextlib
import ipaddress
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

LONGEST_READING = 4 * 1024 * 1024
MOST_ATTEMPTS = 500
_WRONG_PASSWORD = "28P01"


@dataclass(frozen=True)
class Attempt:
    """Somebody gave an account's password, right or wrong."""

    account: str
    refused: bool
    address: str | None


@dataclass(frozen=True)
class Position:
    """How far each file was read: by name, its inode and the bytes of it that are done."""

    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, list[int]]:
        """The position as JSON has it."""
        return {name: list(place) for name, place in self.files.items()}


def position_from(stored: object) -> Position | None:
    """A position out of JSON; None for what is none."""
    if not isinstance(stored, dict):
        return None
    files = {
        name: (place[0], place[1])
        for name, place in stored.items()
        if isinstance(place, list) and len(place) == 2 and all(type(one) is int and one >= 0 for one in place)
    }
    return Position(files) if len(files) == len(stored) else None


def end_of(folder: Path) -> Position:
    """The position behind everything written until now."""
    return Position({path.name: (there.st_ino, there.st_size) for path, there in _files(folder)})


def read_on(folder: Path, position: Position, most: int = MOST_ATTEMPTS) -> tuple[list[Attempt], Position]:
    """What was written since, oldest file first, and the position behind it; a line without its end waits.

    Not more than about `most` attempts at once. Files that are gone are forgotten. Raises OSError.
    """
    attempts: list[Attempt] = []
    reached: dict[str, tuple[int, int]] = {}
    for path, there in _files(folder):
        inode, done = position.files.get(path.name, (there.st_ino, 0))
        if inode != there.st_ino or done > there.st_size:  # another file under that name, or one begun anew
            done = 0
        if done < there.st_size and len(attempts) < most:
            done = _read_file(path, done, most, attempts)
        reached[path.name] = (there.st_ino, done)
    return attempts, Position(reached)


def attempt_in(line: bytes) -> Attempt | None:
    """The attempt a line of the log tells of; None for every other line, and for what is no line."""
    try:
        said = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    # Words that a statement puts into the log carry that statement's name here.
    if not isinstance(said, dict) or said.get("ps") != "authentication" or said.get("backend_type") != "client backend":
        return None
    account, address = said.get("user"), said.get("remote_host")
    if not isinstance(account, str) or not _is_text(account):
        return None
    refused = said.get("error_severity") == "FATAL" and said.get("state_code") == _WRONG_PASSWORD
    let_in = said.get("error_severity") == "LOG" and str(said.get("message", "")).startswith("connection authorized: ")
    if not (refused or let_in):
        return None
    return Attempt(account, refused, _address(address))


def remove_old(folder: Path, before: float) -> int:
    """Remove files last written before that moment (seconds since 1970); how many there were."""
    removed = 0
    for path in (*folder.glob("*.json"), *folder.glob("*.log")):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _is_text(account: str) -> bool:
    """Whether the database can be told it: a name is whatever bytes somebody sent."""
    with contextlib.suppress(UnicodeEncodeError):
        return account.encode() != b"" and "\0" not in account
    return False


def _address(told: object) -> str | None:
    """The address without the network it counts in, which the database's type has no place for."""
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address(str(told).partition("%")[0]))
    return None


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    found = [(path, path.stat()) for path in folder.glob("*.json")]
    return iter(sorted(found, key=lambda one: (one[1].st_mtime_ns, one[0].name)))


def _read_file(path: Path, done: int, most: int, attempts: list[Attempt]) -> int:
    with path.open("rb") as file:
        file.seek(done)
        block = file.read(LONGEST_READING)
    whole = block.rfind(b"\n") + 1
    if not whole:
        # No line is that long: what does not end within it is not the server's.
        return done + len(block) if len(block) == LONGEST_READING else done
    for line in block[:whole].splitlines(keepends=True):
        done += len(line)
        if found := attempt_in(line):
            attempts.append(found)
            if len(attempts) >= most:
                break
    return done
