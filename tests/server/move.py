"""A clinic full of people from one computer to a server of another PostgreSQL, over TLS, with everybody's password."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from clinicdesk import settings
from clinicdesk.domain.desks import ServerAddress, read_code
from clinicdesk.errors import ClinicMoved
from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases import desks, moving, patients, staff
from clinicdesk.usecases.demo import DATABASE as DEMO
from clinicdesk.usecases.demo import open_demo
from clinicdesk.usecases.local import Local
from clinicdesk.usecases.moving import MoveProgress
from clinicdesk.usecases.place import open_place
from clinicdesk.usecases.setup import DATABASE as CLINIC
from tests.server.journey import Figures
from tests.server.lan import Lan, entered
from tests.server.root import DATABASE, SERVER, ServerRoot

ADDRESS = ServerAddress(SERVER, 5432, DATABASE)


def run(patients_wanted: str = "3000", visits: str = "", kept: str = "") -> int:
    """Make the demo (or take the one in the folder `kept`), give it to a clinic, move it and sign in there."""
    figures = Figures()
    with (
        tempfile.TemporaryDirectory(prefix="move-", dir="/var/tmp") as folder,
        Lan("move") as lan,
        ServerRoot.at(Path(folder) / "root") as root,
    ):
        Path(folder).chmod(0o711)
        server, desk = lan.join("server", SERVER), lan.join("desk", "10.77.0.11")
        data_dir = Path(kept) if kept else Path(folder) / "data"
        with Cluster.open(data_dir) as cluster:
            demo = open_demo(
                cluster, data_dir, patients=int(patients_wanted), appointments=int(visits) if visits else None
            )
            passwords = {one.login: one.password for one in demo.people}
            as_a_clinic(cluster.admin_conninfo())
            root.set_up(server)
            with root.running(server):
                move_clinic(figures, Local(data_dir, cluster), root.code(), desk)
                _look(figures, data_dir, passwords, desk)
                print(root.run(["clinicdesk-server", "--language", "en", "check"], check=False).stdout)
    return 0 if figures.good else 1


def as_a_clinic(admin: Mapping[str, str]) -> None:
    """The demo under the name of a clinic of this computer, with its people's logins."""
    with psycopg.connect(**dict[str, Any](admin), autocommit=True) as server:
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(DEMO), sql.Identifier(CLINIC)))
        found = server.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [f"{DEMO}_"]).fetchall()
        for (login,) in found:
            named = f"{CLINIC}{login.removeprefix(DEMO)}"
            server.execute(sql.SQL("ALTER ROLE {} RENAME TO {}").format(sql.Identifier(login), sql.Identifier(named)))


def move_clinic(figures: Figures, local: Local, code: str, desk: str) -> None:
    found = moving.ready(local)
    print(f"{found.patients} patients, {found.visits} visits, {found.bytes_here // 1024**2} MB")
    spent: dict[str, float] = {}
    last = time.monotonic()

    def told(step: MoveProgress) -> None:
        nonlocal last
        now = time.monotonic()
        spent[step.table] = spent.get(step.table, 0) + now - last
        last = now

    with entered(desk):
        enrolled = figures.timed(
            "enrolled by the founder's code",
            lambda: desks.enrol(local.data_dir, ADDRESS, read_code(code), "Recepção"),
            10,
        )
        kept = settings.load(local.data_dir)
        began = time.monotonic()
        done, _there = moving.move(local, enrolled, kept, told)
    seconds, rows = time.monotonic() - began, sum(done.rows.values())
    figures.say(f"{rows} rows moved and compared, {rows / seconds:.0f} a second", seconds)
    for name, each in sorted(spent.items(), key=lambda one: -one[1])[:6]:
        print(f"    {name}: {done.rows[name]} rows, {each:.1f} s")


def _look(figures: Figures, data_dir: Path, passwords: Mapping[str, str], desk: str) -> None:
    place = open_place(data_dir, settings.load(data_dir))
    figures.check("the desk works at the server", place.is_server)
    for login, password in passwords.items():
        with entered(desk):
            signed_in = staff.sign_in(place.address, login, password, "Recepção")
            found = patients.search(signed_in.clinic, "maria")
            opened = sum(bool(patients.masked_cpf(signed_in.clinic, one.id)) for one in found[:20])
            signed_in.clinic.close()
        figures.check(f"{login} signed in with the old password, opened {opened} CPFs", opened > 0)
    try:
        open_place(data_dir, settings.Settings())
        figures.check("the clinic here is closed", False)
    except ClinicMoved:
        figures.check("the clinic here is closed", True)
