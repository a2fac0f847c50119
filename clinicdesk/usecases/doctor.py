"""Is everything here as it should be? Checks as values, worded elsewhere and stable for scripts."""

import datetime as dt
import os
import platform
import shutil
import stat
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from clinicdesk import __version__
from clinicdesk.errors import ClinicError, NoClinicHere
from clinicdesk.keychain import Keychain
from clinicdesk.storage import metrics, setup
from clinicdesk.storage.engine import transaction
from clinicdesk.storage.health import ServerFacts, look
from clinicdesk.storage.migrate import EXTENSIONS, expected_revision
from clinicdesk.usecases.local import Local, open_folder
from clinicdesk.words import LANGUAGES, resources

LITTLE_ROOM, NO_ROOM = 2 * 1024**3, 200 * 1024**2
CLOCK_SECONDS = 30
FONTS = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf")


class State(StrEnum):
    """How a check went."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


Fact = str | int | bool | tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """One thing looked at. `advice` is a key of what to do or know (empty: nothing); `error` a fact that has words."""

    name: str
    state: State
    facts: Mapping[str, Fact] = field(default_factory=dict)
    advice: str = ""
    error: ClinicError | None = None


def examine(data_dir: Path, binaries: Path | None = None) -> list[Check]:
    """Look at this computer, the data folder and the database in it; never makes a clinic where there is none."""
    checks = [_versions(), _folder(data_dir), _disk(data_dir), _keyring(data_dir), _fonts(), _translations()]
    with ExitStack() as closing:
        try:
            local = closing.enter_context(open_folder(data_dir, binaries, must_exist=True))
            if not local.has_clinic():
                raise NoClinicHere(folder=str(data_dir))
            server = look(local.admin, local.database)
        except ClinicError as error:
            state = State.WARNING if isinstance(error, NoClinicHere) else State.FAILED
            facts: dict[str, Fact] = {"kind": "embedded", "data_folder": str(data_dir), "error": type(error).__name__}
            return [*checks, Check("database", state, facts, error=error)]
        return [*checks, *_database(local, server)]


def worst(checks: list[Check]) -> State:
    """The gravest state among the checks."""
    order = list(State)
    return max((check.state for check in checks), key=order.index, default=State.OK)


def as_json(checks: list[Check]) -> dict[str, object]:
    """The checks for scripts: names, states, facts and advice keys stay the same from release to release."""
    return {
        "format": 1,
        "state": worst(checks).value,
        "checks": [
            {"name": one.name, "state": one.state.value, "advice": one.advice, "facts": dict(one.facts)}
            for one in checks
        ],
    }


# --- this computer ---------------------------------------------------------------------------------------------------


def _versions() -> Check:
    return Check(
        "versions",
        State.OK,
        {
            "clinicdesk": __version__,
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        },
    )


def _folder(data_dir: Path) -> Check:
    facts: dict[str, Fact] = {"path": str(data_dir), "exists": data_dir.is_dir()}
    if not data_dir.is_dir():
        return Check("data_folder", State.OK if not data_dir.exists() else State.FAILED, facts)
    mode = stat.S_IMODE(data_dir.stat().st_mode)
    facts["mode"] = f"{mode:04o}"
    try:
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError:
        return Check("data_folder", State.FAILED, facts, "folder_read_only")
    # Under root the server's account walks through the folder, so others may enter it without reading.
    allowed = 0o711 if os.name == "posix" and os.geteuid() == 0 else 0o700
    if os.name == "posix" and mode & ~allowed:
        return Check("data_folder", State.WARNING, facts, "folder_open_to_others")
    return Check("data_folder", State.OK, facts)


def _disk(data_dir: Path) -> Check:
    place = next((one for one in (data_dir, *data_dir.parents) if one.is_dir()), Path.cwd())
    free = shutil.disk_usage(place).free
    state = State.FAILED if free < NO_ROOM else State.WARNING if free < LITTLE_ROOM else State.OK
    return Check("disk", state, {"free_bytes": free}, "" if state is State.OK else "disk_nearly_full")


def _keyring(data_dir: Path) -> Check:
    where = Keychain(data_dir).where()
    return Check("keyring", State.OK, {"secrets_kept_in": where}, "" if where == "keyring" else "kept_without_keyring")


def _fonts() -> Check:
    missing = tuple(name for name in FONTS if not (resources() / "fonts" / name).is_file())
    state = State.FAILED if missing else State.OK
    return Check("fonts", state, {"missing": missing}, "install_again" if missing else "")


def _translations() -> Check:
    folder = resources() / "translations"
    wanted = [name for name in LANGUAGES if name != "en"]
    missing = tuple(name for name in wanted if not any((folder / f"{name}.{kind}").is_file() for kind in ("po", "mo")))
    state = State.FAILED if missing else State.OK
    return Check("translations", state, {"missing": missing}, "install_again" if missing else "")


# --- the database ----------------------------------------------------------------------------------------------------


def _database(local: Local, server: ServerFacts) -> list[Check]:
    return [
        Check(
            "database",
            State.OK,
            {
                "kind": "embedded",
                "server_version": server.server_version,
                "address": f"{local.address['host']}:{local.address['port']}",
                "name": local.database,
                "data_folder": str(local.data_dir),
                "programs": str(local.cluster.binaries_folder),
                "schema_revision": server.revision,
                "bytes": server.bytes_used,
            },
        ),
        _schema(server),
        Check(
            "durability",
            State.FAILED if server.unsafe else State.OK,
            dict(server.settings),
            "durability_off" if server.unsafe else "",
        ),
        Check(
            "extensions",
            State.FAILED if server.missing_extensions else State.OK,
            {name: server.extensions.get(name, "") for name in EXTENSIONS},
            "extensions_missing" if server.missing_extensions else "",
        ),
        Check(
            "owner",
            State.OK if server.active_owners else State.FAILED,
            {"active_owners": server.active_owners},
            "" if server.active_owners else "no_owner",
        ),
        Check("isolation", State.OK, {"one_computer": True}, "one_computer"),
        *_metrics(local, server),
        _clock(server),
    ]


def _metrics(local: Local, server: ServerFacts) -> list[Check]:
    """Count what patients' visits add up to once more, and put right what is not so; nothing in another schema."""
    if server.revision != expected_revision():
        return []
    engine = setup.admin_engine(local.admin, local.database)
    try:
        with transaction(engine) as tx:
            wrong = metrics.recount(tx)
    except ClinicError as error:
        return [Check("metrics", State.FAILED, {"error": type(error).__name__}, error=error)]
    finally:
        engine.dispose()
    state, advice = (State.WARNING, "metrics_put_right") if wrong else (State.OK, "")
    return [Check("metrics", state, {"put_right": wrong}, advice)]


def _schema(server: ServerFacts) -> Check:
    facts: dict[str, Fact] = {"found": server.revision, "expected": expected_revision()}
    return Check("schema", State.FAILED if server.schema_error else State.OK, facts, error=server.schema_error)


def _clock(server: ServerFacts) -> Check:
    apart = abs(int((dt.datetime.now(dt.UTC) - server.clock).total_seconds()))
    state = State.OK if apart <= CLOCK_SECONDS else State.WARNING
    facts: dict[str, Fact] = {"seconds_apart": apart, "server": server.clock.isoformat(timespec="seconds")}
    return Check("clock", state, facts, "" if state is State.OK else "clocks_apart")
