"""The command `clinicdesk demo`, watched: tells when the sign-in is usable, signs in, and tells what it weighs then."""

import json
import os
import sys
import time
from typing import Any


def main() -> None:
    """Run the command as it stands; its process ends when the day is on the screen."""
    told = json.loads(sys.stdin.read())
    from clinicdesk.desk import application

    plain = application.Application._opened

    def opened(self: application.Application, found: Any) -> None:
        plain(self, found)
        self.window.sign_in_page.repaint()
        usable_at = time.monotonic()
        self.window.person_signed_in.connect(lambda _person: _watch_day(self, usable_at))
        self.window.sign_in_page.sign_in_requested.emit(told["login"], told["password"])

    application.Application._opened = opened  # type: ignore[method-assign]
    from clinicdesk.cli import run

    sys.exit(run(["demo", "--data-dir", sys.argv[1]]))


def _watch_day(desk: Any, usable_at: float) -> None:
    workspace = desk.window.workspace

    def loaded() -> None:
        workspace.agenda.view.viewport().repaint()
        from tests.benchmarks.desks import resident

        json.dump({"usable_at": usable_at, "resident": resident()}, sys.stdout)
        sys.stdout.flush()
        desk.close()
        os._exit(0)  # what is measured is told; a tidy end is the application's own test

    workspace.agenda.loaded.connect(loaded)


if __name__ == "__main__":
    main()
