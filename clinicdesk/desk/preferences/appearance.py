"""How this desk looks and answers to keys: settings of this computer, in force the moment they are chosen."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.preferences.leaf import Leaf
from clinicdesk.desk.shortcuts import ANYWHERE, key_for
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.undo import Deed, Undo
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.fields import Select
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.scrolled import scrolled_column
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.widgets.switch import Switch
from clinicdesk.settings import LEAST_IDLE_MINUTES, MOST_IDLE_MINUTES, TEXT_SCALES, Settings
from clinicdesk.words import _, marked, ngettext

_MINUTES = "idle_lock_minutes"
FIELDS = {
    "theme": marked("Colours"),
    "high_contrast": marked("High contrast"),
    "language": marked("Language"),
    "density": marked("Density"),
    "text_scale": marked("Size of the text"),
    "reduced_motion": marked("Without movement"),
    "single_letter_keys": marked("Single letters as keys"),
    _MINUTES: marked("Lock without use"),
}
_LANGUAGES = (("pt_BR", "Português"), ("en", "English"), ("es", "Español"))


def fields() -> dict[str, str]:
    """What can be chosen here, by the names of the settings."""
    return {name: _(word) for name, word in FIELDS.items()}


class Appearance(Leaf):
    """`chosen` carries the new Settings. `may_rebuild` tells why the window cannot be built anew, empty when it can."""

    chosen = Signal(object)

    def __init__(
        self,
        settings: Callable[[], Settings],
        undo: Undo,
        may_rebuild: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self._settings, self._undo, self._may_rebuild = settings, undo, may_rebuild
        self.notice = Banner("warn", "")
        self.notice.hide()
        self.segments: dict[str, Segmented] = {}
        self.switches: dict[str, Switch] = {}
        self.minutes = Select(
            [
                (count, ngettext("{count} minute", "{count} minutes", count).format(count=count))
                for count in range(LEAST_IDLE_MINUTES, MOST_IDLE_MINUTES + 1)
            ]
        )
        self._arrange()
        self.show_settings()

    def refresh(self) -> None:
        super().refresh()
        self.show_settings()

    def open_field(self, field: str) -> None:
        if field in self.switches:
            self.switches[field].setFocus(Qt.FocusReason.OtherFocusReason)
        elif field in self.segments:
            self.segments[field].focus_current()
        elif field == _MINUTES:
            self.minutes.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_settings(self) -> None:
        """Show what is in force."""
        now = self._settings()
        for name, segmented in self.segments.items():
            segmented.set_current(str(getattr(now, name)))
        self.minutes.set_value(now.idle_lock_minutes)
        for name, switch in self.switches.items():
            switch.setChecked(bool(getattr(now, name)))

    def choose(self, name: str, value: Any) -> None:
        """Put one setting in force; it is one step back."""
        before = self._settings()
        if getattr(before, name) == value:
            return
        refused = self._may_rebuild() if name == "language" else ""
        self.notice.setVisible(bool(refused))
        if refused:
            self.notice.say("warn", refused)
            self.show_settings()
            return
        after = dataclasses.replace(before, **{name: value})
        self.chosen.emit(after)
        if name != "language":
            self.show_settings()
            self._undo.did(self._deed(_("{name} changed").format(name=_(FIELDS[name])), name, getattr(before, name)))

    def _deed(self, words: str, name: str, value: Any) -> Deed:
        def take_back(done: Callable[[Deed], None]) -> None:
            now = self._settings()
            self.chosen.emit(dataclasses.replace(now, **{name: value}))
            self.show_settings()
            done(self._deed(words, name, getattr(now, name)))

        return Deed(words, take_back)

    def _arrange(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(28, 20, 28, 20)
        column.setSpacing(12)
        column.addWidget(Label(_("Appearance"), "section"))
        column.addWidget(Label(_("For whoever works at this computer; it takes effect at once"), "second", "muted"))
        column.addWidget(self.notice)
        themes = [("light", _("Light")), ("dark", _("Dark")), ("system", _("As the system"))]
        densities = [("comfortable", _("Comfortable")), ("compact", _("Compact")), ("wide", _("Wide"))]
        self._choice(column, "theme", themes, "")
        self._switch(column, "high_contrast", _("Stronger lines and hints"))
        column.addWidget(separator())
        self._choice(column, "density", densities, _("How much room rows and hours take"))
        scales = [(str(scale), _("{percent} %").format(percent=scale)) for scale in TEXT_SCALES]
        self._choice(column, "text_scale", scales, "", int)
        self._switch(column, "reduced_motion", _("Nothing glides or fades"))
        column.addWidget(separator())
        self._choice(column, "language", _LANGUAGES, "")
        self._switch(column, "single_letter_keys", _("T for today, C for the arrival; F1 lists them"))
        column.addWidget(separator())
        lock = _("Everything is covered until the password is typed, and nothing typed is lost; {key} locks at once")
        self.minutes.setAccessibleName(_(FIELDS[_MINUTES]))
        self.minutes.activated.connect(lambda _row: self.choose(_MINUTES, self.minutes.value))
        self._line(column, _MINUTES, lock.format(key=key_for(ANYWHERE, "lock")), self.minutes)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled_column(body, 760))

    def _line(self, column: QVBoxLayout, name: str, detail: str, control: QWidget) -> None:
        line = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(_(FIELDS[name]), "strong"))
        if detail:
            words.addWidget(Label(detail, "second", "muted", wrap=True))
        line.addLayout(words, 1)
        line.addWidget(control)
        column.addLayout(line)

    def _choice(
        self,
        column: QVBoxLayout,
        name: str,
        options: Sequence[tuple[str, str]],
        detail: str,
        read: Callable[[str], Any] = str,
    ) -> None:
        segmented = Segmented(options, _(FIELDS[name]))
        segmented.chosen.connect(lambda key: self.choose(name, read(key)))
        self.segments[name] = segmented
        self._line(column, name, detail, segmented)

    def _switch(self, column: QVBoxLayout, name: str, detail: str) -> None:
        switch = Switch(name=_(FIELDS[name]))
        switch.clicked.connect(lambda checked=False: self.choose(name, bool(checked)))
        self.switches[name] = switch
        self._line(column, name, detail, switch)
