"""A desk whose clock is two days off, both ways: `python -m tests.faults.wrong_clock` (needs `faketime`).

The real window signs in, books, confirms and puts a patient on the waiting list under a wall clock that is wrong. Then
every moment that was written is compared with the server's clock, and what the desk said and showed with the truth.
"""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication

from clinicdesk.desk.application import Application, Wish
from clinicdesk.desk.sign_in.tiles import Tile
from clinicdesk.domain.waiting import AddToWaitingList, WaitingWish
from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases import waiting
from clinicdesk.usecases.clinic import new_id
from clinicdesk.usecases.staff import sign_in
from tests import office as offices
from tests.faults.fingers import SlowHands
from tests.journeys.hands import CTRL
from tests.office import PASSWORD, Office

OFF = ("+2d", "-2d")
ANA = "Ana Conceição Álvares"
_MOMENTS = """
    SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'clinicdesk' AND data_type = 'timestamp with time zone'
       AND column_name IN ('created_at', 'updated_at', 'recorded_at', 'status_at', 'at', 'last_seen_at', 'began_at')
"""


def main(arguments: list[str]) -> int:
    """Run the desk under each wrong clock; 0 when nothing was dated by it and it was said."""
    if arguments:
        return _desk(json.loads(arguments[0]))
    if shutil.which("faketime") is None:
        sys.stderr.write("This needs the program faketime.\n")
        return 2
    folder = Path(tempfile.mkdtemp(prefix="clinicdesk-clock-"))
    folder.chmod(0o711)
    try:
        with Cluster.open(folder / "data") as cluster:
            sample = offices.template(cluster, folder)
            return max(_under(off, cluster, sample, folder) for off in OFF)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _under(off: str, cluster: Cluster, sample: offices.Sample, folder: Path) -> int:
    with offices.copied(cluster, sample, "clock") as database:
        office = Office(cluster, database, sample)
        began = office.admin().execute("SELECT clock_timestamp()").fetchone()
        told = {
            "address": office.address,
            "folder": str(folder / off),
            "sample": {"patient": str(sample.patients["ana"])},
        }
        told["sample"]["service"] = str(sample.services["visit"])
        # The wall clock alone: a computer with a wrong date counts seconds as well as any other.
        environment = {**os.environ, "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        command = ["faketime", "-f", off, sys.executable, "-m", "tests.faults.wrong_clock", json.dumps(told)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=120, check=False)
        seen = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {}
        assert began is not None
        wrong, count = _misdated(office, began[0])
        office.close()
    good = not wrong and "servidor" in seen.get("said", "") and seen.get("right day") and not seen.get("bugs")
    print(f"{off}: {count} moments written, {len(wrong)} of them not the server's {wrong or ''}")
    print(f"  said “{seen.get('said')}”; today was {'the server’s' if seen.get('right day') else 'WRONG'}")
    return 0 if good else 1


def _misdated(office: Office, began: dt.datetime) -> tuple[list[str], int]:
    """Columns with a moment that lies neither before this run nor within it, and how many moments lie within it."""
    admin = office.admin()
    ended = admin.execute("SELECT clock_timestamp()").fetchone()
    assert ended is not None
    wrong, within = [], 0
    for table, column in admin.execute(_MOMENTS).fetchall():
        rows = admin.execute(f'SELECT "{column}" FROM clinicdesk."{table}" WHERE "{column}" IS NOT NULL').fetchall()
        within += sum(began <= moment <= ended[0] for (moment,) in rows)
        made = began - dt.timedelta(hours=1)  # the sample is a minute old
        wrong += [f"{table}.{column}" for (moment,) in rows if not made <= moment <= ended[0]]
    return wrong, within


def _desk(told: dict[str, object]) -> int:
    """The desk itself; its wall clock is wrong."""
    qt = QApplication([])
    application = Application(qt, Wish(Path(str(told["folder"])), language="pt_BR", theme="light"))
    application.catch_bugs()
    hands = SlowHands(application)
    window, opened = application.window, []
    window.resize(QSize(1366, 768))

    def door(login: str, password: str) -> object:
        opened.append(sign_in(told["address"], login, password, "Balcão"))  # type: ignore[arg-type]
        return opened[-1]

    window.set_door(door)  # type: ignore[arg-type]
    window.sign_in_page.set_people([Tile("renata", "Renata Souza", "Recepção", 65)])
    window.show()
    window.sign_in_page.tiles.select("renata")
    window.sign_in_page.password.setText(PASSWORD)
    window.sign_in_page.button.click()
    hands.until(lambda: window.workspace is not None and hands.workspace.agenda.content is not None)
    hands.until(lambda: hands.toast)
    said = hands.toast
    _work(hands)
    clinic = opened[-1].clinic
    wish = told["sample"]
    assert isinstance(wish, dict)
    waiting.add(
        clinic, AddToWaitingList(new_id(), wish["patient"], WaitingWish(wish["service"], application.clock.today()))
    )
    with clinic.transaction() as tx:
        server = tx.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    right = application.clock.today() == server.astimezone(application.clock.zone).date()
    print(json.dumps({"said": said, "right day": right, "bugs": [repr(one) for one in application.bugs]}), flush=True)
    os._exit(0)


def _work(hands: SlowHands) -> None:
    """Book Ana at the first time that is offered, and confirm her."""
    hands.idle()
    hands.key(Qt.Key.Key_N)
    editor = hands.editor
    hands.write("conceição")
    hands.until(lambda: editor.picker.choices.matches)
    hands.key(Qt.Key.Key_Return)
    hands.until(lambda: editor.slots.first() is not None)
    hands.idle()
    editor.slots.setFocus()
    hands.key(Qt.Key.Key_1)
    hands.key(Qt.Key.Key_Return, CTRL)
    hands.until(lambda: not editor.isVisible())
    hands.idle()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
