"""Is everything here as it should be? This computer, the way to the clinic's database, and the database itself."""

import contextlib
import os
import platform
import shutil
import stat
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from clinicdesk import __version__
from clinicdesk.errors import ClinicError, NoClinicHere
from clinicdesk.keychain import Keychain
from clinicdesk.settings import Settings
from clinicdesk.storage import metrics, setup
from clinicdesk.storage.engine import transaction
from clinicdesk.storage.health import ServerFacts, look
from clinicdesk.storage.migrate import expected_revision
from clinicdesk.usecases import doctor_server, own_key, snapshot
from clinicdesk.usecases.checks import Check, Fact, State, as_json, worst
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.doctor_database import database_checks
from clinicdesk.usecases.local import Local, moved_to, open_folder
from clinicdesk.usecases.place import server_of
from clinicdesk.words import LANGUAGES, resources

__all__ = ["LITTLE_ROOM", "NO_ROOM", "Check", "Fact", "State", "as_json", "examine", "worst"]

LITTLE_ROOM, NO_ROOM = 2 * 1024**3, 200 * 1024**2
OLD_SNAPSHOT = 2 * 24 * 3600  # seconds; what is kept for the time without a server serves today and tomorrow
FONTS = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf")


def examine(data_dir: Path, settings: Settings, clinic: Clinic | None = None) -> list[Check]:
    """Look at this computer and at the clinic it works for; never makes a clinic where there is none.

    With `clinic` somebody is signed in, and at a clinic server more can be asked; without, it is said what cannot.
    """
    server = server_of(settings)
    checks = [_versions(), _folder(data_dir), _disk(data_dir), _keyring(data_dir), _fonts(), _translations()]
    if server is not None:
        return [*checks, *_kept_here(data_dir), *doctor_server.examine(data_dir, server, clinic)]
    moved = moved_to(data_dir)
    if moved is not None:
        return [*checks, Check("place", State.WARNING, {"kind": "moved", "server": moved.host}, error=moved)]
    with ExitStack() as closing:
        try:
            local = closing.enter_context(open_folder(data_dir, settings.postgres_binaries, must_exist=True))
            if not local.has_clinic():
                raise NoClinicHere(folder=str(data_dir))
            found = look(local.admin, local.database)
        except ClinicError as error:
            state = State.WARNING if isinstance(error, NoClinicHere) else State.FAILED
            facts: dict[str, Fact] = {"kind": "embedded", "data_folder": str(data_dir), "error": type(error).__name__}
            return [*checks, Check("database", state, facts, error=error)]
        return [*checks, *_database(local, found)]


# --- this computer ---------------------------------------------------------------------------------------------------


def _versions() -> Check:
    return Check(
        "versions",
        State.OK,
        {
            "clinicdesk": __version__,
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}, {platform.release()}",
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


def _kept_here(data_dir: Path) -> list[Check]:
    """What is kept sealed for the time when the server is gone: whose, and how old."""
    ages = []
    for folder in own_key.folders(data_dir):
        with contextlib.suppress(OSError):
            ages.append(time.time() - own_key.sealed_path(folder, snapshot.KIND).stat().st_mtime)
    if not ages:
        return [Check("kept_here", State.OK, {"people": 0})]
    oldest = int(max(ages))
    state, advice = (State.WARNING, "kept_long_ago") if min(ages) > OLD_SNAPSHOT else (State.OK, "")
    return [Check("kept_here", state, {"people": len(ages), "oldest_hours": oldest // 3600}, advice)]


# --- the database ----------------------------------------------------------------------------------------------------


def _database(local: Local, found: ServerFacts) -> list[Check]:
    facts: dict[str, Fact] = {
        "kind": "embedded",
        "server_version": found.server_version,
        "address": f"{local.address['host']}:{local.address['port']}",
        "name": local.database,
        "data_folder": str(local.data_dir),
        "programs": str(local.cluster.binaries_folder),
        "schema_revision": found.revision,
        "bytes": found.bytes_used,
    }
    return [
        Check("place", State.OK, {"kind": "this_computer"}),
        Check("database", State.OK, facts),
        *database_checks(found),
        Check("isolation", State.OK, {"one_computer": True}, "one_computer"),
        *_metrics(local, found),
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
