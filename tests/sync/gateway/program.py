"""A gateway as a program of its own: told how to reach the database, it says its port and stands until told to end."""

import json
import sys

from clinicdesk.domain.patients import NOBODY
from clinicdesk.domain.staff import Person, Role
from clinicdesk.keychain import FieldPlace
from clinicdesk.sealing import open_sealed
from clinicdesk.storage.engine import make_engine
from clinicdesk.usecases.clinic import Clinic
from sync.gateway.standing import Gateway


def main() -> None:
    """Stand until the input ends."""
    told = json.loads(sys.stdin.readline())
    engine = make_engine(told["conninfo"], "gateway")
    nobody = Person(NOBODY, "sync", "ClinicDesk", Role.RECEPTION, 200, ())
    sync = Clinic(engine, told["conninfo"], nobody, NOBODY, "gateway", None)
    key = bytes.fromhex(told["key"])

    def opened(place: FieldPlace, sealed: bytes) -> bytes:
        return open_sealed(key, place, sealed)

    gateway = Gateway(sync, opened, port=0)
    gateway.stand()
    assert gateway.hooks is not None
    print(gateway.hooks.port, flush=True)
    sys.stdin.read()
    gateway.close()
    sync.close()


if __name__ == "__main__":
    main()
