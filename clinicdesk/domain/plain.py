"""Values of the domain as plain JSON and back, each by its declared type, so that what is kept comes back as it was."""

import dataclasses
import datetime as dt
import enum
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

Value = TypeVar("Value")

_NOTHING = type(None)
_AS_THEY_ARE = (str, int, float, bool)
_TEXTS: dict[type, Callable[[str], object]] = {
    UUID: UUID,
    Decimal: Decimal,
    ZoneInfo: ZoneInfo,
    dt.datetime: dt.datetime.fromisoformat,
    dt.date: dt.date.fromisoformat,
    dt.time: dt.time.fromisoformat,
}


def to_plain(value: object) -> Any:
    """`value` as what JSON holds. Raises TypeError for what `from_plain` could not read."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)  # a StrEnum too
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _fields(type(value))}
    if isinstance(value, Mapping):
        return [[to_plain(key), to_plain(one)] for key, one in value.items()]
    if isinstance(value, tuple | list | frozenset):
        return [to_plain(one) for one in value]
    return _text_of(value)


def from_plain(wanted: type[Value], plain: Any) -> Value:
    """The value of the type `wanted` that `to_plain` made `plain` of. Raises ValueError for anything else."""
    try:
        found: Value = _reader(typing.cast(Hashable, wanted))(plain)
    except (TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise ValueError(type(error).__name__) from error
    return found


def _text_of(value: object) -> str:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, ZoneInfo):
        return value.key
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@lru_cache(maxsize=256)
def _reader(wanted: Any) -> Callable[[Any], Any]:
    """What reads a value of one type; made once for each type, because a day holds hundreds of them."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (types.UnionType, typing.Union):
        return _choice(arguments)
    if origin is tuple:
        return _tuple_of(arguments)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        key, one = _reader(arguments[0]), _reader(arguments[1])
        return lambda plain: {key(each[0]): one(each[1]) for each in plain}
    if origin is not None and isinstance(origin, type):  # Sequence, list
        single = _reader(arguments[0])
        return lambda plain: tuple(single(each) for each in plain)
    if dataclasses.is_dataclass(wanted):
        return _record_of(wanted)
    if wanted in _TEXTS:
        return _TEXTS[wanted]
    if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
        return wanted
    if wanted in _AS_THEY_ARE:
        return lambda plain: _exactly(wanted, plain)
    raise TypeError(str(wanted))


def _record_of(wanted: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(wanted)
    readers: dict[str, Callable[[Any], Any]] = {}

    def read(plain: Any) -> Any:
        # Not before the first value: a type may hold others of its own kind.
        if not readers:
            readers.update({name: _reader(hints[name]) for name in _fields(wanted)})
        if plain.keys() != readers.keys():
            raise ValueError(wanted.__name__)
        return wanted(**{name: reader(plain[name]) for name, reader in readers.items()})

    return read


def _tuple_of(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        one = _reader(arguments[0])
        return lambda plain: tuple(one(each) for each in plain)
    readers = [_reader(each) for each in arguments]
    return lambda plain: tuple(reader(each) for reader, each in zip(readers, plain, strict=True))


def _choice(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    """The first of the types that can read it; None is itself alone."""
    readers = [_reader(each) for each in arguments if each is not _NOTHING]
    optional = _NOTHING in arguments

    def read(plain: Any) -> Any:
        if plain is None and optional:
            return None
        for reader in readers:
            try:
                return reader(plain)
            except (ValueError, TypeError, KeyError, AttributeError):
                continue
        raise ValueError("union")

    return read


def _exactly(wanted: type, plain: Any) -> Any:
    # type() and not isinstance(), because True is an int as well.
    if type(plain) is wanted or (wanted is float and type(plain) is int):
        return plain
    raise ValueError(wanted.__name__)
