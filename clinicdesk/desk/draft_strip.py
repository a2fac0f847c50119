"""What somebody had been typing, offered again in a quiet line: go on with it, or throw it away."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.domain.drafts import NEW, Draft
from clinicdesk.words import _, marked, ngettext

_MOST = 2  # at once: more would push the day off the screen
_OF_A_ROW = {
    "patient": marked("You were editing the record of {about}."),
    "waiting": marked("You were changing the wait of {about}."),
    "cancel": marked("You were cancelling the visit of {about}."),
}
_OF_NEW = {
    "booking": marked("You were booking {about}."),
    "patient": marked("You were registering {about}."),
    "block": marked("You were blocking time for {about}."),
    "waiting": marked("You were putting {about} on the waiting list."),
}
_NAMELESS = {
    "booking": marked("You were booking a visit."),
    "patient": marked("You were registering a patient."),
    "waiting": marked("You were filling in the waiting list."),
}


_ANY_FORM = marked("You had a form open.")
_A_SETTING = marked("You were changing {about} in the settings.")


def draft_words(draft: Draft) -> str:
    """What somebody was doing, in a sentence."""
    if not draft.about:
        return _(_NAMELESS.get(draft.kind, _ANY_FORM))
    of_new = draft.key == NEW
    words = (_OF_NEW if of_new else _OF_A_ROW).get(draft.kind, _A_SETTING)
    return _(words).format(about=draft.about)


class DraftStrip(QWidget):
    """`taken_up` and `thrown_away` carry the Draft."""

    taken_up = Signal(object)
    thrown_away = Signal(object)

    def __init__(self, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "bg")
        self._clock = clock
        self.lines: list[Banner] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self.hide()

    def show_drafts(self, drafts: Sequence[Draft]) -> None:
        """Offer these; the line goes when there are none."""
        for line in self.lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = [self._line(draft, drafts) for draft in drafts[:_MOST]]
        self.setVisible(bool(drafts))

    def _line(self, draft: Draft, drafts: Sequence[Draft]) -> Banner:
        kept = dates.moment(draft.kept_at, self._clock.now(), self._clock.zone)
        detail = _("Kept on this desk: {moment}").format(moment=kept)
        further = len(drafts) - _MOST
        if further > 0 and draft is drafts[_MOST - 1]:
            more = ngettext("{count} more after this", "{count} more after this", further).format(count=further)
            detail = f"{detail} · {more}"
        line = Banner("info", draft_words(draft), parent=self)
        line.as_band()
        line.say("info", draft_words(draft), _("Continue"), detail, "pencil", other=_("Discard"))
        line.acted.connect(lambda: self.taken_up.emit(draft))
        line.other_acted.connect(lambda: self.thrown_away.emit(draft))
        self._column.addWidget(line)
        line.show()
        return line
