"""What the program says about itself: JSON lines in the data folder, with nothing of a patient in them.

A line keeps only what is known to be harmless: an event named in the code, numbers, identifiers, and a few known keys
with one word each. Everything else is dropped and only its key is named, so that a careless call cannot leak a name.
"""

import contextlib
import contextvars
import datetime as dt
import enum
import logging
import logging.handlers
import re
import secrets
import sys
import traceback
import uuid
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import structlog

MOST_BYTES = 2_000_000
OLD_FILES = 5

# Texts that come from the code or from the machine, never from a form; each has to be one word of this shape.
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/-]{0,79}")
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "event": re.compile(r"[a-z][a-z0-9_]{1,59}"),
    "at": re.compile(r"[0-9T:.+Z-]{20,40}"),
    "correlation": re.compile(r"[0-9A-Za-z-]{1,40}"),
    "reference": re.compile(r"[A-Z0-9]{3}-[A-Z0-9]{3}"),
    "sqlstate": re.compile(r"[0-9A-Z]{5}"),
    "version": re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}"),
    "schema": re.compile(r"[0-9a-z_]{1,60}"),
    **dict.fromkeys(
        ("level", "logger", "error", "constraint", "lane", "page", "use_case", "kind", "reason", "setting", "task"),
        _WORD,
    ),
}
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # read aloud on the telephone: no 0, O, 1, I

_installed: list[logging.Handler] = []
Line = MutableMapping[str, Any]

_correlation: contextvars.ContextVar[str] = contextvars.ContextVar("correlation", default="")


class _File(logging.handlers.RotatingFileHandler):
    """A line that cannot be written, as on a full disk, is lost: printed instead it would show what no log may hold."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


def start_logging(data_dir: Path, program: str = "clinicdesk", level: int = logging.INFO) -> Path:
    """Write from now on to `data_dir`/logs, 2 MB a file and five older ones; gives back the file. Raises OSError."""
    import structlog

    folder = data_dir / "logs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{program}.log"
    lines = _File(path, maxBytes=MOST_BYTES, backupCount=OLD_FILES, encoding="utf-8")
    path.chmod(0o600)
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _foreign_event],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _add_correlation,
                _name_error,
                _keep_harmless,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    _replace_handler(lines, level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return path


def stop_logging() -> None:
    """Close the file; what is logged afterwards goes nowhere."""
    _replace_handler(logging.NullHandler(), logging.WARNING)


def log(name: str) -> "structlog.stdlib.BoundLogger":
    """The log of one module: `log(__name__).info("appointment_moved", appointment_id=…)`."""
    import structlog

    if not structlog.is_configured():
        # Nobody opened a file yet. The library's own default would print every local variable, patients included.
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                _name_error,
                _keep_harmless,
                structlog.processors.JSONRenderer(),
            ],
            logger_factory=structlog.PrintLoggerFactory(sys.stderr),
            cache_logger_on_first_use=False,
        )
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound


@contextlib.contextmanager
def correlated(correlation: str = "") -> Iterator[str]:
    """Mark every line written inside with one id, so that what belongs to one wish of a person can be found."""
    chosen = correlation or secrets.token_hex(6)
    token = _correlation.set(chosen)
    try:
        yield chosen
    finally:
        _correlation.reset(token)


def reference(error: BaseException) -> str:
    """Log a bug and give back the short number a person reads out, such as K7Q-2MX."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(6))
    number = f"{letters[:3]}-{letters[3:]}"
    log(__name__).error("bug", reference=number, exc_info=error)
    return number


def _add_correlation(_logger: object, _method: str, line: Line) -> Line:
    if current := _correlation.get():
        line["correlation"] = current
    return line


def _name_error(_logger: object, _method: str, line: Line) -> Line:
    """Replace an exception by facts, because its message quotes values."""
    given = line.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        line.update(error_facts(error))
    return line


def _foreign_event(_logger: object, _method: str, line: Line) -> Line:
    """A library's own sentence may quote anything: only where it was said is kept."""
    record: logging.LogRecord = line["_record"]
    line.update(event="library_message", logger=record.name, line=record.lineno)
    return line


def error_facts(error: BaseException) -> dict[str, Any]:
    """What may be said of an error anywhere: type, SQLSTATE, constraint, and the calls that led to it."""
    facts: dict[str, Any] = {"error": type(error).__qualname__, "trace": _places(error)}
    database = getattr(error, "orig", None) or error  # SQLAlchemy wraps the driver's error
    if sqlstate := getattr(database, "sqlstate", None):
        facts["sqlstate"] = sqlstate
    if constraint := getattr(getattr(database, "diag", None), "constraint_name", None):
        facts["constraint"] = constraint
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        facts["cause"] = error_facts(cause)
    return facts


def _keep_harmless(_logger: object, _method: str, line: Line) -> Line:
    """Drop from a line whatever is not a number, an identifier or a known text; the keys of the dropped are named."""
    kept: dict[str, Any] = {}
    dropped = []
    for key, value in line.items():
        harmless = _harmless(key, value)
        if harmless is _DROPPED:
            dropped.append(key)
        else:
            kept[key] = harmless
    if dropped:
        kept["dropped"] = _Words(sorted(key for key in dropped if _WORD.fullmatch(key)))
    return kept


def _replace_handler(handler: logging.Handler, level: int) -> None:
    root = logging.getLogger()
    for earlier in _installed:
        root.removeHandler(earlier)
        earlier.close()
    _installed[:] = [handler]
    root.addHandler(handler)
    root.setLevel(level)


_DROPPED = object()


class _Words(list[str]):
    """Words of the code itself, such as the places of a traceback: the one list of texts a line may hold."""


def _places(error: BaseException) -> _Words:
    """The calls that led to the error, outermost first, without the values they were called with."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return _Words(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


def _harmless(key: str, value: object) -> Any:
    match value:
        case None | bool() | float():
            return value
        case enum.Enum():
            return value.name
        case int():
            # Eleven digits are a CPF or a mobile phone, ten a telephone; nothing we count gets there but bytes.
            return value if abs(value) < 10**9 or key.endswith("_bytes") else _DROPPED
        case uuid.UUID() | dt.timedelta():
            return str(value)
        case _Words():
            return value
        case str():
            return _harmless_text(key, value)
        case dict() if key == "cause":
            return {name: kept for name, each in value.items() if (kept := _harmless(name, each)) is not _DROPPED}
    return _DROPPED


def _harmless_text(key: str, value: str) -> Any:
    if key in _SHAPES and _SHAPES[key].fullmatch(value):
        return value
    if key.endswith("_id") or key == "id":
        with contextlib.suppress(ValueError):
            return str(uuid.UUID(value))
    return _DROPPED
