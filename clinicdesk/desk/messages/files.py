"""Files of conversations at the desk: pictures decoded aside and shown in place, the rest handed to its own program."""

import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, QTemporaryDir, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.inbox import SendWords
from clinicdesk.domain.media import ENDINGS, LARGEST_FILE, Media, MediaKind, look_at
from clinicdesk.errors import InvalidField
from clinicdesk.usecases import inbox, media
from clinicdesk.usecases.clinic import Clinic, new_id

_SMALL = QSize(520, 400)  # twice what a bubble shows, for screens of twice the pixels
_MOST_MEGABYTES = 256
_MOST_KEPT = 200
_FORMATS = {"image/jpeg": b"jpeg", "image/png": b"png", "image/gif": b"gif", "image/webp": b"webp"}
_PICTURES = (MediaKind.IMAGE, MediaKind.STICKER)


class Files(QObject):
    """`came` tells that a picture was decoded, `failed` why a file could not be opened."""

    came = Signal()
    failed = Signal(object)  # ClinicError

    def __init__(self, clinic: Clinic, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._clinic, self._background = clinic, background
        self._pictures: dict[UUID, QPixmap | None] = {}
        self._folder: QTemporaryDir | None = None

    def picture(self, file: Media) -> QPixmap | None:
        """The picture of a file, None while it is not decoded; asking has it decoded."""
        if file.kind not in _PICTURES or not file.here:
            return None
        if file.id not in self._pictures:
            if len(self._pictures) > _MOST_KEPT:
                self._pictures.clear()
            self._pictures[file.id] = None  # asked for
            self._background.run(
                self,
                lambda: decoded(media.open_media(self._clinic, file.id), _SMALL),
                lambda image: self._decoded(file.id, image),
                lambda _error: None,
            )
        return self._pictures[file.id]

    def open(self, file: Media, owner: QWidget) -> None:
        """Show a picture large; hand anything else to the program this computer opens it with, read-only."""
        if file.kind in _PICTURES:
            room = owner.window().size() * 0.86 * owner.devicePixelRatioF()
            self._background.run(
                self,
                lambda: decoded(media.open_media(self._clinic, file.id), room),
                lambda image: Lightbox(owner, image).open_centred() if not image.isNull() else None,
                self.failed.emit,
                replaces="open",
            )
            return
        folder = self._own_folder()
        self._background.run(
            self,
            lambda: written(media.open_media(self._clinic, file.id), file, folder),
            _hand_over,
            self.failed.emit,
            replaces="open",
        )

    def keep(self, file: Media, kept: bool, done: Callable[[], None]) -> None:
        """Keep a file beyond its days, or let it go with them."""
        self._background.run(
            self,
            lambda: media.keep_media(self._clinic, file.id, kept),
            lambda _file: done(),
            self.failed.emit,
            lane="writes",
        )

    def send(self, conversation_id: UUID, path: Path, words: str, done: Callable[[], None]) -> None:
        """Send a file of this computer, with what is typed."""
        attach_id, send_id = new_id(), new_id()

        def work() -> None:
            content = read_whole(path)
            media_id = media.attach(self._clinic, conversation_id, content, path.name, attach_id)
            inbox.send_words(self._clinic, SendWords(send_id, conversation_id, words, media_id))

        self._background.run(self, work, lambda _none: done(), self.failed.emit, lane="writes")

    def close(self) -> None:
        """Take away what was laid out for other programs."""
        if self._folder is not None:
            self._folder.remove()
            self._folder = None

    def _decoded(self, media_id: UUID, image: QImage) -> None:
        if not image.isNull():
            self._pictures[media_id] = QPixmap.fromImage(image)
            self.came.emit()

    def _own_folder(self) -> Path:
        if self._folder is None:
            self._folder = QTemporaryDir()
        return Path(self._folder.path())


class Lightbox(Popover):
    """A picture as large as the window lets it be; any click or Esc closes it."""

    def __init__(self, owner: QWidget, image: QImage) -> None:
        super().__init__(owner, veiled=True)
        label = QLabel()
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(owner.devicePixelRatioF())
        label.setPixmap(picture)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(label)
        self.set_content(body)
        self.closed.connect(self.deleteLater)


def _hand_over(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def decoded(content: bytes, room: QSize) -> QImage:
    """A picture made to fit a room, by the size its head names; a null one for what cannot be read or is too much."""
    name = _format(content)
    if not name:
        return QImage()
    data = QByteArray(content)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(name))
    reader.setAutoDetectImageFormat(False)  # a reader of pages or drawings is never asked
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(_MOST_MEGABYTES)
    size = reader.size()
    if not size.isValid():
        return QImage()
    if size.width() > room.width() or size.height() > room.height():
        reader.setScaledSize(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def _format(content: bytes) -> bytes:
    """By which of Qt's readers a picture is read; empty for what is none of the few kinds that are shown."""
    try:
        return _FORMATS.get(look_at(content).mime, b"")
    except InvalidField:
        return b""


def written(content: bytes, file: Media, folder: Path) -> Path:
    """A file laid out for another program: its ending is that of what it is, and only its owner may read it."""
    ending = ENDINGS.get(file.mime, "")
    stem = Path(file.file_name).stem or str(file.id)[:8]
    path = folder / f"{str(file.id)[-6:]}-{stem}{ending}"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
    return path


def read_whole(path: Path) -> bytes:
    """A file of this computer. Raises InvalidField for one that cannot be read, or that nobody would carry."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InvalidField("file", "file_too_large", str(LARGEST_FILE // 1_000_000))
        return path.read_bytes()
    except OSError:
        raise InvalidField("file", "missing") from None
