"""The process that sends, on one computer: begun when there is something to send, and ended with the desk.

It holds the other end of a pipe, so that it ends also when the desk is killed. On a clinic's server a unit runs it, and
the demo sends nothing.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.widgets.dialog import Dialog
from clinicdesk.logs import log
from clinicdesk.words import _, ngettext

if TYPE_CHECKING:
    from clinicdesk.errors import ClinicError
    from clinicdesk.usecases.local import Local
    from clinicdesk.usecases.sync_account import DueHere

LOOK_SECONDS = 15
END_MILLISECONDS = 17_000  # it finishes what it is sending, which takes fifteen seconds at the most
_AGAIN_SECONDS = (2, 5, 15, 60)


def command(data_dir: Path) -> list[str]:
    """How the process is started: beside this program where that is packed, else by the same Python."""
    if getattr(sys, "frozen", False):
        here = Path(sys.executable)
        program = [str(here.with_name(f"clinicdesk-sync{here.suffix}"))]
    else:
        program = [sys.executable, "-m", "sync"]
    return [*program, "run", "--with-desk", "--data-dir", str(data_dir)]


class SendingHere(QObject):
    """Keeps the process at work while this computer has to send, and says so before the window is closed."""

    def __init__(self, window: QWidget, background: Background, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window, self._background, self._data_dir = window, background, data_dir
        self._local: Local | None = None
        self._process: QProcess | None = None
        self._failures = 0
        self._due: DueHere | None = None
        self._silent = False
        self.question: Dialog | None = None
        self._look = QTimer(self, interval=LOOK_SECONDS * 1000)
        self._look.timeout.connect(self.look)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._turn)

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None

    def serve(self, local: "Local | None") -> None:
        """Send for the clinic in this folder from now on; None: for nobody, as at a clinic's server or in the demo."""
        self._local, self._due = local, None
        self._look.stop()
        self._turn()
        if local is not None:
            self._look.start()
            self.look()

    def look(self) -> None:
        """Ask whether there is anything to send; what is switched on counts within seconds."""
        from clinicdesk.usecases.sync_account import due_here

        local = self._local
        if local is not None:
            self._background.run(self, lambda: due_here(local), self._seen, self._not_seen, replaces="due here")

    def ask_nothing(self) -> None:
        """Close without a question from now on: the system wants the program to end."""
        self._silent = True

    def asks_before_closing(self) -> bool:
        """Whether a question is on show, and closing waits for its answer."""
        qt = QGuiApplication.instance()
        ending = isinstance(qt, QGuiApplication) and qt.isSavingSession()
        if self._silent or ending or not self.running:
            return False
        if self.question is not None:
            self.question.dismiss()
        planned = self._due.planned if self._due else 0
        self.question = Dialog(
            self._window,
            _("Reminders stop while ClinicDesk is closed"),
            _stopping(planned),
            _("Close all the same"),
            _("Keep open"),
            danger=False,
        )
        self.question.confirmed.connect(self._close_window)
        self.question.open()
        return True

    def close(self) -> None:
        """End the process; it finishes what it is sending."""
        self._look.stop()
        self._again.stop()
        self._local, self._due = None, None
        process, self._process = self._process, None
        if process is None:
            return
        process.finished.disconnect()
        process.closeWriteChannel()
        if not process.waitForFinished(END_MILLISECONDS):
            process.kill()
            process.waitForFinished(1000)

    def _seen(self, due: "DueHere") -> None:
        self._due = due
        self._turn()

    def _not_seen(self, error: "ClinicError") -> None:
        log(__name__).warning("sending_not_looked_at", error=type(error).__name__)

    def _turn(self) -> None:
        """Begin or end the process, as is wanted now."""
        wanted = self._local is not None and self._due is not None and self._due.wanted
        if wanted and self._process is None and not self._again.isActive():
            self._begin()
        elif not wanted and self._process is not None:
            self._process.closeWriteChannel()

    def _begin(self) -> None:
        process = QProcess(self)
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._failed_to_start)
        program, *arguments = command(self._data_dir)
        self._process = process
        process.start(program, arguments)
        log(__name__).info("sending_begun")

    def _failed_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._ended(-1)

    def _ended(self, status: int) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        log(__name__).info("sending_ended", status=status)
        self._failures = self._failures + 1 if status else 0
        # One that ended well was told to; if it is wanted again, the next look says so.
        if status:
            self._again.start(_AGAIN_SECONDS[min(self._failures, len(_AGAIN_SECONDS)) - 1] * 1000)

    def _close_window(self) -> None:
        self._silent = True
        self._window.close()


def _stopping(planned: int) -> str:
    if not planned:
        return _("What is planned meanwhile goes out when ClinicDesk is open again, unless it is too late for it.")
    return ngettext(
        "{count} message is planned until tomorrow. It waits until ClinicDesk is open again, and may come too late.",
        "{count} messages are planned until tomorrow. They wait until ClinicDesk is open again;"
        " some may come too late.",
        planned,
    ).format(count=planned)
