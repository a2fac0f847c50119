"""The data folder of this computer: its server, the database in it, and the owner who needs no password.

Whoever owns the folder owns the clinic (the administrator's password lies in it), so the command line may act as the
owner there. It does so under the owner's own login, for the audit's sake, but without the keys: those only open with a
password.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from clinicdesk.errors import ClinicMoved, NoClinicHere
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import setup as setup_rows
from clinicdesk.storage import staff as staff_rows
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.engine import check_server, transaction
from clinicdesk.storage.ownership import engine_of_owner, first_owner
from clinicdesk.usecases import demo
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.setup import DATABASE, has_clinic
from clinicdesk.usecases.staff import SignedIn, sign_in

MOVED_FILE = "moved.json"
_SECRETS = ("user", "password")


@dataclass(frozen=True)
class Local:
    """A data folder with its server running; `close` lets go of it."""

    data_dir: Path
    cluster: Cluster
    database: str = DATABASE

    @property
    def admin(self) -> dict[str, str]:
        """How the folder's owner reaches the server, at the database `postgres`."""
        return self.cluster.admin_conninfo()

    @property
    def address(self) -> dict[str, str]:
        """How a person reaches the clinic's database, without user and password."""
        conninfo = self.cluster.conninfo(self.database, "", "")
        return {name: value for name, value in conninfo.items() if name not in _SECRETS}

    @property
    def is_demo(self) -> bool:
        """Whether what is opened here is the demo clinic."""
        return self.database == demo.DATABASE

    def has_clinic(self) -> bool:
        """Whether a clinic was made here; one whose making was cut short is none."""
        return has_clinic(self.admin, self.database)

    def owner_login(self) -> str:
        """The login name of the owner. Raises NoClinicHere when there is none."""
        login = first_owner(self.admin, self.database) if self.has_clinic() else ""
        if not login:
            raise NoClinicHere(folder=str(self.data_dir))
        return login

    def close(self) -> None:
        """Let go of the server; the last one out stops it."""
        self.cluster.close()

    def __enter__(self) -> "Local":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def open_folder(data_dir: Path, binaries: Path | None = None, *, must_exist: bool = False) -> Local:
    """Start or join the server of a data folder; `must_exist` refuses to make one, by NoClinicHere.

    A folder that holds the demo and no clinic of its own is opened as the demo. Raises DataFolderUnusable,
    BinariesMissing or ServerNotStarting.
    """
    if must_exist and not has_server(data_dir):
        raise NoClinicHere(folder=str(data_dir))
    cluster = Cluster.open(data_dir, binaries)
    try:
        names = (DATABASE, demo.DATABASE)
        found = next((name for name in names if setup_rows.has_database(cluster.admin_conninfo(), name)), DATABASE)
    except BaseException:
        cluster.close()
        raise
    return Local(data_dir, cluster, found)


def moved_to(data_dir: Path) -> ClinicMoved | None:
    """Where the clinic of this folder went, when it was moved to a server; None while it is here."""
    try:
        kept = json.loads((data_dir / MOVED_FILE).read_text(encoding="utf-8"))
        return ClinicMoved(str(kept["host"]), bool(kept["sure"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        # Something was written there, and two clinics that people write to are worse than one that is asked about.
        return ClinicMoved("", sure=False)


def has_server(data_dir: Path) -> bool:
    """Whether a server was ever made in this folder; makes nothing."""
    return (data_dir / "postgres-admin").exists()


def act_as_owner(local: Local, desk: str) -> SignedIn:
    """The owner at work without a password, as the account that owns the folder may; without keys, but in the demo.

    Raises NoClinicHere, ServerUnsafe, SchemaOlder or SchemaNewer.
    """
    login = local.owner_login()
    if local.is_demo:
        passwords = {one.login: one.password for one in demo.open_demo(local.cluster, local.data_dir).people}
        if login in passwords:
            return sign_in(local.address, login, passwords[login], desk)
    version = check_server(local.cluster.admin_conninfo(local.database))
    engine = engine_of_owner(local.admin, local.database, login, desk)
    try:
        with transaction(engine) as tx:
            person = staff_rows.me(tx)
            if person is None:
                raise NoClinicHere(folder=str(local.data_dir))
            theirs = tuple(one for one in clinic_rows.clinics(tx) if one.id in person.clinic_ids)
    except BaseException:
        engine.dispose()
        raise
    if not theirs:
        engine.dispose()
        raise NoClinicHere(folder=str(local.data_dir))
    clinic = Clinic(engine, local.cluster.admin_conninfo(local.database), person, theirs[0].id, desk, None)
    return SignedIn(clinic, theirs, version)
