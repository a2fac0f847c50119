"""The CPF on a form: one that is known stays covered and untouched until somebody asks to change it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.widgets.masks import mask_cpf_typed
from clinicdesk.domain.patients import clean_cpf
from clinicdesk.words import _


class CpfEdit(MaskedEdit):
    """`switched` tells whether the known CPF is kept from now on, or typed anew."""

    switched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(mask_cpf_typed, "000.000.000-00", parent)
        self._known = ""
        self._keeps = False
        self._switch = Button("", "link", size="small")
        self._switch.setParent(self)
        self._switch.clicked.connect(lambda: self._turn(not self._keeps))
        self._switch.hide()

    @property
    def value(self) -> str | None:
        """What was typed; None when the known CPF stays."""
        return None if self._keeps else self.text().strip()

    def start(self, known: str, typed: str = "") -> None:
        """Begin with a known CPF, as a shared screen may show it, or with something typed, or with neither."""
        self._known = known
        self._switch.setVisible(bool(known))
        self._keeps = bool(known) and not typed
        self._show()
        if typed:
            self.setText(mask_cpf_typed(typed))

    def check(self) -> str:
        """The digits typed. Raises InvalidField; a CPF that stays needs no check."""
        return "" if self._keeps else clean_cpf(self.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _turn(self, keeps: bool) -> None:
        self._keeps = keeps
        self._show()
        self.switched.emit(keeps)
        if not keeps:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        self.setReadOnly(self._keeps)
        self.setText(self._known if self._keeps else "")
        self._switch.setText(_("Change") if self._keeps else _("Keep"))
        self._place()

    def _place(self) -> None:
        size = self._switch.sizeHint()
        self.setTextMargins(0, 0, size.width() + 4 if self._known else 0, 0)
        left = self.width() - size.width() - 6
        self._switch.setGeometry(left, (self.height() - size.height()) // 2, size.width(), size.height())
