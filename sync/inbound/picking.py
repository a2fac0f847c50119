"""Picking values out of what a provider sent, where anything may be missing, of another type, or far too long."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from clinicdesk.domain.told import LONGEST_BODY, StatusTold, Told, Unreadable, Written

LONGEST_ID = 320
LONGEST_NAME = 200
LONGEST_PAYLOAD = 500
_EARLIEST = dt.datetime(2009, 1, 1, tzinfo=dt.UTC)  # before it there was no WhatsApp
_AHEAD = dt.timedelta(minutes=5)


class Broken(Exception):
    """An entry lacks what it cannot do without."""


def words(value: object, most: int = LONGEST_BODY) -> str:
    """A text as it can be kept: no half characters and no NUL, cut where it is too long. Empty for what is no text."""
    if not isinstance(value, str):
        return ""
    return value[:most].replace("\0", "").encode("utf-8", "ignore").decode()


def number_words(value: object) -> str:
    """A code that one provider writes as a number and another as a text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else words(value, 40)


def an_id(value: object) -> str:
    """An id, whole. Raises Broken for none, or for one that nobody gives."""
    found = number_words(value) if isinstance(value, int) else words(value, LONGEST_ID + 1)
    if not found or len(found) > LONGEST_ID:
        raise Broken
    return found


def a_map(value: object) -> Mapping[str, Any]:
    """An object. Raises Broken for anything else."""
    if not isinstance(value, dict):
        raise Broken
    return value


def maybe_map(value: object) -> Mapping[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def a_list(value: object) -> list[Any]:
    """A list; one that is missing is empty. Raises Broken for anything else."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Broken
    return value


def digits(value: object) -> str:
    """The digits of a telephone number; empty for what is none."""
    found = re.sub(r"[\s().+-]", "", number_words(value))
    return found if re.fullmatch(r"[0-9]{8,15}", found) else ""


def moment(value: object, received_at: dt.datetime, per_second: int = 1) -> dt.datetime:
    """When something happened, as told in seconds or parts of them.

    A clock that is wrong counts as little as none: then it is when we heard of it.
    """
    try:
        told = dt.datetime.fromtimestamp(int(str(value)) / per_second, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return received_at
    return told if _EARLIEST <= told <= received_at + _AHEAD else received_at


def written_moment(value: object, received_at: dt.datetime) -> dt.datetime:
    """The same for a time that was written out (ISO 8601), or told in seconds."""
    try:
        told = dt.datetime.fromisoformat(words(value, 40))
    except ValueError:
        return moment(value, received_at)
    aware = told if told.tzinfo else told.replace(tzinfo=dt.UTC)
    return aware if _EARLIEST <= aware <= received_at + _AHEAD else received_at


def a_uuid(value: object) -> UUID | None:
    """An id of ours that comes back; None for anything else."""
    try:
        return UUID(words(value, 60))
    except ValueError:
        return None


def a_count(value: object, most: int = 2_000_000_000) -> int:
    """A number of bytes or seconds; 0 for what is none."""
    try:
        return min(max(int(str(value)), 0), most)
    except ValueError:
        return 0


def each(entries: Iterable[object], read: Callable[[Any], Iterable[Written | StatusTold]]) -> list[Told]:
    """What every entry says; one that is broken says so, and the others count."""
    told: list[Told] = []
    for entry in entries:
        try:
            told.extend(read(entry))
        except Broken:
            told.append(Unreadable("broken_entry"))
    return told
