"""A piece of text in one of the type roles and one of the text colours."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from clinicdesk.desk.stylesheet import restyle
from clinicdesk.desk.theme import current


class Label(QLabel):
    """Text by role (`title`, `section`, `body`, `second` …) and tone (`text`, `muted`, `faint`, `dangerText` …)."""

    def __init__(
        self,
        words: str = "",
        role: str = "body",
        tone: str = "text",
        numbers: bool = False,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # a name is never markup
        self.setWordWrap(wrap)
        if numbers:
            self.setFont(current().font(role, numbers=True))
        self.setProperty("role", role)
        self.setProperty("tone", tone)

    def set_tone(self, tone: str) -> None:
        """Change the colour; the text stays."""
        restyle(self, tone=tone)


def narrow_label(words: str, role: str, tone: str = "text", numbers: bool = False) -> Label:
    """Words in as many lines as they need; one that is longer than a line is cut and widens nothing."""
    label = Label(words, role, tone, numbers=numbers, wrap=True)
    label.setMinimumWidth(1)
    return label


def plain_tip(words: str) -> str:
    """A tool tip that shows words as they are: Qt reads what looks like markup as markup, and a name may."""
    return f"<span>{escape(words)}</span>" if "<" in words else words


def separator(vertical: bool = False) -> QFrame:
    """A line of one pixel between two surfaces."""
    line = QFrame()
    line.setProperty("kind", "separator")
    if vertical:
        line.setFixedWidth(1)
        line.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
    else:
        line.setFixedHeight(1)
    return line


def card() -> QFrame:
    """A white card with a line around it and no shadow."""
    frame = QFrame()
    frame.setProperty("kind", "card")
    return frame
