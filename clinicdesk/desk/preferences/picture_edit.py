"""A picture chosen from a file, shown as it will be kept, or taken away again."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.pictures import LARGEST
from clinicdesk.words import _

_SIDE = 96


class PictureEdit(QWidget):
    """`picked` says that another file was chosen, or the picture taken away; `take_back` forgets the last choice."""

    picked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._picture: bytes | None = None
        self._before: bytes | None = None
        self._frame = PictureFrame()
        self.choose_button = Button(_("Choose a file…"), icon="upload")
        self.choose_button.clicked.connect(self._choose)
        self.clear_button = Button(_("Remove"), "quiet", icon="x")
        self.clear_button.clicked.connect(lambda: self._pick(None))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._frame)
        column = QVBoxLayout()
        column.setSpacing(6)
        buttons = QHBoxLayout()
        buttons.addWidget(self.choose_button)
        buttons.addWidget(self.clear_button)
        buttons.addStretch(1)
        column.addStretch(1)
        column.addLayout(buttons)
        limit = _("PNG or JPEG, up to {size} KB").format(size=LARGEST // 1024)
        column.addWidget(Label(limit, "second", "muted"))
        column.addStretch(1)
        row.addLayout(column, 1)
        self.setFocusProxy(self.choose_button)
        self.set_picture(None)

    @property
    def picture(self) -> bytes | None:
        """The picture's bytes as they came."""
        return self._picture

    def set_picture(self, picture: bytes | None) -> None:
        """Show this one."""
        self._picture = self._before = picture
        self._show()

    def take_file(self, path: Path) -> None:
        """Take the picture out of a file; one that cannot be read is no picture."""
        try:
            with path.open("rb") as file:
                self._pick(file.read(LARGEST + 1))
        except OSError:
            self._pick(b"")

    def take_back(self) -> None:
        """Forget the last choice."""
        self._picture = self._before
        self._show()

    def _choose(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(
            self, _("Choose a picture"), "", f"{_('Pictures')} (*.png *.jpg *.jpeg)"
        )
        if name:
            self.take_file(Path(name))

    def _pick(self, picture: bytes | None) -> None:
        self._before, self._picture = self._picture, picture
        self._show()
        self.picked.emit()

    def _show(self) -> None:
        self._frame.show_picture(self._picture)
        self.clear_button.setVisible(bool(self._picture))


class PictureFrame(QWidget):
    """A picture in its frame, whole; an empty frame says that there is none."""

    def __init__(self, picture: bytes | None = None) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self.setFixedSize(_SIDE, _SIDE)
        self.setAccessibleName(_("a picture"))
        self.show_picture(picture)

    def show_picture(self, picture: bytes | None) -> None:
        """Show this one, or none."""
        self._pixmap = QPixmap()
        if picture:
            self._pixmap.loadFromData(picture)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        area = QRectF(self.rect())
        drawing.box(painter, area, 8, theme.color("sunken"), theme.color("line"))
        if self._pixmap.isNull():
            icons.paint(painter, "image", "faint", area.adjusted(34, 34, -34, -34))
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        inner = area.adjusted(8, 8, -8, -8)
        size = self._pixmap.size().scaled(inner.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        box = QRectF(0, 0, size.width(), size.height())
        box.moveCenter(inner.center())
        painter.drawPixmap(box, self._pixmap, QRectF(self._pixmap.rect()))
