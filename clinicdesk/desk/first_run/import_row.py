"""Taking over another system's file: choose it, read what would happen, import it, and take it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.background import Background
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.wording import sentence
from clinicdesk.errors import ClinicError
from clinicdesk.words import _, ngettext

_MOST_REMARKS = 4


@dataclass(frozen=True)
class Told:
    """What an import did, or would do: its counts, what there is to remark, and how to take it back."""

    counts: str
    remarks: Sequence[str]
    useful: bool
    undo: Callable[[], str] | None = None


Taker = Callable[[Path, bool], Told]  # the file, and whether it is only tried


class ImportRow(QWidget):
    """`take` imports a file, or tries it, off the UI thread. Nothing is written before the summary was seen."""

    settled = Signal()  # something was imported, or taken back

    def __init__(self, icon: str, title: str, detail: str, files: str, background: Background, take: Taker) -> None:
        super().__init__()
        self._background, self._take, self._files, self._detail = background, take, files, detail
        self.path: Path | None = None
        self._undo: Callable[[], str] | None = None
        self.choose = Button(_("Choose a file"), "secondary", "upload")
        self.import_button = Button(_("Import"), "soft", "check")
        self.undo_button = Button(_("Undo"), "link", "undo-2")
        self.said = Label(detail, "second", "muted", wrap=True)
        self.remarks = Label("", "second", "muted", wrap=True)
        self._arrange(icon, title)
        self.choose.clicked.connect(self._ask_file)
        self.import_button.clicked.connect(self._import)
        self.undo_button.clicked.connect(self._take_back)
        self._offer(choose=True)

    def read(self, path: Path) -> None:
        """Try a file and say what would happen."""
        self.path = path
        self._work(lambda: self._take(path, True), self._tried, _("Reading {file}…").format(file=path.name))

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, _("Choose a file"), "", self._files)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.read(Path(chosen)))
        dialog.open()

    def _import(self) -> None:
        path = self.path
        if path is not None:
            words = _("Importing {file}…").format(file=path.name)
            self._work(lambda: self._take(path, False), self._imported, words)

    def _take_back(self) -> None:
        undo = self._undo
        if undo is not None:
            self._work(undo, self._taken_back, _("Taking it back…"))

    def _work(self, work: Callable[[], object], done: Callable[..., None], words: str) -> None:
        self.said.setText(words)
        self.said.set_tone("muted")
        self.remarks.hide()
        for button in (self.choose, self.import_button, self.undo_button):
            button.setEnabled(False)
        self._background.run(self, work, done, self._refused, lane="writes")

    def _tried(self, told: Told) -> None:
        name = self.path.name if self.path else ""
        self._tell(_("{file}: {counts}").format(file=name, counts=told.counts), told.remarks, "text")
        self.choose.setText(_("Another file"))
        self._offer(choose=True, take=told.useful)
        if told.useful:
            self.import_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _imported(self, told: Told) -> None:
        self._undo = told.undo
        self._tell(_("Imported: {counts}").format(counts=told.counts), told.remarks, "okText")
        self._offer(undo=told.undo is not None)
        self.settled.emit()

    def _taken_back(self, words: str) -> None:
        self._undo = None
        self._tell(words, (), "text")
        self._offer(choose=True)
        self.settled.emit()

    def _refused(self, error: ClinicError) -> None:
        self._tell(sentence(error), (), "dangerText")
        self._offer(choose=True)

    def _tell(self, words: str, remarks: Sequence[str], tone: str) -> None:
        self.said.setText(words)
        self.said.set_tone(tone)
        lines = list(remarks[:_MOST_REMARKS])
        more = len(remarks) - len(lines)
        if more > 0:
            lines.append(ngettext("and {count} more", "and {count} more", more).format(count=more))
        self.remarks.setText("\n".join(lines))
        self.remarks.setVisible(bool(lines))

    def _offer(self, choose: bool = False, take: bool = False, undo: bool = False) -> None:
        for button, shown in ((self.choose, choose), (self.import_button, take), (self.undo_button, undo)):
            button.setEnabled(True)
            button.setVisible(shown)

    def _arrange(self, icon: str, title: str) -> None:
        frame = card()
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(frame)
        row = QHBoxLayout(frame)
        row.setContentsMargins(20, 16, 20, 16)
        row.setSpacing(16)
        row.addWidget(_Disc(icon), alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(title, "strong"))
        words.addWidget(self.said)
        words.addWidget(self.remarks)
        self.remarks.hide()
        row.addLayout(words, 1)
        for button in (self.undo_button, self.choose, self.import_button):
            row.addWidget(button, alignment=Qt.AlignmentFlag.AlignVCenter)


class _Disc(QWidget):
    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon

    def sizeHint(self) -> QSize:
        return QSize(40, 40)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.box(painter, QRectF(0, 0, 40, 40), 20, current().color("accentSoft"))
        icons.paint(painter, self._icon, "accentText", QRectF(11, 11, 18, 18))
