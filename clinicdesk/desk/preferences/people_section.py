"""The page of the people: who has a login, what they may, and the codes that let them in."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.invitation import InvitationPopover
from clinicdesk.desk.preferences.bound import ChoiceBound, LineBound
from clinicdesk.desk.preferences.people_kind import Team, kind_of_people, people_doors, state_chip
from clinicdesk.desk.preferences.section import FormSection, OwnersDesk
from clinicdesk.desk.undo import Deed
from clinicdesk.desk.widgets.avatar import Avatar
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.dialog import Dialog
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.audit import Alteration
from clinicdesk.domain.preferences import Kept
from clinicdesk.domain.staff import ChangePerson, PersonState, Role
from clinicdesk.domain.team import suggested_login
from clinicdesk.usecases import access
from clinicdesk.usecases.clinic import new_id
from clinicdesk.usecases.staff import Invitation, Member
from clinicdesk.words import _


class PersonHead(QWidget):
    """Where somebody stands and what can be done about it; `code_wanted`, `unlock_wanted`, `close_wanted` ask."""

    code_wanted = Signal()
    unlock_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.avatar = Avatar("", 0, 48)
        self.chip = Chip("")
        self.words = Label("", "second", "muted", wrap=True)
        self.code_button = Button(_("New code"), "secondary", "key-round", size="dense")
        self.code_button.setToolTip(_("For who forgot the password: the present one stops working"))
        self.unlock_button = Button(_("Unlock"), "soft", "lock-open", size="dense")
        self.close_button = Button(_("Close the account"), "quiet", "user-x", size="dense")
        self.code_button.clicked.connect(self.code_wanted)
        self.unlock_button.clicked.connect(self.unlock_wanted)
        self.close_button.clicked.connect(self.close_wanted)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.chip)
        words.addWidget(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 16)
        row.setSpacing(12)
        row.addWidget(self.avatar)
        row.addLayout(words, 1)
        for button in (self.unlock_button, self.code_button, self.close_button):
            row.addWidget(button)

    def show_member(self, member: Member | None, desk: OwnersDesk) -> None:
        """Tell of somebody; nothing of who is not invited yet."""
        self.setVisible(member is not None)
        if member is None:
            return
        person, clock = member.person, desk.clock
        self.avatar.set_person(person.name, person.hue)
        self.chip.set_state(*state_chip(person, clock.now(), clock.zone))
        last = member.last_sign_in
        said = _("Last sign-in: {when}").format(when=dates.moment(last, clock.now(), clock.zone)) if last else ""
        self.words.setText(said or _("Never signed in"))
        mine, may = person.id == desk.clinic.person.id, desk.can_write
        self.unlock_button.setVisible(may and person.state is PersonState.LOCKED)
        self.code_button.setVisible(may and not mine)
        closed = person.state is PersonState.CLOSED
        self.code_button.setText(_("Let in again") if closed else _("New code"))
        self.close_button.setVisible(may and not closed)


class PeopleSection(FormSection):
    """Everybody with a login; a code that was made is shown once, in a card of its own."""

    def __init__(self, desk: OwnersDesk) -> None:
        self.team = Team()
        self.head: PersonHead | None = None
        self.card: InvitationPopover | None = None
        self._suggested = ""
        kind = kind_of_people(self.team, desk.clock, self._make_head)
        super().__init__(desk, _("People"), kind, people_doors(desk.clinic, self.team))

    def shown_row(self, kept: Kept[Any]) -> None:
        if self.head is not None:
            member = None if kept is self._new else self.team.members.get(kept.id)
            self.head.show_member(member, self._owners)
        editor = self.editor
        assert editor is not None
        editor.bounds["login"].set_read_only(kept is not self._new or not self.desk.can_write)
        self._offer_profiles()
        if kept.form.active is False and editor.bounds:
            for bound in editor.bounds.values():
                bound.set_read_only(True)
        member = self.team.members.get(kept.id)
        if kept is not self._new and self.desk.can_write and member is not None:
            editor.changed_button.setText(_("History"))
            editor.changed_button.show()

    # --- what is done to somebody ---

    def give_code(self) -> None:
        """A code in place of the password; there is no way back, so it is asked."""
        member = self._member()
        if member is None:
            return
        if member.person.state in (PersonState.CLOSED, PersonState.INVITED):
            self._reset(member)  # there is no password to lose
            return
        dialog = Dialog(
            self,
            _("Give {name} a new code?").format(name=member.person.name),
            _("The present password stops working, and what they have open at any desk ends."),
            _("Give a new code"),
            danger=False,
        )
        dialog.confirmed.connect(partial(self._reset, member))
        dialog.open()

    def unlock(self) -> None:
        """Let them try their password again."""
        member, operation = self._member(), new_id()
        if member is None:
            return

        def unlocked(_person: object) -> None:
            words = _("{name} may sign in again").format(name=member.person.name)
            self.desk.toasts.show_toast(words, icon="lock-open")
            self.refresh()

        command = ChangePerson(operation, member.person.id)
        self._do(lambda: access.unlock_person(self.desk.clinic, command), unlocked)

    def close_account(self) -> None:
        """End the account; the way back is a new code, and the toast says so."""
        member, operation = self._member(), new_id()
        if member is None:
            return
        command = ChangePerson(operation, member.person.id)

        def closed(_person: object) -> None:
            words = _("Account of {name} closed. Undoing gives a new code").format(name=member.person.name)
            self.desk.undo.did(Deed(words, lambda done: self._let_in(member, words, done)))
            self.refresh()

        self._do(lambda: access.close_person(self.desk.clinic, command), closed)

    def _let_in(self, member: Member, words: str, done: Callable[[Deed], None]) -> None:
        def back(invitation: Invitation) -> None:
            self._given(invitation)
            again = Deed(words, lambda after: self._close_again(member, words, after))
            done(again)

        command = ChangePerson(new_id(), member.person.id)
        self._do(lambda: access.reset_access(self.desk.clinic, command), back)

    def _close_again(self, member: Member, words: str, done: Callable[[Deed], None]) -> None:
        def closed(_person: object) -> None:
            done(Deed(words, lambda after: self._let_in(member, words, after)))
            self.refresh()

        command = ChangePerson(new_id(), member.person.id)
        self._do(lambda: access.close_person(self.desk.clinic, command), closed)

    def _reset(self, member: Member) -> None:
        command = ChangePerson(new_id(), member.person.id)
        self._do(lambda: access.reset_access(self.desk.clinic, command), self._given)

    def _given(self, invitation: Invitation) -> None:
        if invitation.code:
            self._show_code(invitation)
        self.refresh()

    def _do(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.desk.background.run(self, work, done, self._tell, lane="writes")

    def _show_code(self, invitation: Invitation) -> None:
        self.card = InvitationPopover(
            self, self.desk.clinic, invitation, self.desk.clock, self.desk.toasts, self.desk.background
        )
        self.card.open_centred()

    def _take_over(self, saved: Kept[Any]) -> None:
        super()._take_over(saved)
        invitation = self.team.codes.pop(saved.id, None)
        if invitation is not None:
            self._show_code(invitation)

    # --- the form ---

    def _edited(self) -> None:
        super()._edited()
        self._offer_profiles()
        self._suggest_login()

    def _offer_profiles(self) -> None:
        """The profiles of the role that is chosen; another role leaves the one it had."""
        editor = self.editor
        if editor is None:
            return
        role, profile = editor.bounds["role"], editor.bounds["profile_id"]
        assert isinstance(profile, ChoiceBound)
        chosen, before = role.value(), profile.value()
        fitting = [one for one in self.team.profiles if one.role == chosen]
        profile.set_options([(None, _("All the role includes")), *((one.id, one.name) for one in fitting)])
        profile.put(before if any(one.id == before for one in fitting) else None)
        profile.set_read_only(chosen is Role.OWNER or not self.desk.can_write)
        wide = _("Owners decide about people and see every unit they work in") if chosen is Role.OWNER else ""
        role.set_hint(wide)

    def _suggest_login(self) -> None:
        editor = self.editor
        if editor is None or self._new is None or self.current != self._new.id:
            return
        name, login = editor.bounds["name"], editor.bounds["login"]
        assert isinstance(name, LineBound)
        assert isinstance(login, LineBound)
        if login.line.text() in ("", self._suggested):
            self._suggested = suggested_login(name.line.text(), self.team.logins())
            login.put(self._suggested)

    def _alteration_lines(self, one: Alteration) -> list[str]:
        lines = super()._alteration_lines(one)
        names = {change.field: change for change in one.changes}
        if "active" in names:
            lines = [line for line in lines if not line.startswith(_("Account") + ":")]
            lines.insert(0, _("Let in again") if names["active"].after else _("Account closed"))
        elif "password_set_at" in names:
            lines.insert(0, _("Password chosen") if names["password_set_at"].after else _("A new code was given"))
        if "locked_at" in names and "active" not in names:
            locked = names["locked_at"].after
            lines.insert(0, _("Locked after too many wrong passwords") if locked else _("Unlocked"))
        return lines

    @property
    def _owners(self) -> OwnersDesk:
        assert isinstance(self.desk, OwnersDesk)
        return self.desk

    def _member(self) -> Member | None:
        return self.team.members.get(self.current) if isinstance(self.current, UUID) else None

    def _make_head(self) -> QWidget:
        self.head = PersonHead(self)
        self.head.code_wanted.connect(self.give_code)
        self.head.unlock_wanted.connect(self.unlock)
        self.head.close_wanted.connect(self.close_account)
        return self.head
