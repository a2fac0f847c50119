"""A full disk under the database, for real: `python -m tests.faults.full_disk`, as root.

A small file system is mounted, a demo clinic made in it and the rest of the room filled. A booking is then refused in
words, nothing of it stays, and after room was made the very same wish books once.
"""

import datetime as dt
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from clinicdesk import words
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import BookAppointment
from clinicdesk.domain.slots import SlotRequest
from clinicdesk.errors import ClinicError, ClinicUnreachable, DiskFull
from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases import agenda, patients
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.demo import open_demo
from clinicdesk.usecases.staff import sign_in

SIZE = "220m"
PAUSE = dt.timedelta(minutes=30)  # clear of the buffers of any service


def main() -> int:
    """Run the fault; 0 when the clinic came through it."""
    if os.geteuid() != 0:
        sys.stderr.write("Mounting a small file system needs root.\n")
        return 2
    words.use_language("pt_BR")
    with tempfile.TemporaryDirectory(prefix="clinicdesk-full-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0711", "tmpfs", name], check=True)
        try:
            return _fault(folder)
        finally:
            subprocess.run(["umount", name], check=True)


def _fault(folder: Path) -> int:
    with Cluster.open(folder / "data") as cluster:
        demo = open_demo(cluster, folder / "data", patients=200, appointments=800)
        renata = demo.people[0]
        clinic = sign_in(demo.address, renata.login, renata.password, "mesa 1").clinic
        wishes = _wishes(clinic)
        fill(folder / "filler")
        refused, made = _book_until_refused(clinic, wishes)
        print(f"booked {made} before the disk was full; then: {type(refused).__name__}")
        print(f"  “{sentence(refused)}”")
        (folder / "filler").unlink()
        restarted = cluster.ensure_running()
        again = _booked_once(clinic, wishes[made])
        print(f"after room was made{' and the server had restarted' if restarted else ''}: booked {again} time(s)")
        kept = _count(clinic, wishes[:made])
        print(f"kept of the {made} acknowledged before: {kept}")
        clinic.close()
    good = isinstance(refused, DiskFull | ClinicUnreachable) and again == 1 and kept == made
    print("ok" if good else "NOT OK")
    return 0 if good else 1


def _wishes(clinic: Clinic) -> list[BookAppointment]:
    """Bookings that are possible, one after the other, of one service in the far future."""
    things = agenda.catalogue(clinic)
    service = next(one for one in things.services if not one.equipment_ids and one.professional_ids)
    patient_id = patients.search(clinic, "a", limit=1)[0].id
    first_day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=200)
    request = SlotRequest(service, service.professional_ids[:1], first_day, 600)
    wishes: list[BookAppointment] = []
    for one in agenda.search_slots(clinic, request).slots:
        if not wishes or one.slot.starts_at >= wishes[-1].slot.ends_at + PAUSE:
            wishes.append(
                BookAppointment(
                    new_id(), patient_id, one.professional_id, service.id, one.slot, one.room_id, note="x" * 8_000
                )
            )
    return wishes


def fill(path: Path) -> None:
    """Take all the room there is."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def _book_until_refused(clinic: Clinic, wishes: list[BookAppointment]) -> tuple[ClinicError, int]:
    for made, wish in enumerate(wishes):
        try:
            agenda.book(clinic, wish)
        except ClinicError as refusal:
            return refusal, made
    raise SystemExit("the disk never became full")


def _booked_once(clinic: Clinic, wish: BookAppointment) -> int:
    """Book the refused wish twice over; how many visits it made."""
    return len({agenda.book(clinic, wish).id for _time in range(2)})


def _count(clinic: Clinic, wishes: list[BookAppointment]) -> int:
    """How many of the acknowledged bookings are there: repeating one gives back the visit of the first time."""
    return sum(agenda.book(clinic, wish).slot == wish.slot for wish in wishes)


if __name__ == "__main__":
    sys.exit(main())
