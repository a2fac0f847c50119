"""How what was saved on a page of the settings is taken back, and done again: by toast, Ctrl+Z and Ctrl+Y."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject

from clinicdesk.desk.background import Background
from clinicdesk.desk.preferences.doors import Doors
from clinicdesk.desk.undo import Deed
from clinicdesk.domain.preferences import Kept, PutInOrder, SaveForm
from clinicdesk.errors import ClinicError
from clinicdesk.usecases.clinic import new_id
from clinicdesk.words import _

Ids = tuple[UUID, ...]


@dataclass(frozen=True)
class Shown:
    """What a page does when something went back: show the form, forget it, follow an order, or say why not."""

    take_over: Callable[[Kept[Any]], None]
    forget: Callable[[UUID], None]
    follow: Callable[[Ids], None]
    failed: Callable[[ClinicError], None]


class WaysBack(QObject):
    """Makes the deeds of one page. `removable` things are taken away again, others put out of use."""

    def __init__(self, owner: QObject, background: Background, doors: Doors, removable: bool, shown: Shown) -> None:
        super().__init__(owner)
        self._background, self._doors = background, doors
        self._remove = doors.remove if removable else None
        self._shown = shown
        # Taking a save back makes a new version; what it brought back is known by it from then on.
        self._stands_as: dict[tuple[UUID, int], int] = {}

    def saved(self, words: str, before: Kept[Any], after: Kept[Any]) -> Deed:
        """A save of something that was there."""

        def take_back(done: Callable[[Deed], None]) -> None:
            self._put(before, after, lambda saved: done(self.saved(words, after, saved)))

        return Deed(words, take_back)

    def made(self, words: str, made: Kept[Any]) -> Deed:
        """Something new."""
        if self._remove is None:
            unused = replace(made, form=replace(made.form, active=False))
            return self.saved(words, unused, made)
        return Deed(words, lambda done: self._unmake(words, made, done))

    def removed(self, words: str, gone: Kept[Any]) -> Deed:
        """Something that was taken away."""
        return Deed(words, lambda done: self._make(words, gone, done))

    def ordered(self, kind: type[Any], before: Ids, after: Ids) -> Deed:
        """Another order."""

        def take_back(done: Callable[[Deed], None]) -> None:
            self.order(kind, before, lambda: done(self.ordered(kind, after, before)))

        return Deed(_("Order saved"), take_back)

    def order(self, kind: type[Any], ids: Ids, done: Callable[[], None]) -> None:
        """Give the things this order."""
        command, put = PutInOrder(new_id(), kind, ids), self._doors.order
        assert put is not None, "a list that is not ordered moves no line"

        def ordered(_nothing: None) -> None:
            self._shown.follow(ids)
            done()

        self._write(lambda: put(command), ordered)

    def _unmake(self, words: str, made: Kept[Any], done: Callable[[Deed], None]) -> None:
        operation, remove = new_id(), self._remove
        assert remove is not None, "what is put out of use is not made anew"

        def gone(_nothing: None) -> None:
            self._shown.forget(made.id)
            done(self.removed(words, made))

        self._write(lambda: remove(made.id, self._standing(made), operation), gone)

    def _make(self, words: str, gone: Kept[Any], done: Callable[[Deed], None]) -> None:
        command = SaveForm(new_id(), gone.form)

        def back(saved: Kept[Any]) -> None:
            self._shown.take_over(saved)
            done(Deed(words, lambda again: self._unmake(words, saved, again)))

        self._write(lambda: self._doors.save(command), back)

    def _put(self, wanted: Kept[Any], over: Kept[Any], done: Callable[[Kept[Any]], None]) -> None:
        operation = new_id()

        def put() -> Kept[Any]:
            saved = self._doors.save(SaveForm(operation, wanted.form, over.id, self._standing(over)))
            self._stands_as[wanted.id, self._standing(wanted)] = saved.version
            return saved

        def back(saved: Kept[Any]) -> None:
            self._shown.take_over(saved)
            done(saved)

        self._write(put, back)

    def _standing(self, seen: Kept[Any]) -> int:
        """The version under which what was seen stands now."""
        version, walked = seen.version, set()
        while (seen.id, version) in self._stands_as and version not in walked:
            walked.add(version)
            version = self._stands_as[seen.id, version]
        return version

    def _write(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._background.run(self, work, done, self._shown.failed, lane="writes")
