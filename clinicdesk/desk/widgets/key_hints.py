"""The keys of a list in its foot; the last ones leave whole when there is no room, for F1 has them all."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinicdesk.desk.widgets.key_cap import KeyCap
from clinicdesk.desk.widgets.label import Label

_GAP = 12


class KeyHints(QWidget):
    """`hints` are (keys, words) pairs, the most needed first."""

    def __init__(self, hints: Sequence[tuple[Sequence[str], str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hints = [_hint(keys, words) for keys, words in hints]
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 9, 16, 10)
        row.setSpacing(_GAP)
        for hint in self._hints:
            row.addWidget(hint)
        row.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left = self.width() - 32
        for hint in self._hints:
            hint.setVisible(hint.sizeHint().width() <= left)
            left = left - hint.sizeHint().width() - _GAP if not hint.isHidden() else 0


def _hint(keys: Sequence[str], words: str) -> QWidget:
    hint = QWidget()
    row = QHBoxLayout(hint)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for key in keys:
        row.addWidget(KeyCap(key))
    row.addWidget(Label(words, "second", "muted"))
    return hint
