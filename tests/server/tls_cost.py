"""What encryption costs the day at a desk: one question over the same wire, with TLS and (opened for it) without."""

import datetime as dt
import itertools
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from clinicdesk import settings
from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases import agenda, staff
from clinicdesk.usecases.agenda import AgendaPage, Catalogue
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.demo import open_demo
from clinicdesk.usecases.local import Local
from clinicdesk.usecases.place import open_place
from clinicdesk.usecases.staff import SignedIn
from tests.server.figures import Figures
from tests.server.lan import Lan, entered
from tests.server.move import as_a_clinic, move_clinic
from tests.server.root import SERVER, ServerRoot

MOST_PERCENT = 20.0
ROUNDS = 300
_things: dict[Clinic, Catalogue] = {}
_PLAIN = {"sslmode": "disable", "channel_binding": "disable", "sslcertmode": "disable"}


def run(patients: str = "1500", visits: str = "6000") -> int:
    """Measure; 0 when encryption costs a fifth at most."""
    figures = Figures()
    with (
        tempfile.TemporaryDirectory(prefix="tls-", dir="/var/tmp") as folder,
        Lan("tls") as lan,
        ServerRoot.at(Path(folder) / "root") as root,
    ):
        Path(folder).chmod(0o711)
        server, desk = lan.join("server", SERVER), lan.join("desk", "10.77.0.11")
        data_dir = Path(folder) / "data"
        with Cluster.open(data_dir) as cluster:
            demo = open_demo(cluster, data_dir, patients=int(patients), appointments=int(visits))
            login, password = demo.people[0].login, demo.people[0].password
            as_a_clinic(cluster.admin_conninfo())
            root.set_up(server)
            with root.running(server):
                move_clinic(figures, Local(data_dir, cluster), root.code(), desk)
                address = open_place(data_dir, settings.load(data_dir)).address
                hba = root.folder / "etc/clinicdesk/pg_hba.conf"
                hba.write_text(hba.read_text() + "hostnossl all all all scram-sha-256\n")
                root.psql("SELECT pg_reload_conf()")
                time.sleep(1)
                with entered(desk):
                    _measure(figures, address, login, password)
    return 0 if figures.good else 1


def _read(signed_in: SignedIn, day: dt.date) -> AgendaPage:
    """The day as the agenda's page asks for it."""
    clinic = signed_in.clinic
    things = _things[clinic] if clinic in _things else _things.setdefault(clinic, agenda.catalogue(clinic))
    rooms = [one.id for one in (*things.rooms, *things.equipment)]
    return agenda.days(clinic, day, day, [one.id for one in things.professionals], rooms)


def _fullest_day(signed_in: SignedIn) -> dt.date:
    today = dt.datetime.now(dt.UTC).date()
    days = [today - dt.timedelta(days=number) for number in range(40)]
    return max(days, key=lambda day: len(_read(signed_in, day).appointments))


def _measure(figures: Figures, address: Mapping[str, str], login: str, password: str) -> None:
    ways = {"with TLS": dict(address), "without": {**address, **_PLAIN}}
    people = {name: staff.sign_in(way, login, password, "Recepção") for name, way in ways.items()}
    day = _fullest_day(people["with TLS"])
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _round, (name, signed_in) in itertools.product(range(ROUNDS), people.items()):
        began = time.perf_counter()
        found = len(_read(signed_in, day).appointments)
        took[name].append((time.perf_counter() - began) * 1000)
    print(f"    a day of {found} visits, read {ROUNDS} times each way, turn by turn")
    middle = {name: statistics.median(values) for name, values in took.items()}
    fastest = {name: statistics.quantiles(values, n=10)[0] for name, values in took.items()}
    for name in ways:
        print(f"    {name}: median {middle[name]:.2f} ms, a tenth is below {fastest[name]:.2f} ms")
    cost = (middle["with TLS"] / middle["without"] - 1) * 100
    figures.check(f"encryption costs {cost:.1f} % (promised: {MOST_PERCENT:g} %)", cost <= MOST_PERCENT)
    for signed_in in people.values():
        signed_in.clinic.close()
