"""Ten thousand guesses at a password from an enrolled desk: locked after ten, slowed, and nobody else kept waiting."""

import queue
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import psycopg

from clinicdesk.errors import AccountLocked, SignInRefused
from tests.server.clinic import PASSWORD, DeskComputer, add_receptionist, found_clinic
from tests.server.figures import Figures
from tests.server.lan import Lan, entered
from tests.server.root import DATABASE, SERVER, ServerRoot

GUESSES = 10_000
AT_ONCE = 40  # more than a desk may hold, and fewer than leave nobody room
LOCKED_SECONDS = 5.0
DELAY_SECONDS = 1.0


def run(guesses: str = str(GUESSES), folder: str = "/var/tmp/clinicdesk-guesses") -> int:
    """Guess, and see what came of it; 0 when it was nothing."""
    figures = Figures()
    with (
        Lan("guesses") as lan,
        ServerRoot.at(Path(folder)) as root,
        tempfile.TemporaryDirectory(prefix="clinicdesk-desks-") as data,
        ExitStack() as closing,
    ):
        space = lan.join("server", SERVER)
        root.set_up(space)
        closing.enter_context(root.running(space))
        front, back = (
            DeskComputer(
                lan.join(f"desk{number}", f"10.77.0.1{number}"), Path(data) / f"desk{number}", f"Mesa {number}"
            )
            for number in (1, 2)
        )
        found_clinic(front, front.enrol(root.printed_code()))
        claudia = front.sign_in("claudia").clinic
        closing.callback(claudia.close)
        add_receptionist(front, claudia)
        back.enrol(root.code())
        _measure_one(figures, back)
        _guess(figures, root, front, back, int(guesses))
        _unlocked(figures, root, front, back)
    print("guessing came to nothing" if figures.good else "guessing came to SOMETHING")
    return 0 if figures.good else 1


def _measure_one(figures: Figures, desk: DeskComputer) -> None:
    """A wrong password and a name that nobody has are told apart by neither words nor time."""
    took: dict[str, list[float]] = {"renata": [], "ninguem": []}
    for _time in range(4):
        for login, found in took.items():
            began = time.monotonic()
            figures.check(
                f"{login}: one answer for both", _refusal(desk, login, "errada 123 errada") == SignInRefused()
            )
            found.append(time.monotonic() - began)
    desk.sign_in("renata").clinic.close()
    wrong, nobody = (statistics.median(found) for found in took.values())
    figures.say("a wrong password is answered after", wrong)
    figures.say("a name that nobody has is answered after", nobody)
    figures.check("both are delayed", min(wrong, nobody) >= DELAY_SECONDS)
    figures.check("and equally", abs(wrong - nobody) < 0.25)


def _refusal(desk: DeskComputer, login: str, password: str) -> Exception | None:
    try:
        desk.sign_in(login, password).clinic.close()
    except (SignInRefused, AccountLocked) as refused:
        return refused
    return None


def _guess(figures: Figures, root: ServerRoot, front: DeskComputer, back: DeskComputer, guesses: int) -> None:
    assert back.place is not None
    conninfo = {**back.place.address, "user": f"{DATABASE}_renata"}
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(guesses):
        waiting.put(number)
    answers: Counter[str] = Counter()
    began, done = time.monotonic(), threading.Event()
    threads = [threading.Thread(target=_work, args=(back, conninfo, waiting, answers)) for _one in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    locked = 0.0
    tried_then = 0
    sign_ins: list[float] = []
    while any(thread.is_alive() for thread in threads):
        if (
            not locked
            and root.psql("SELECT locked_at IS NOT NULL FROM clinicdesk.person WHERE login = 'renata'") == "t"
        ):
            locked, tried_then = time.monotonic() - began, sum(answers.values())
        start = time.monotonic()
        front.sign_in("claudia").clinic.close()
        sign_ins.append(time.monotonic() - start)
        done.wait(1.0)
    took = time.monotonic() - began
    print(f"    {guesses} guesses by {AT_ONCE} at once in {took:.0f} s: {dict(answers)}", flush=True)
    print(f"    locked when {tried_then} had been answered", flush=True)
    figures.say("the account is locked after", locked or took, LOCKED_SECONDS)
    figures.check("no guess got in", "in" not in answers)
    figures.say("meanwhile another person signs in (median)", statistics.median(sign_ins))
    figures.say("meanwhile another person signs in (longest)", max(sign_ins))


def _work(
    desk: DeskComputer, conninfo: Mapping[str, str], waiting: "queue.SimpleQueue[int]", answers: Counter[str]
) -> None:
    with entered(desk.space):
        while True:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                psycopg.connect(**dict(conninfo), password=f"tentativa {number}", connect_timeout=30).close()
            except psycopg.OperationalError as error:
                words = str(error)
                known = ("password authentication failed", "too many clients", "not permitted to log in")
                answers[next((one for one in known if one in words), words.strip()[:80])] += 1
            else:
                answers["in"] += 1


def _unlocked(figures: Figures, root: ServerRoot, front: DeskComputer, back: DeskComputer) -> None:
    figures.check("the right password opens nothing now", isinstance(_refusal(back, "renata", PASSWORD), AccountLocked))
    deadline = time.monotonic() + 60
    counted = 0
    while time.monotonic() < deadline:
        now = int(root.psql("SELECT coalesce(max(tries), 0) FROM clinicdesk.refused_sign_in WHERE login = 'renata'"))
        if now == counted:
            break
        counted = now
        time.sleep(1.5)
    print(f"    counted: {counted}", flush=True)
    assert front.place is not None
    address = {**front.place.address, "user": f"{DATABASE}_claudia", "password": PASSWORD}
    with entered(front.space), psycopg.connect(**address, autocommit=True) as owner:
        owner.execute("SELECT clinicdesk.unlock_person(id) FROM clinicdesk.person WHERE login = 'renata'")
    began = time.monotonic()
    back.sign_in("renata").clinic.close()
    figures.say("the owner unlocks, and she signs in", time.monotonic() - began)
