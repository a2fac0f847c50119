"""The process that sends beside a clinic's server: waits for the clinic, comes in by its account alone."""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.server.clinic import DeskComputer, found_clinic
from tests.server.figures import Figures
from tests.server.lan import Lan, entered
from tests.server.root import SERVER, ServerRoot, _inside

_ACCOUNT, _CONFIG = "clinicdesk-sync", "/etc/clinicdesk/server.json"
_HOME = "var/lib/clinicdesk-sync"
_SEEN = (
    "SELECT extract(epoch FROM clock_timestamp() - max(seen_at)) FROM clinicdesk.sync_process WHERE stopped_at IS NULL"
)


def run(folder: str = "/var/tmp/clinicdesk-sending") -> int:
    """Begin it before there is a clinic, and look at all it does; 0 when everything was as it must be."""
    figures = Figures()
    with (
        Lan("sending") as lan,
        ServerRoot.at(Path(folder)) as root,
        tempfile.TemporaryDirectory(prefix="clinicdesk-desks-") as data,
        ExitStack() as closing,
    ):
        space = lan.join("server", SERVER)
        root.set_up(space)
        figures.check("the set-up lets it in", "Let the process that sends" in root.output)
        code = root.printed_code()
        again = root.set_up(space).stdout
        figures.check("a second set-up changes nothing", "nothing was changed" in again)
        closing.enter_context(root.running(space))
        sender = _Sender(root, space)
        closing.callback(sender.stop)
        figures.check("it waits for a clinic", _within(20, sender.waits))
        desk = DeskComputer(lan.join("desk1", "10.77.0.11"), Path(data) / "desk1", "Recepção 1")
        found_clinic(desk, desk.enrol(code))
        figures.check("it is at work once there is one", _within(20, lambda: _seen(root) < 60))
        figures.check("its key is shown to desks", root.psql("SELECT count(*) FROM clinicdesk.sync_key") == "1")
        modes = root.run(["stat", "-c", "%a %U", f"/{_HOME}", f"/{_HOME}/sync-key"]).stdout.split("\n")
        figures.check("its folder and its key are its own", modes[:2] == [f"700 {_ACCOUNT}", f"600 {_ACCOUNT}"])
        authority = ["runuser", "-u", _ACCOUNT, "--", "ls", "/var/lib/clinicdesk-server/authority"]
        figures.check("it cannot read the authority's key", root.run(authority, check=False).returncode != 0)
        other = ["runuser", "-u", "clinicdesk", "--", "clinicdesk-sync", "check", "--config", _CONFIG]
        figures.check("another account does not come in as it", root.run(other, check=False).returncode != 0)
        figures.check("nobody comes in as it from the network", _refused(desk))
        root.restart_postgres("immediate")
        figures.check("it goes on after a crash of the server", _within(40, lambda: _seen(root) < 5))
        began = time.monotonic()
        status = sender.stop()
        figures.check("it ends cleanly", status == 0 and time.monotonic() - began < 15)
    print("all as it must be" if figures.good else "NOT all as it must be")
    return 0 if figures.good else 1


class _Sender:
    """The program as its unit starts it, under its account."""

    def __init__(self, root: ServerRoot, space: str) -> None:
        self._log = root.folder / _HOME / "logs/clinicdesk-sync.log"
        become = ["setpriv", "--reuid", _ACCOUNT, "--regid", _ACCOUNT, "--init-groups"]
        program = ["clinicdesk-sync", "run", "--config", _CONFIG]
        self._process = subprocess.Popen(["ip", "netns", "exec", space, *_inside(root.folder), *become, *program])

    def waits(self) -> bool:
        """Whether it runs and has nothing to do yet."""
        if not self._log.exists():
            return False
        events = [json.loads(line)["event"] for line in self._log.read_text(encoding="utf-8").splitlines()]
        return self._process.poll() is None and "sync_waits" in events and "sync_at_work" not in events

    def stop(self) -> int:
        """End it as systemd does."""
        self._process.terminate()
        return self._process.wait(20)


def _seen(root: ServerRoot) -> float:
    try:
        return float(root.psql(_SEEN) or 1e9)
    except AssertionError:  # the server is coming back
        return 1e9


def _within(seconds: float, true: Callable[[], bool]) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.2)
    return False


def _refused(desk: DeskComputer) -> bool:
    assert desk.place is not None
    conninfo = {**desk.place.address, "user": "clinicdesk_sync", "password": "whatever it is"}
    try:
        with entered(desk.space):
            psycopg.connect(**conninfo).close()  # type: ignore[arg-type]
    except psycopg.OperationalError as error:
        return "rejects connection" in str(error)
    return False
