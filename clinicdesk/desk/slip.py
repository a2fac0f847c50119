"""The code that checks a visit in: on screen, on paper, or as a picture for the patient's telephone."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinicdesk.desk.printing import PrintPreview
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.check_in import shown
from clinicdesk.domain.patients import fold
from clinicdesk.usecases.check_in import Slip
from clinicdesk.words import _

_SIDE = 232


class SlipPopover(Popover):
    """`save` and `copy` give the picture away, `preview` the paper."""

    def __init__(self, owner: QWidget, appointment: Appointment, slip: Slip, toasts: ToastArea) -> None:
        super().__init__(owner, veiled=True, radius=16)
        self._owner = owner
        self._slip = slip
        self._toasts = toasts
        self._name = f"check-in-{fold(appointment.patient_name).replace(' ', '-')}"
        self.picture = QImage.fromData(slip.png)
        self.trouble = Banner("danger", "")
        self.trouble.hide()
        self.print_button = Button(_("Print the slip"), "primary", icon="printer", size="key")
        self.copy_button = Button(_("Copy the picture"), "secondary", icon="copy")
        self.save_button = Button(_("Save the picture"), "secondary", icon="download")
        self.print_button.clicked.connect(self.preview)
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self._ask_file)
        self.set_content(self._body(appointment), self.print_button)
        self.closed.connect(self.deleteLater)

    def preview(self) -> None:
        """Show the slip on paper before it is printed."""
        self.dismiss()
        PrintPreview(self._owner, self._slip.pdf, f"{self._name}.pdf").open_centred()

    def copy(self) -> None:
        """Put the picture on the clipboard, to be pasted where one writes to the patient."""
        QGuiApplication.clipboard().setImage(self.picture)
        self.dismiss()
        self._toasts.show_toast(_("Picture copied: paste it where you write to the patient"), icon="copy")

    def save(self, path: Path) -> bool:
        """Write the picture; False, and words on screen, when the folder does not let it."""
        try:
            path.write_bytes(self._slip.png)
        except OSError as error:
            words = _("{file} could not be written: {reason}. Choose another folder.")
            self.trouble.say("danger", words.format(file=path.name, reason=error.strerror or ""))
            self.trouble.show()
            return False
        self.dismiss()
        return True

    def _ask_file(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, self.save_button.text(), f"{self._name}.png", "PNG (*.png)")
        if chosen:
            self.save(Path(chosen))

    def _body(self, appointment: Appointment) -> QWidget:
        body = QWidget()
        body.setFixedWidth(400)
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        title = _("Check-in code of {patient}").format(patient=appointment.patient_name)
        column.addWidget(Label(title, "section", wrap=True))
        column.addWidget(self._code(), alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(Label(shown(self._slip.code), "title", numbers=True), alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.trouble)
        column.addWidget(self.print_button)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copy_button, 1)
        row.addWidget(self.save_button, 1)
        column.addLayout(row)
        return body

    def _code(self) -> QLabel:
        picture = QLabel()
        ratio = self.devicePixelRatioF()
        size = QSize(round(_SIDE * ratio), round(_SIDE * ratio))
        scaled = QPixmap.fromImage(self.picture.scaled(size, mode=Qt.TransformationMode.FastTransformation))
        scaled.setDevicePixelRatio(ratio)
        picture.setPixmap(scaled)
        picture.setAccessibleName(_("QR code {code}").format(code=shown(self._slip.code)))
        return picture
