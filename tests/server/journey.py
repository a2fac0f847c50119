"""From a clean Debian to two desks at work: set up, enrolled, booked and seen, the cable pulled and plugged back."""

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from clinicdesk.errors import ClinicError, DeskNotEnrolled
from clinicdesk.storage.changes import Link
from clinicdesk.usecases import desks, snapshot
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.staff import SignedIn
from tests.server.clinic import (
    PASSWORD,
    DeskComputer,
    Listening,
    add_receptionist,
    book,
    found_clinic,
    keep_snapshot,
    read_agenda,
)
from tests.server.figures import Figures
from tests.server.lan import Lan, entered
from tests.server.root import SERVER, ServerRoot

FIRST_AGENDA_SECONDS = 10.0
NOTICED_SECONDS = 8.0


def run(folder: str = "/var/tmp/clinicdesk-journey") -> int:
    """Walk the whole way; 0 when all of it held."""
    figures = Figures()
    with (
        Lan("journey") as lan,
        ServerRoot.at(Path(folder)) as root,
        tempfile.TemporaryDirectory(prefix="clinicdesk-desks-") as data,
        ExitStack() as closing,
    ):
        space = lan.join("server", SERVER)
        first, second = (
            DeskComputer(lan.join(f"desk{number}", f"10.77.0.1{number}"), Path(data) / f"desk{number}", name)
            for number, name in ((1, "Recepção 1"), (2, "Recepção 2"))
        )
        code = _set_up(figures, root, space)
        closing.enter_context(root.running(space))
        claudia = _first_desk(figures, first, code)
        closing.callback(claudia.clinic.close)
        renata = _second_desk(figures, first, second, claudia)
        closing.callback(renata.clinic.close)
        heard = Listening(second, renata.clinic)
        closing.callback(heard.close)
        heard.wait_link(Link.CONNECTED, 0)
        _booked_here_seen_there(figures, first, second, claudia, renata, heard)
        _cable(figures, lan, second, renata, heard, lambda: book(first, claudia.clinic, "Bento Dias").id)
        _revoked(figures, first, second, claudia, renata)
    print("all of it held" if figures.good else "NOT all of it held")
    return 0 if figures.good else 1


def _set_up(figures: Figures, root: ServerRoot, space: str) -> str:
    figures.timed("the set-up, with its packages fetched", lambda: root.set_up(space))
    code = root.printed_code()
    figures.check("it ends with the address and a founder's code", SERVER in root.output)
    figures.timed("the set-up again", lambda: root.set_up(space))
    figures.check("the second run changes nothing", "nothing was changed" in root.output)
    return code


def _first_desk(figures: Figures, desk: DeskComputer, code: str) -> SignedIn:
    enrolled = figures.timed("the first desk joins", lambda: desk.enrol(code))
    figures.check("it may found the clinic", enrolled.founder is not None)
    figures.timed("the clinic is founded over TLS", lambda: found_clinic(desk, enrolled))
    return figures.timed("its owner signs in", lambda: desk.sign_in("claudia"))


def _second_desk(figures: Figures, first: DeskComputer, second: DeskComputer, owner: SignedIn) -> SignedIn:
    add_receptionist(first, owner.clinic)
    with entered(first.space):
        invitation = desks.invite(owner.clinic)
    began = time.monotonic()
    enrolled = second.enrol(str(invitation.code))
    figures.check("an owner's code founds nothing", enrolled.founder is None)
    renata = second.sign_in("renata")
    read_agenda(second, renata.clinic)
    figures.say("second desk: from the code to the first agenda", time.monotonic() - began, FIRST_AGENDA_SECONDS)
    figures.check("a used code opens nothing", _refused(lambda: second.enrol(str(invitation.code))))
    return renata


def _booked_here_seen_there(
    figures: Figures, first: DeskComputer, second: DeskComputer, here: SignedIn, there: SignedIn, heard: Listening
) -> None:
    visit = book(first, here.clinic, "Ana Prado")
    done = time.monotonic()
    # It may be told before the reply of COMMIT has come here.
    figures.say("booked at one desk, told to the other", max(heard.wait_change(visit.id, done - 5) - 5, 0.0), 1.0)
    seen = read_agenda(second, there.clinic)
    figures.check("the other desk's agenda shows it", [one.id for one in seen.appointments] == [visit.id])


def _cable(
    figures: Figures,
    lan: Lan,
    desk: DeskComputer,
    person: SignedIn,
    heard: Listening,
    book_elsewhere: Callable[[], object],
) -> None:
    size = keep_snapshot(desk, person)
    print(f"    the snapshot holds {size} bytes", flush=True)
    pulled = time.monotonic()
    lan.unplug("desk2")
    figures.check("without the cable nothing is read", _refused(lambda: read_agenda(desk, person.clinic)))
    figures.say("a read says that the server is away", time.monotonic() - pulled, NOTICED_SECONDS)
    figures.say("the desk notices by itself", heard.wait_link(Link.RECONNECTING, pulled), NOTICED_SECONDS)
    assert desk.place is not None
    address, name = desk.place.address, desk.name
    away = figures.timed(
        "the agenda opens from what was kept",
        lambda: snapshot.sign_in_away(desk.data_dir, address, "renata", PASSWORD, name, dt.datetime.now(dt.UTC)),
        2.0,
    )
    for clinic, what in ((person.clinic, "whoever was at work"), (away.clinic, "whoever signs in now")):
        kept = read_agenda(desk, clinic)
        figures.check(f"Ana stands in it for {what}", [one.patient_name for one in kept.appointments] == ["Ana Prado"])
    missed = book_elsewhere()
    plugged = time.monotonic()
    lan.plug("desk2")
    figures.say("plugged back, the desk is connected again", heard.wait_link(Link.CONNECTED, plugged), 10.0)
    seen = read_agenda(desk, person.clinic)
    figures.say("and reads what it missed", time.monotonic() - plugged, 12.0)
    ids = [one.id for one in seen.appointments]
    figures.check("which is all there is", missed in ids and len(ids) == 2)


def _revoked(figures: Figures, first: DeskComputer, second: DeskComputer, owner: SignedIn, other: SignedIn) -> None:
    with entered(first.space):
        known = {one.name: one for one in desks.desks(owner.clinic)}
    figures.check("the owner sees both desks", set(known) == {first.name, second.name})
    began = time.monotonic()
    with entered(first.space):
        desks.revoke(owner.clinic, known[second.name].id)
    figures.check("what the revoked desk had open is ended", _refused(lambda: _write(second, other.clinic)))
    while not isinstance(_refusal(lambda: second.sign_in("renata")), DeskNotEnrolled):
        if time.monotonic() - began > 20:
            figures.check("the revoked desk is refused by TLS", False)
            return
    figures.say("the revoked desk is refused by TLS", time.monotonic() - began, 5.0)
    figures.check("the other desk goes on", len(read_agenda(first, owner.clinic).appointments) == 2)


def _write(desk: DeskComputer, clinic: Clinic) -> None:
    """Reach the server, where a reading would be answered from what was kept."""
    with entered(desk.space), clinic.transaction():
        pass


def _refused(act: Callable[[], object]) -> bool:
    return _refusal(act) is not None


def _refusal(act: Callable[[], object]) -> ClinicError | None:
    try:
        act()
    except ClinicError as refusal:
        return refusal
    return None
