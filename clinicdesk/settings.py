"""This machine's settings: one frozen value, read once at the start, kept as JSON in the data folder.

Nothing about a patient and no secret belongs here; secrets are in the keychain, the clinic's rules in its database.
"""

import dataclasses
import json
import os
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from clinicdesk.words import DEFAULT_LANGUAGE, LANGUAGES

VERSION = 1
FILE_NAME = "settings.json"
DATA_DIR_VARIABLE = "CLINICDESK_DATA_DIR"
LEAST_IDLE_MINUTES, MOST_IDLE_MINUTES = 1, 15
MOST_LAST_PEOPLE = 8
POSTGRES_PORT = 5432
TEXT_SCALES = (100, 110, 125, 150)

Theme = Literal["light", "dark", "system"]
Density = Literal["comfortable", "compact", "wide"]


@dataclass(frozen=True)
class RememberedPerson:
    """Somebody who signed in here: what a tile of the sign-in shows, and nothing of the clinic."""

    login: str
    name: str
    role: str
    hue: int = 200
    last_used: str = ""  # when, in UTC as ISO 8601 writes it; empty when nobody noted it


@dataclass(frozen=True)
class Settings:
    """What this desk remembers. Every field has a safe value, so that a first start needs no file."""

    language: str = DEFAULT_LANGUAGE
    theme: Theme = "system"
    density: Density = "comfortable"
    text_scale: int = 100  # percent
    high_contrast: bool = False
    reduced_motion: bool = False
    single_letter_keys: bool = True
    postgres_binaries: Path | None = None
    idle_lock_minutes: int = 5
    desk_name: str = ""
    server_host: str = ""  # empty: the clinic's data are on this computer
    server_port: int = POSTGRES_PORT
    server_database: str = "clinicdesk"
    last_people: tuple[RememberedPerson, ...] = ()  # the latest first
    window_geometry: str = ""  # as the desk encodes it
    call_screen: str = ""  # the monitor that shows the waiting room's calls; empty when it was closed
    call_sound: bool = False

    def with_person(self, person: RememberedPerson) -> "Settings":
        """The settings after `person` has signed in at this desk."""
        others = tuple(other for other in self.last_people if other.login != person.login)
        return dataclasses.replace(self, last_people=(person, *others)[:MOST_LAST_PEOPLE])

    def without_person(self, login: str) -> "Settings":
        """The settings once this desk has forgotten somebody."""
        return dataclasses.replace(self, last_people=tuple(one for one in self.last_people if one.login != login))


def default_data_dir() -> Path:
    """The folder of this machine's data: CLINICDESK_DATA_DIR, else where the operating system keeps such things."""
    if wanted := os.environ.get(DATA_DIR_VARIABLE, "").strip():
        return Path(wanted).expanduser()
    if os.name == "posix" and os.geteuid() == 0:
        # Root's home is closed to the account that runs the database there.
        return Path("/var/lib/clinicdesk")
    import platformdirs

    return platformdirs.user_data_path("clinicdesk", appauthor=False)


def make_data_dir(data_dir: Path) -> None:
    """Make the data folder where it is missing: closed to others, but under root the server walks through."""
    under_root = os.name == "posix" and os.geteuid() == 0
    data_dir.mkdir(mode=0o711 if under_root else 0o700, parents=True, exist_ok=True)


def load(data_dir: Path) -> Settings:
    """The settings kept in `data_dir`. A missing or damaged file, or a value that makes no sense, gives the default.

    A file of a newer release is read for what it shares with this one; `save` then keeps it aside.
    """
    stored = _upgraded(_read(data_dir / FILE_NAME))
    hints = typing.get_type_hints(Settings)
    values = {name: _value(wanted, stored[name]) for name, wanted in hints.items() if name in stored}
    return _within_limits(Settings(**{name: value for name, value in values.items() if value is not _NONSENSE}))


def save(data_dir: Path, settings: Settings) -> None:
    """Keep `settings` in `data_dir`, all of them or, after a crash, what was there before. Raises OSError."""
    make_data_dir(data_dir)
    path = data_dir / FILE_NAME
    found = _read(path).get("version")
    if isinstance(found, int) and found > VERSION:
        aside = path.with_name(f"settings.version-{found}.json")
        if not aside.exists():
            path.rename(aside)
    _write_whole(path, json.dumps(_as_json(settings), ensure_ascii=False, indent=2) + "\n")


# From a version to the next one; a new version adds its step here and a sample of its file to the tests.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

_NONSENSE = object()


def _upgraded(stored: dict[str, Any]) -> dict[str, Any]:
    version = stored.get("version")
    if not isinstance(version, int):
        return {}
    for step in range(version, VERSION):
        stored = UPGRADES[step](stored)
    return stored


def _read(path: Path) -> dict[str, Any]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _as_json(settings: Settings) -> dict[str, Any]:
    values = dataclasses.asdict(settings)
    return {"version": VERSION} | {name: str(v) if isinstance(v, Path) else v for name, v in values.items()}


def _value(wanted: Any, given: object) -> Any:
    """`given`, out of JSON, as the type a field wants; _NONSENSE when it is none."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is Literal:
        return given if given in arguments else _NONSENSE
    if origin is tuple:
        return _people(given) if isinstance(given, list) else _NONSENSE
    if origin is types.UnionType:  # Path | None
        if given is None:
            return None
        return Path(given) if isinstance(given, str) and given else _NONSENSE
    # type() and not isinstance(), because True is an int as well.
    return given if type(given) is wanted else _NONSENSE


def _people(given: list[object]) -> tuple[RememberedPerson, ...]:
    """The remembered people that make sense; the others are forgotten."""
    fields = dataclasses.fields(RememberedPerson)
    kinds = {field.name: field.type for field in fields}
    needed = {field.name for field in fields if field.default is dataclasses.MISSING}
    return tuple(
        RememberedPerson(**one)
        for one in given
        if isinstance(one, dict)
        and needed <= one.keys() <= kinds.keys()
        and all(type(value) is kinds[name] for name, value in one.items())
    )


def _within_limits(settings: Settings) -> Settings:
    return dataclasses.replace(
        settings,
        language=settings.language if settings.language in LANGUAGES else DEFAULT_LANGUAGE,
        text_scale=settings.text_scale if settings.text_scale in TEXT_SCALES else TEXT_SCALES[0],
        idle_lock_minutes=min(max(settings.idle_lock_minutes, LEAST_IDLE_MINUTES), MOST_IDLE_MINUTES),
        server_port=settings.server_port if 0 < settings.server_port < 65536 else POSTGRES_PORT,
        last_people=settings.last_people[:MOST_LAST_PEOPLE],
    )


def _write_whole(path: Path, text: str) -> None:
    """Write aside, to the disk, then rename: a reader sees the old text or the new one."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with aside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
