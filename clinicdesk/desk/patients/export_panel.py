"""Taking patients out in a file: whom, in which form, and how far the writing is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.widgets.switch import CheckBox, RadioButton
from clinicdesk.usecases.patient_export import Format
from clinicdesk.words import _

_WIDTH = 480


@dataclass(frozen=True)
class Whom:
    """One answer to whose data leave: in words, how many where it is known, and their ids; None for everybody."""

    words: str
    count: int | None
    ids: Sequence[UUID] | None


class ExportPanel(Popover):
    """`file_wanted` asks where to; `given_up` stops the writing."""

    file_wanted = Signal()
    given_up = Signal()

    def __init__(self, owner: QWidget, whom: Sequence[Whom], may_see_cpf: bool) -> None:
        super().__init__(owner, veiled=True, radius=16, light=False)
        self._whom = whom
        self._group = QButtonGroup(self)
        self.choices = [RadioButton(_whom_words(one)) for one in whom]
        self.form = Segmented(
            [(Format.XLSX.value, _("Spreadsheet (XLSX)")), (Format.CSV.value, _("Text (CSV)"))], _("Kind of file")
        )
        self.cpf = CheckBox(_("With the whole CPF"))
        self.cpf.setVisible(may_see_cpf)
        self.trouble = Banner("danger", "")
        self.bar = ProgressBar(_("How far the file is"))
        self.save = Button(_("Choose where to save…"), "primary", "download", "Ctrl Enter", size="key")
        self.back = Button(_("Back"), "secondary", key="Esc", size="key")
        self._arrange()
        self.save.clicked.connect(self.file_wanted)
        self.back.clicked.connect(self._leave)
        self.closed.connect(self._closed)
        self.writing = False

    @property
    def ids(self) -> Sequence[UUID] | None:
        """Whose data are wanted; None for everybody's."""
        return self._whom[self._group.checkedId()].ids

    @property
    def file_format(self) -> Format:
        """In which form."""
        return Format(self.form.current)

    def show_writing(self, part: float) -> None:
        """The file is being written; so much of it is done."""
        self.writing = True
        self.trouble.hide()
        self.bar.set_part(part)
        self.bar.show()
        self.save.set_busy(True)
        self.back.setText(_("Stop"))
        self.back.updateGeometry()
        for part_of_form in (*self.choices, self.form, self.cpf):
            part_of_form.setEnabled(False)
        self._fit()

    def show_form(self, trouble: str = "") -> None:
        """Nothing is being written; what was chosen stays."""
        self.writing = False
        self.bar.hide()
        self.save.set_busy(False)
        self.back.setText(_("Back"))
        for part_of_form in (*self.choices, self.form, self.cpf):
            part_of_form.setEnabled(True)
        self.trouble.setVisible(bool(trouble))
        if trouble:
            self.trouble.say("danger", trouble)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.save.isEnabled():
            self.file_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        """As high as what it holds now."""
        if self.content is not None:
            self.content.adjustSize()
        self.adjustSize()

    def _leave(self) -> None:
        if self.writing:
            self.given_up.emit()
        else:
            self.dismiss()

    def _closed(self) -> None:
        if self.writing:
            self.given_up.emit()

    def _arrange(self) -> None:
        body = QWidget()
        body.setFixedWidth(_WIDTH)
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(Label(_("Export patients"), "title"))
        words = _("The file holds personal data. Who took it out and when is written down.")
        column.addWidget(Label(words, "body", "muted", wrap=True))
        for number, choice in enumerate(self.choices):
            self._group.addButton(choice, number)
            column.addWidget(choice)
        self.choices[-1].setChecked(True)
        row = QHBoxLayout()
        row.addWidget(self.form)
        row.addStretch(1)
        column.addLayout(row)
        for widget in (self.cpf, self.trouble, self.bar):
            column.addWidget(widget)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.save)
        column.addSpacing(6)
        column.addLayout(foot)
        self.trouble.hide()
        self.bar.hide()
        self.set_content(body, self.save)


class ProgressBar(QWidget):
    """A thin bar, as long as what is done, with its part in figures."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._part = name, 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_part(self, part: float) -> None:
        """How much is done, from 0 to 1."""
        self._part = min(1.0, max(0.0, part))
        self.setAccessibleName(f"{self._name}: {self._words()}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, max(20, current().line_height("second")))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        track = QRectF(0, self.height() / 2 - 3, self.width() - 56, 6)
        drawing.box(painter, track, 3, theme.color("sunken"), theme.color("line"))
        done = QRectF(track)
        done.setWidth(max(6.0, track.width() * self._part))
        drawing.box(painter, done, 3, theme.color("accent"))
        area = QRectF(self.width() - 48, 0, 48, self.height())
        font = theme.font("second", numbers=True)
        drawing.text(painter, area, self._words(), font, theme.color("muted"), Qt.AlignmentFlag.AlignRight)

    def _words(self) -> str:
        return f"{round(self._part * 100)} %"


def _whom_words(whom: Whom) -> str:
    return whom.words if whom.count is None else f"{whom.words} · {formats.number(whom.count)}"
