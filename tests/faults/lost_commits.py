"""A network that eats the answers to COMMIT, for real: `python -m tests.faults.lost_commits [--bookings N] [--lose P]`.

A desk books over a cable that loses 30 % of the answers to COMMIT: the server has done it, and the desk is never told.
The desk asks again by itself, for the same operation, as its window does. In the end there are exactly as many visits
as were wished for, each of which the desk was told of, and nothing it was told of is missing.
"""

import argparse
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from clinicdesk.desk.background import Background
from clinicdesk.domain.agenda import Appointment, BookAppointment, Slot
from clinicdesk.errors import ClinicError
from clinicdesk.storage.engine import make_engine
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.faults.cable import Cable
from tests.office import DAY, Office, at, value


@dataclass
class Told:
    """What the desk was told of its wishes, and what the database holds of them."""

    wished: int
    booked: list[Appointment]
    refused: list[ClinicError]
    lost: int
    rows: int
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether the desk and the database tell one truth."""
        return not self.refused and len({one.id for one in self.booked}) == self.wished == self.rows


def book_over_a_bad_network(office: Office, bookings: int, lose: float, seed: int = 1) -> Told:
    """Book one visit after another with the window's own lanes, over a cable that loses answers."""
    with Cable(office.address, lose, seed) as cable:
        desk = office.desk("renata")
        conninfo = {**office.conninfo("renata"), **cable.address(office.address)}
        over = Clinic(make_engine(conninfo, "lossy"), conninfo, desk.person, desk.id, "lossy", None)
        started = time.monotonic()
        booked, refused = _book_all(over, _wishes(office, bookings))
        seconds = time.monotonic() - started
        over.close()
        rows = value(office.admin(), "SELECT count(*) FROM clinicdesk.appointment")
        return Told(bookings, booked, refused, cable.lost, int(rows), seconds)


def _book_all(clinic: Clinic, wishes: Sequence[BookAppointment]) -> tuple[list[Appointment], list[ClinicError]]:
    """Every wish once, each after the answer to the one before, as a receptionist would."""
    application = QCoreApplication.instance() or QCoreApplication([])
    bugs: list[BaseException] = []
    background = Background(lambda error: bugs.append(error))  # type: ignore[arg-type,return-value,func-returns-value]
    background.unanswered.watched = True
    owner, left = QObject(), list(wishes)
    booked: list[Appointment] = []
    refused: list[ClinicError] = []

    def next_one() -> None:
        if not left or bugs:
            application.quit()
            return
        wish = left.pop(0)
        background.run(owner, lambda: agenda.book(clinic, wish), done, failed, lane="writes")

    def done(appointment: Appointment) -> None:
        booked.append(appointment)
        next_one()

    def failed(error: ClinicError) -> None:
        refused.append(error)
        next_one()

    QTimer.singleShot(0, next_one)
    application.exec()
    background.close()
    if bugs:
        raise bugs[0]
    return booked, refused


def _wishes(office: Office, bookings: int) -> list[BookAppointment]:
    sample = office.sample
    base = BookAppointment(
        operation_id=new_id(),
        patient=sample.patients["ana"],
        professional_id=sample.professionals["helena"],
        service_id=sample.services["visit"],
        slot=Slot.lasting(at(9), 30),
        room_id=sample.rooms["room 1"],
    )
    starts = (at(hour, minute) for hour in (9, 10, 11, 14, 15, 16) for minute in (0, 30))
    of_a_day = list(starts)
    found: list[BookAppointment] = []
    day = DAY
    while len(found) < bookings:
        if day.isoweekday() in (2, 3, 4):  # Tuesday to Thursday, when everybody works
            shift = dt.timedelta(days=(day - DAY).days)
            found += [replace(base, operation_id=new_id(), slot=Slot.lasting(one + shift, 30)) for one in of_a_day]
        day += dt.timedelta(days=1)
    return found[:bookings]


def main(arguments: Sequence[str]) -> int:
    """Run the fault; 0 when desk and database agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=200)
    parser.add_argument("--lose", type=float, default=0.3)
    wanted = parser.parse_args(arguments)
    from clinicdesk.storage.cluster import Cluster
    from tests import office as offices

    with tempfile.TemporaryDirectory(prefix="clinicdesk-lost-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with Cluster.open(folder / "data") as cluster:
            sample = offices.template(cluster, folder)
            with offices.copied(cluster, sample, "lost-commits") as database:
                opened = Office(cluster, database, sample)
                told = book_over_a_bad_network(opened, wanted.bookings, wanted.lose)
                opened.close()
    print(f"wished for {told.wished}, answers lost {told.lost}, rows {told.rows} in {told.seconds:.1f} s")
    print(f"the desk was told of {len(told.booked)} and refused {len(told.refused)}: agrees {told.agrees}")
    return 0 if told.agrees else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
