"""`clinicdesk` and `clinicdesk demo`: the desk itself, or pictures of it."""

import os
import sys
from argparse import Namespace

from clinicdesk.errors import NoScreen


def open_desk(given: Namespace) -> int:
    """Open the desk over the clinic of the data folder."""
    _require_screen()
    from clinicdesk.desk import application

    return application.run(
        given.data_dir,
        demo=False,
        reset=False,
        now=None,
        language=given.language,
        theme=None,
        patients=None,
        appointments=None,
    )


def open_demo(given: Namespace) -> int:
    """Open the desk over the demo clinic, or draw its screens and leave."""
    if given.screenshots:
        return _draw(given)
    _require_screen()
    from clinicdesk.desk import application

    return application.run(
        given.data_dir,
        demo=True,
        reset=given.reset,
        now=given.now,
        language=given.language,
        theme=given.theme,
        patients=given.patients,
        appointments=given.appointments,
    )


def _draw(given: Namespace) -> int:
    from clinicdesk.desk import screenshots

    return screenshots.run(
        given.data_dir,
        given.screenshots,
        size=given.size,
        theme=given.theme or "light",
        language=given.language or "pt_BR",
        now=given.now,
    )


def _require_screen() -> None:
    """Refuse, by NoScreen, to start what would abort without a word: Qt on a Unix that has no display."""
    shown = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in shown):
        raise NoScreen
