"""A desk that dies, or whose cable is pulled, in the middle of a booking: `python -m tests.faults.held_lock`, as root.

The desk has written a visit and not committed it, so it holds the locks of professional and room. Another desk wants
the same time, is told to wait, asks again and gets it; counted is how long that takes from the fault on. With
`--unguarded` the server's timeouts are off, and it must miss.
"""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from clinicdesk.domain.agenda import BookAppointment, Slot
from clinicdesk.errors import ClinicError, ServerBusy, SlotTaken
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import new_id
from tests.faults.served import Served, remote, served
from tests.faults.wires import Wires, laid
from tests.office import Office, at

MOST, LONGEST = 11.0, 25.0  # seconds: what they may wait, and what is waited for to be seen
RUNS = 3
UNGUARDED = {"tcp_user_timeout": "0", "tcp_keepalives_idle": "0", "tcp_keepalives_interval": "0"}
_HOLDER = """
import json, sys, psycopg
told = json.loads(sys.stdin.readline())
connection = psycopg.connect(**told["conninfo"])
connection.execute("SELECT clinicdesk.lock_resources(%s::uuid[])", [told["resources"]])
connection.execute(told["insert"], told["values"])
print("held", flush=True)
if told["sending"]:  # the server has more to say than fits on its way
    connection.execute("SELECT repeat('x', 1000000) FROM generate_series(1, 200)")
sys.stdin.read()
"""
_INSERT = (
    "INSERT INTO clinicdesk.appointment (id, clinic_id, patient_id, professional_id, room_id, service_id, starts_at,"
    " ends_at) VALUES (%(id)s, %(clinic_id)s, %(patient_id)s, %(professional_id)s, %(room_id)s, %(service_id)s,"
    " %(starts_at)s, %(ends_at)s)"
)


def main(arguments: list[str]) -> int:
    """Run each kind of fault some times; 0 when nobody waited longer than they may."""
    settings = UNGUARDED if "--unguarded" in arguments else {}
    with laid(1) as wires, served(wires, settings) as server:
        killed = [_waited(server, wires, _killed) for _run in range(RUNS)]
        silent = [_waited(server, wires, _silenced) for _run in range(RUNS)]
        sending = [_waited(server, wires, _silenced, sending=True) for _run in range(RUNS)]
    for what, found in (
        ("process killed", killed),
        ("packets dropped, transaction idle", silent),
        ("packets dropped, server sending", sending),
    ):
        seconds = ", ".join(f"{one:.1f}" for one, _tries in found)
        print(f"{what}: others waited {seconds} s, told to try again {max(tries for _one, tries in found)} time(s)")
    return 0 if all(one <= MOST for one, _tries in (*killed, *silent, *sending)) else 1


def _waited(
    server: Served,
    wires: Wires,
    fault: Callable[[subprocess.Popen[str], Wires], None],
    *,
    sending: bool = False,
) -> tuple[float, int]:
    """Seconds from the fault until another desk has the time, and how often it was told to try again."""
    with server.office() as office, _holding(office, wires, sending=sending) as holder:
        wish = _wish(office)
        other = office.desk("renata", desk="mesa 2")
        agenda.catalogue(other)
        fault(holder, wires)
        began = time.monotonic()
        tries = 0
        while True:
            try:
                agenda.book(other, wish)
            except (ServerBusy, SlotTaken):
                tries += 1
                if time.monotonic() - began < LONGEST:
                    continue
            return time.monotonic() - began, tries


@contextlib.contextmanager
def _holding(office: Office, wires: Wires, *, sending: bool) -> Iterator[subprocess.Popen[str]]:
    row = office.visit(starts_at=at(10), ends_at=at(10, 30))
    told = {
        "conninfo": remote(office, "renata"),
        "resources": [str(row["professional_id"]), str(row["room_id"])],
        "insert": _INSERT,
        "values": {name: str(value) for name, value in row.items()},
        "sending": sending,
    }
    command = wires.within(wires.desk(1), sys.executable, "-c", _HOLDER)
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdin is not None and holder.stdout is not None
    try:
        holder.stdin.write(json.dumps(told) + "\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.wait()
        wires.mend(1)


def _killed(holder: subprocess.Popen[str], _wires: Wires) -> None:
    holder.kill()


def _silenced(_holder: subprocess.Popen[str], wires: Wires) -> None:
    wires.cut(1)


def _wish(office: Office) -> BookAppointment:
    sample = office.sample
    return BookAppointment(
        new_id(),
        sample.patients["bento"],
        sample.professionals["helena"],
        sample.services["visit"],
        Slot(at(10), at(10, 30)),
        sample.rooms["room 1"],
    )


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ClinicError as error:
        sys.exit(f"{type(error).__name__}: {error}")
