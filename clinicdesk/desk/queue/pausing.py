"""Asking why a channel is to rest. It can be undone, so it is a popover and not a dialog."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.queue import ChannelStanding
from clinicdesk.words import _


class PausePopover(Popover):
    """`decided` carries the reason."""

    decided = Signal(str)

    def __init__(self, owner: QWidget, channel: ChannelStanding) -> None:
        super().__init__(owner)
        self.reason = LineEdit(_("phone being repaired, too many complaints…"))
        self.reason.setMaxLength(120)
        self._field = Field(_("Reason"), self.reason, reserve=True)
        self.confirm = Button(
            _("Pause {channel}").format(channel=channel.name), "primary", "pause", "Ctrl Enter", "key"
        )
        body = QWidget()
        body.setFixedWidth(380)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(Label(_("Why does {channel} rest?").format(channel=channel.name), "section", wrap=True))
        what = _("What is due meanwhile goes by another channel where there is one, else it waits.")
        column.addWidget(Label(what, "second", "muted", wrap=True))
        column.addWidget(self._field)
        column.addWidget(self.confirm)
        self.set_content(body, self.reason)
        self.confirm.clicked.connect(self._decide)
        self.reason.returnPressed.connect(self._decide)
        self.closed.connect(self.deleteLater)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held:
            self._decide()
        else:
            super().keyPressEvent(event)

    def _decide(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            self._field.set_error(_("Say why, in a word or two"))
            self.reason.setFocus()
            return
        self.dismiss()
        self.decided.emit(reason)
