"""Tags as the page uses them: the menu, the use cases behind it, and the way back from each of them."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.patients.reading import Profile
from clinicdesk.desk.patients.tag_menu import TagMenu
from clinicdesk.desk.undo import Deed, Undo
from clinicdesk.domain.staff import Role
from clinicdesk.domain.tags import AddTag, RemovedTag, SaveTag, Tag, TagPatient
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import tags
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _


class Tagging(QObject):
    """`changed` says that somebody's tags, or a tag itself, are not what they were; `failed` carries a ClinicError."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, owner: QWidget, clinic: Clinic, background: Background, undo: Undo | None) -> None:
        super().__init__(owner)
        self._clinic = clinic
        self._background = background
        self._undo = undo
        self._patient_id: UUID | None = None
        self._name = ""
        self._on: tuple[Tag, ...] = ()
        self._tags: list[Tag] = []
        self.menu = TagMenu(owner, clinic.person.role is not Role.PROFESSIONAL)
        self.menu.toggled.connect(self._toggle)
        self.menu.make_wanted.connect(self._make)
        self.menu.save_wanted.connect(self._save)
        self.menu.remove_wanted.connect(self._remove)

    def open_for(self, profile: Profile, anchor: QWidget) -> None:
        """Open the menu under `anchor` with the tags there are."""
        self._patient_id, self._name, self._on = profile.patient.id, profile.patient.name, profile.tags

        def show(found: list[Tag]) -> None:
            self._tags = found
            self._show()
            self.menu.open_at(anchor)

        self._background.run(self, lambda: tags.tags(self._clinic), show, self.failed.emit, replaces="tags")

    def refresh(self, profile: Profile) -> None:
        """The patient was read again while the menu is open."""
        if self.menu.isVisible() and profile.patient.id == self._patient_id:
            self._on = profile.tags
            self._reread()

    def _reread(self) -> None:
        def show(found: list[Tag]) -> None:
            self._tags = found
            self._show()

        self._background.run(self, lambda: tags.tags(self._clinic), show, self.failed.emit, replaces="tags")

    def _show(self) -> None:
        self.menu.show_tags(self._tags, {one.id for one in self._on})

    # --- on one patient ---

    def _toggle(self, tag: Tag, on: bool) -> None:
        if self._patient_id is None:
            return
        command = TagPatient(self._patient_id, (tag.id,) if on else (), () if on else (tag.id,))
        said = _("{tag} put on {name}") if on else _("{tag} taken off {name}")
        words = said.format(tag=tag.name, name=self._name)
        self._do(lambda: tags.change(self._clinic, command), lambda found: self._tagged(command, words, found))

    def _tagged(self, command: TagPatient, words: str, found: tuple[Tag, ...]) -> None:
        if command.patient_id == self._patient_id:
            self._on = found
            self._show()
        self._did(self._tag_deed(command, words))

    def _tag_deed(self, command: TagPatient, words: str) -> Deed:
        def take_back(done: Callable[[Deed], None]) -> None:
            def taken_back(found: tuple[Tag, ...]) -> None:
                if command.patient_id == self._patient_id:
                    self._on = found
                    self._show()
                self.changed.emit()
                done(self._tag_deed(command.back, words))

            self._do(lambda: tags.change(self._clinic, command.back), taken_back)

        return Deed(words, take_back)

    # --- the tags themselves ---

    def _make(self, name: str, hue: int) -> None:
        patient_id, command = self._patient_id, AddTag(new_id(), name, hue)
        if patient_id is None:
            return

        def make() -> tuple[Tag, tuple[Tag, ...]]:
            tag = tags.add(self._clinic, command)
            return tag, tags.change(self._clinic, TagPatient(patient_id, (tag.id,)))

        def made(result: tuple[Tag, tuple[Tag, ...]]) -> None:
            tag, found = result
            self._tags = sorted([*self._tags, tag], key=lambda one: one.name.casefold())
            words = _("{tag} put on {name}").format(tag=tag.name, name=self._name)
            self._tagged(TagPatient(patient_id, (tag.id,)), words, found)

        self._do(make, made)

    def _save(self, tag: Tag, name: str, hue: int) -> None:
        if (tag.name, tag.hue) == (name.strip(), hue):
            return
        words = _("Tag {name} changed").format(name=name.strip() or tag.name)
        self._write(tag, name, hue, lambda saved: self._did(self._save_deed(tag, saved, words)))

    def _write(self, tag: Tag, name: str, hue: int, then: Callable[[Tag], None]) -> None:
        operation_id = new_id()

        def write() -> Tag:
            # One that was removed and brought back is the same under another version.
            there = [
                one for one in tags.tags(self._clinic) if (one.id, one.name, one.hue) == (tag.id, tag.name, tag.hue)
            ]
            version = there[0].version if there else tag.version
            return tags.save(self._clinic, SaveTag(operation_id, tag.id, version, name, hue))

        def written(saved: Tag) -> None:
            self._reread()
            then(saved)

        self._do(write, written)

    def _save_deed(self, before: Tag, after: Tag, words: str) -> Deed:
        def take_back(done: Callable[[Deed], None]) -> None:
            def written(saved: Tag) -> None:
                self.changed.emit()
                done(self._save_deed(after, saved, words))

            self._write(after, before.name, before.hue, written)

        return Deed(words, take_back)

    def _remove(self, tag: Tag) -> None:
        words = _("Tag {name} removed").format(name=tag.name)
        self._take_away(tag, lambda removed: self._did(self._remove_deed(removed, words)))

    def _take_away(self, tag: Tag, then: Callable[[RemovedTag], None]) -> None:
        def gone(removed: RemovedTag) -> None:
            self._on = tuple(one for one in self._on if one.id != removed.tag.id)
            self._reread()
            then(removed)

        self._do(lambda: tags.remove(self._clinic, tag.id, tag.version), gone)

    def _remove_deed(self, removed: RemovedTag, words: str) -> Deed:
        def take_back(done: Callable[[Deed], None]) -> None:
            def back(tag: Tag) -> None:
                self._reread()
                self.changed.emit()
                done(
                    Deed(words, lambda again: self._take_away(tag, lambda gone: again(self._remove_deed(gone, words))))
                )

            self._do(lambda: tags.restore(self._clinic, removed), back)

        return Deed(words, take_back)

    # --- what all of them share ---

    def _do(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._background.run(self, work, done, self._trouble, lane="writes")

    def _trouble(self, error: ClinicError) -> None:
        self.failed.emit(error)
        self._reread()

    def _did(self, deed: Deed) -> None:
        self.changed.emit()
        if self._undo is not None:
            self._undo.did(deed, "tag")
