"""Taking patients out as the page does it: the panel, the place of the file, the writing, and the folder it lies in."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import shiboken6
from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.export_panel import ExportPanel, Whom
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.staff import Role
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import patient_export
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.patient_export import Format, GivenUp
from clinicdesk.words import _

AskFile = Callable[[QWidget, str, Format, Callable[[Path], None]], None]
_FILTERS = {Format.CSV: "CSV (*.csv)", Format.XLSX: "XLSX (*.xlsx)"}


class Exporting(QObject):
    """`ask_file` opens the system's own dialog and `open_folder` its file manager; both may be given others."""

    _told = Signal(float)

    def __init__(
        self, owner: QWidget, clinic: Clinic, background: Background, clock: DeskClock, toasts: ToastArea
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self._clinic = clinic
        self._background = background
        self._clock = clock
        self._toasts = toasts
        self.ask_file: AskFile = ask_file
        self.open_folder: Callable[[Path], object] = open_folder
        self.allowed = patient_export.may_export(clinic)
        self.panel: ExportPanel | None = None
        self._stopped = threading.Event()
        self._told.connect(self._show_part)

    def open(self, whom: Sequence[Whom]) -> None:
        """Ask what is to leave; the last of `whom` is proposed."""
        if not self.allowed:
            return
        panel = ExportPanel(self._owner, whom, self._clinic.person.role is Role.OWNER)
        panel.file_wanted.connect(lambda: self._ask(panel))
        panel.given_up.connect(self._stop)
        panel.closed.connect(panel.deleteLater)
        self.panel = panel
        panel.open_centred()

    def _ask(self, panel: ExportPanel) -> None:
        name = _("patients-{day}").format(day=f"{self._clock.today():%Y-%m-%d}")
        wanted = panel.file_format
        self.ask_file(panel, f"{name}.{wanted}", wanted, lambda path: self._write(panel, path))

    def _write(self, panel: ExportPanel, path: Path) -> None:
        ids, wanted, with_cpf = panel.ids, panel.file_format, panel.cpf.isChecked()
        self._stopped = stopped = threading.Event()
        panel.show_writing(0.0)

        def told(part: float) -> None:
            if stopped.is_set():
                raise GivenUp
            self._told.emit(part)

        self._background.run(
            self,
            lambda: patient_export.save_patients(self._clinic, path, wanted, ids, with_cpf=with_cpf, told=told),
            lambda written: self._written(panel, written),
            lambda error: self._failed(panel, error),
        )

    def _written(self, panel: ExportPanel, path: Path | None) -> None:
        if _is_open(panel):
            panel.show_form()
        if path is None:
            return
        if _is_open(panel):
            panel.dismiss()
        words = _("{file} is written").format(file=path.name)
        self._toasts.show_toast(words, lambda: self._open(path), "download", _("Open folder"))

    def _failed(self, panel: ExportPanel, error: ClinicError) -> None:
        words = sentence(error, self._clock.zone)
        if _is_open(panel):
            panel.show_form(words)
        else:
            self._toasts.show_toast(words, icon="circle-alert")

    def _open(self, path: Path) -> None:
        self.open_folder(path.parent)

    def _stop(self) -> None:
        self._stopped.set()

    def _show_part(self, part: float) -> None:
        if self.panel is not None and _is_open(self.panel) and self.panel.writing:
            self.panel.show_writing(part)


def ask_file(owner: QWidget, name: str, wanted: Format, done: Callable[[Path], None]) -> None:
    """Ask with the system's own dialog where a file is to be saved."""
    dialog = QFileDialog(owner, _("Export patients"), name, _FILTERS[wanted])
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(wanted.value)
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda chosen: done(Path(chosen)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def open_folder(folder: Path) -> bool:
    """Show a folder in the system's file manager."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def whom_to_export(
    everybody: int | None, narrowed: tuple[str, Sequence[UUID]] | None, chosen: Sequence[UUID]
) -> list[Whom]:
    """Everybody, those the list is narrowed to, and those who are chosen on it; the narrowest comes last."""
    found = [Whom(_("Everybody in the register"), everybody, None)]
    if narrowed is not None:
        found.append(Whom(narrowed[0], len(narrowed[1]), narrowed[1]))
    if chosen:
        found.append(Whom(_("Those selected"), len(chosen), chosen))
    return found


def _is_open(panel: ExportPanel) -> bool:
    return shiboken6.isValid(panel) and panel.isVisible()
