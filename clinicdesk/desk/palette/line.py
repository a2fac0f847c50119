"""The line one types into: the pieces that were understood stand in the colours of what they are."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QInputMethodEvent, QTextCharFormat
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.domain.one_line import Kind, Token

_HEIGHT = 48
_INKS = {
    Kind.PERSON: "text",
    Kind.PHONE: "text",
    Kind.SERVICE: "accentText",
    Kind.DAY: "infoText",
    Kind.TIME: "infoText",
    Kind.HOURS: "infoText",
    Kind.LENGTH: "infoText",
    Kind.PROFESSIONAL: "okText",
    Kind.ROOM: "warnText",
    Kind.EQUIPMENT: "warnText",
    Kind.OVERBOOKING: "dangerText",
    Kind.FOLLOW_UP: "accentText",
    Kind.MOVE: "accentText",
    Kind.NOTE: "muted",
    Kind.FILLER: "faint",
    Kind.UNREAD: "faint",
}


class CommandLine(LineEdit):
    """`show_tokens` colours what was understood; what was not gets a wavy line under it."""

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(placeholder, icon="search", parent=parent)
        self._composing = False
        self.setAccessibleName(placeholder)
        self.setProperty("kind", "palette")
        self.setFont(current().font("subsection"))
        self.setTextMargins(28, 0, 0, 0)

    def sizeHint(self) -> QSize:
        return QSize(400, max(_HEIGHT, current().line_height("subsection") + 20))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def show_tokens(self, tokens: Sequence[Token]) -> None:
        """Colour the text. Qt knows formats inside a line only as an input method's, which this passes for."""
        if self._composing:
            return
        at = self.cursorPosition()
        formats = [
            QInputMethodEvent.Attribute(
                QInputMethodEvent.AttributeType.TextFormat, one.start - at, one.end - one.start, _format(one)
            )
            for one in tokens
            if one.end <= len(self.text())
        ]
        QCoreApplication.sendEvent(self, _Colours("", formats))

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if not isinstance(event, _Colours):
            self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)


class _Colours(QInputMethodEvent):
    """Formats alone: nothing is being composed."""


def _format(token: Token) -> QTextCharFormat:
    theme = current()
    look = QTextCharFormat()
    look.setForeground(theme.color(_INKS[token.kind]))
    if token.kind is Kind.UNREAD or token.value == ():
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(theme.color("warn"))
    elif token.kind not in (Kind.FILLER, Kind.PERSON, Kind.NOTE):
        look.setFontWeight(600)
    return look
