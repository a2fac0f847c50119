"""Several parts in one place of which one is on show, and only that one asks for room."""

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget


class OneOf(QWidget):
    """A stacked widget of Qt's is as high as its highest page; this one is as high as the page on show."""

    def __init__(self, parts: Iterable[QWidget]) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._parts: list[QWidget] = []
        for part in parts:
            self.add(part)
        self._shown = self._parts[0]
        self._shown.show()

    @property
    def shown(self) -> QWidget:
        """The part on show."""
        return self._shown

    def add(self, part: QWidget) -> None:
        """One more, not on show yet."""
        part.setParent(self)
        part.hide()
        self._column.addWidget(part)
        self._parts.append(part)

    def show_part(self, part: QWidget) -> None:
        """Show this one instead."""
        if part is not self._shown:
            self._shown.hide()
            self._shown = part
            part.show()
