"""The settings page of the desks: the list at the left, one desk or a code for another at the right."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk.desk.preferences.desks.desk_panel import DeskPanel
from clinicdesk.desk.preferences.desks.invite_panel import InvitePanel
from clinicdesk.desk.preferences.desks.words import row_of
from clinicdesk.desk.preferences.leaf import Leaf
from clinicdesk.desk.preferences.listing import Row, RowListView
from clinicdesk.desk.preferences.navigation import follow_text
from clinicdesk.desk.preferences.section import LIST_WIDTH, Desk
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.undo import Deed
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.scrolled import scrolled_column
from clinicdesk.desk.wording import sentence
from clinicdesk.domain import desks as domain
from clinicdesk.domain.desks import Invitation
from clinicdesk.domain.staff import Role
from clinicdesk.errors import ClinicError, InvalidField
from clinicdesk.usecases import desks
from clinicdesk.usecases.clinic import Change
from clinicdesk.words import _, pgettext

_GATHER_MILLISECONDS = 150
_ASK_AGAIN = 60_000  # while the page is open, so that “in use” does not grow old
_WIDEST = 640
_TABLES = frozenset({"desk", "desk_session", "person"})


class DesksPage(Leaf):
    """For owners and managers. Where the clinic is on one computer it says what more desks would take.

    `moving` is the key of the page that takes the clinic to a server, where there is one.
    """

    def __init__(self, desk: Desk, moving: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self._moving = moving
        self._desk = desk
        self.desks: list[domain.Desk] = []
        self._known: set[UUID] = set()
        self.is_owner = desk.clinic.person.role is Role.OWNER
        self.list = RowListView(_("Desks"), two_lines=True)
        self.list.chosen.connect(self._chose)
        self.invite_button = Button(_("Invite a desk"), "soft", "plus", key="N")
        self.invite_button.clicked.connect(self.begin_new)
        if not self.is_owner:
            self.invite_button.refuse(_("Owners invite desks."))
        server = desk.clinic.server
        self.panel = DeskPanel(desk.clock, self.is_owner)
        self.inviting = InvitePanel(str(server) if server else "")
        self.notice = Banner("danger", "")
        self.panel.renamed.connect(self._rename)
        self.panel.shut_out.connect(self._shut_out)
        self.inviting.another_wanted.connect(self.begin_new)
        self.inviting.closed.connect(self._show_chosen)
        self._stale = QTimer(self, singleShot=True, interval=_GATHER_MILLISECONDS)
        self._stale.timeout.connect(self.refresh)
        self._ageing = QTimer(self, interval=_ASK_AGAIN)
        self._ageing.timeout.connect(self._age)
        self._arrange()

    # --- what the settings call ---

    def refresh(self) -> None:
        """Read the desks again."""
        super().refresh()
        clinic = self._desk.clinic
        self._desk.background.run(self, lambda: desks.desks(clinic), self._came, self._failed, replaces="desks")
        self._ageing.start()

    def apply_change(self, change: Change) -> None:
        if self.begun and change.kind in _TABLES:
            self._stale.start()

    def begin_new(self) -> None:
        """Ask for a code."""
        if not self.is_owner or self._stack.currentWidget() is self._nothing:
            return
        clinic = self._desk.clinic
        self._known = {one.id for one in self.desks}
        self.inviting.wait()
        self._right.setCurrentWidget(self._inviting)
        self._desk.background.run(self, lambda: desks.invite(clinic), self._invited, self._not_invited, "writes")

    # --- reading ---

    def _came(self, found: list[domain.Desk]) -> None:
        self.desks = found
        self.notice.hide()
        on_server = self._desk.clinic.server is not None or bool(found)
        self._stack.setCurrentWidget(self._body if on_server else self._nothing)
        there = [one for one in found if one.revoked_at is None]
        self._title.setText(_("Desks"))
        self._count.setText(str(len(there)) if there else "")
        rows = [row_of(one, self._desk.clock) for one in there]
        gone = [one for one in found if one.revoked_at is not None]
        if gone:
            rows.append(Row(None, pgettext("list of desks", "Shut out"), right=str(len(gone))))
            rows += [row_of(one, self._desk.clock) for one in gone]
        current = self.list.current_id
        if current not in {one.id for one in found}:
            current = next((one.id for one in there), None)
        self.list.show_rows(rows, current)
        newcomer = next((one for one in there if one.id not in self._known), None)
        if newcomer is not None and self.inviting.is_open():
            self.inviting.joined(newcomer.name)
        if self._right.currentWidget() is not self._inviting:
            self._show_chosen()

    def _chose(self, _desk_id: object) -> None:
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = next((one for one in self.desks if one.id == self.list.current_id), None)
        if chosen is None:
            self._right.setCurrentWidget(self._none)
            return
        self.panel.show_desk(chosen)
        self._right.setCurrentWidget(self._one)

    def _age(self) -> None:
        if self.isVisible():
            self.refresh()

    def _failed(self, error: ClinicError) -> None:
        self.notice.say("danger", sentence(error))
        self.notice.show()

    # --- writing ---

    def _invited(self, invitation: Invitation) -> None:
        self.inviting.show_code(invitation)

    def _not_invited(self, error: ClinicError) -> None:
        self.inviting.refused(sentence(error))

    def _rename(self, desk_id: UUID, name: str) -> None:
        before = next(one.name for one in self.desks if one.id == desk_id)

        def done(kept: str) -> None:
            self._desk.undo.did(self._renaming(desk_id, kept, before))
            self.refresh()

        clinic = self._desk.clinic
        self._desk.background.run(self, lambda: desks.rename(clinic, desk_id, name), done, self._not_renamed, "writes")

    def _renaming(self, desk_id: UUID, name: str, before: str) -> Deed:
        """The deed of giving a desk a name, whose way back gives it the one before."""

        def take_back(done: Callable[[Deed], None]) -> None:
            def back(_kept: str) -> None:
                done(self._renaming(desk_id, before, name))
                self.refresh()

            clinic = self._desk.clinic
            self._desk.background.run(
                self, lambda: desks.rename(clinic, desk_id, before), back, self._not_renamed, "writes"
            )

        return Deed(_("Desk named {name}").format(name=name), take_back)

    def _not_renamed(self, error: ClinicError) -> None:
        if isinstance(error, InvalidField):
            self.panel.refused(error)
        else:
            self._failed(error)

    def _shut_out(self, desk_id: UUID) -> None:
        clinic = self._desk.clinic
        name = next(one.name for one in self.desks if one.id == desk_id)

        def done(_nothing: None) -> None:
            self._desk.toasts.show_toast(_("{name} is shut out").format(name=name), icon="ban")
            self.refresh()

        self._desk.background.run(self, lambda: desks.revoke(clinic, desk_id), done, self._failed, "writes")

    # --- arranging ---

    def _arrange(self) -> None:
        self._title = Label(_("Desks"), "subsection")
        self._count = Label("", "second", "muted", numbers=True)
        self._none = EmptyState("monitor", _("No desk has joined yet"), _("Invite the first one with a code."))
        self._one, self._inviting = scrolled_column(self.panel, _WIDEST), scrolled_column(self.inviting, _WIDEST)
        self._right = QStackedWidget()
        for widget in (self._none, self._one, self._inviting):
            self._right.addWidget(widget)
        self._body = QWidget()
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left())
        row.addWidget(separator(vertical=True))
        row.addWidget(self._right, 1)
        self._nothing = _on_one_computer(bool(self._moving))
        self._nothing.acted.connect(lambda: self.place_wanted.emit(self._moving))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._body)
        self._stack.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _left(self) -> QWidget:
        left = QWidget()
        stand_on(left, "surface")
        follow_text(left, LIST_WIDTH)
        head = QHBoxLayout()
        head.setContentsMargins(20, 16, 16, 8)
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.invite_button)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.notice)
        self.notice.hide()
        column.addWidget(self.list, 1)
        return left


def _on_one_computer(can_move: bool) -> EmptyState:
    return EmptyState(
        "server",
        _("This clinic is on one computer"),
        _(
            "More desks need a clinic server: a computer of yours that stays on. Prepare it with ClinicDesk’s server "
            "package; everything here can be taken along."
        ),
        _("Take to a server") if can_move else "",
    )
