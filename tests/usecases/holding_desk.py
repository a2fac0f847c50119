"""A desk that holds one slot and then waits to be killed: told by JSON on stdin, says when it holds."""

import datetime as dt
import json
import sys
from uuid import UUID

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.holds import HoldSlot
from clinicdesk.domain.staff import Person, Role
from clinicdesk.storage.engine import make_engine
from clinicdesk.usecases import holds
from clinicdesk.usecases.clinic import Clinic, new_id


def main() -> None:
    """Hold, say so, and talk for ever."""
    told = json.loads(sys.stdin.readline())
    clinic_id = UUID(told["clinic"])
    person = Person(clinic_id, "renata", "Renata Souza", Role.RECEPTION, 200, (clinic_id,))
    desk = Clinic(make_engine(told["conninfo"], "mesa 1"), {}, person, clinic_id, "mesa 1", None)
    slot = Slot(*(dt.datetime.fromisoformat(one) for one in told["slot"]))
    holds.hold(desk, HoldSlot(new_id(), UUID(told["service"]), UUID(told["professional"]), slot, UUID(told["room"])))
    sys.stdout.write("held\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
