"""The pictures of the service that is shown: added and taken away at once, each with its way back."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.preferences.picture_edit import PictureFrame
from clinicdesk.desk.undo import Deed, Undo
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.pictures import LARGEST
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import service_images
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _


class PicturesPanel(QWidget):
    """Reads the pictures of one service when it is told which; they are too large to be read with the list."""

    def __init__(self, clinic: Clinic, background: Background, undo: Undo, can_write: bool) -> None:
        super().__init__()
        self._clinic, self._background, self._undo = clinic, background, undo
        self._can_write = can_write
        self._service: UUID | None = None
        self.shown: list[tuple[UUID, bytes]] = []
        self.add_button = Button(_("Add a picture"), icon="image")
        self.add_button.clicked.connect(self._choose)
        self._problem = Label("", "second", "dangerText", wrap=True)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(6)
        column.addWidget(Label(_("Pictures"), "label", "muted"))
        column.addLayout(self._row)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addWidget(Label(_("PNG or JPEG, up to {size} KB").format(size=LARGEST // 1024), "second", "muted"))
        foot.addWidget(self._problem, 1)
        foot.addStretch(1)
        column.addLayout(foot)
        self.add_button.setVisible(can_write)

    def show_service(self, service_id: UUID | None) -> None:
        """Show the pictures of this service; None for one that is not saved yet."""
        self._service = service_id
        self._problem.setText("")
        self._show([])
        self.setVisible(service_id is not None)
        if service_id is not None:
            self._read(service_id)

    def take_file(self, path: Path) -> None:
        """Add the picture of a file."""
        try:
            with path.open("rb") as file:
                image = file.read(LARGEST + 1)
        except OSError:
            image = b""
        service_id = self._service
        if service_id is not None:
            self._add(service_id, image, lambda deed: self._undo.did(deed, "image"))

    def _choose(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(
            self, _("Choose a picture"), "", f"{_('Pictures')} (*.png *.jpg *.jpeg)"
        )
        if name:
            self.take_file(Path(name))

    def _read(self, service_id: UUID) -> None:
        def came(found: list[tuple[UUID, bytes]]) -> None:
            if service_id == self._service:
                self._show(found)

        self._background.run(
            self, lambda: service_images.images(self._clinic, service_id), came, self._failed, replaces="images"
        )

    def _show(self, found: list[tuple[UUID, bytes]]) -> None:
        self.shown = found
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for image_id, image in found:
            self._row.addWidget(self._framed(image_id, image))
        self._row.addStretch(1)
        self.add_button.setEnabled(len(found) < service_images.MOST)

    def _framed(self, image_id: UUID, image: bytes) -> QWidget:
        frame = PictureFrame(image)
        if self._can_write:
            cross = icon_button("x", _("Remove the picture"), "secondary", "small")
            cross.setParent(frame)
            cross.move(frame.width() - 28, 4)
            cross.clicked.connect(lambda: self._remove(image_id, image))
        return frame

    def _remove(self, image_id: UUID, image: bytes) -> None:
        service_id = self._service
        if service_id is not None:
            self._take_away(service_id, image_id, image, lambda deed: self._undo.did(deed, "image"))

    def _add(self, service_id: UUID, image: bytes, done: Callable[[Deed], None]) -> None:
        operation = new_id()

        def added(image_id: UUID) -> None:
            self._again(service_id)
            words = _("Picture added")
            done(Deed(words, lambda back: self._take_away(service_id, image_id, image, back)))

        self._background.run(
            self,
            lambda: service_images.add(self._clinic, service_id, image, operation),
            added,
            self._failed,
            lane="writes",
        )

    def _take_away(self, service_id: UUID, image_id: UUID, image: bytes, done: Callable[[Deed], None]) -> None:
        operation = new_id()

        def gone(_nothing: None) -> None:
            self._again(service_id)
            done(Deed(_("Picture removed"), lambda back: self._add(service_id, image, back)))

        self._background.run(
            self,
            lambda: service_images.remove(self._clinic, image_id, operation),
            gone,
            self._failed,
            lane="writes",
        )

    def _again(self, service_id: UUID) -> None:
        self._problem.setText("")
        if service_id == self._service:
            self._read(service_id)

    def _failed(self, error: ClinicError) -> None:
        self._problem.setText(sentence(error))
