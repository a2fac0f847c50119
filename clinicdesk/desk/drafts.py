"""Drafts of every form: kept every few seconds while somebody types, offered again to the same person at this desk."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from clinicdesk import logs
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.domain.drafts import Draft
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import drafts as usecases
from clinicdesk.usecases.staff import SignedIn

KEPT_EVERY = 3000  # milliseconds: what a crash may cost


@dataclass(frozen=True)
class Typed:
    """What stands in one form now: the row's id or NEW, what a person knows it by, and the values as JSON."""

    key: str
    about: str
    values: Any


@dataclass(frozen=True)
class Room:
    """Forms of one kind: what is typed in them now, and the way to open one with what was typed before."""

    kind: str
    typed: Callable[[], Iterable[Typed]]
    resume: Callable[[Draft], None]


class Drafts(QObject):
    """`offered` carries the drafts of earlier sittings, the latest first. Without own files nothing is kept."""

    offered = Signal(list)

    def __init__(self, signed_in: SignedIn, background: Background, clock: DeskClock, parent: QObject) -> None:
        super().__init__(parent)
        self._own, self._clinic = signed_in.own, signed_in.clinic
        self._background, self._clock = background, clock
        self._rooms: dict[str, Room] = {}
        self._kept: dict[tuple[str, str], Any] = {}  # what this sitting wrote or took up, as it lies on the disk
        self._waiting: list[Draft] = []
        self._timer = QTimer(self, interval=KEPT_EVERY)
        self._timer.timeout.connect(self.keep_now)

    def add(self, kind: str, typed: Callable[[], Iterable[Typed]], resume: Callable[[Draft], None]) -> None:
        """Keep what is typed in forms of this kind."""
        self._rooms[kind] = Room(kind, typed, resume)

    def begin(self) -> None:
        """Read what earlier sittings left, and keep what is typed from now on."""
        own, clinic_id, now = self._own, self._clinic.id, self._clock.now()
        if own is None:
            return
        self._timer.start()
        self._background.run(self, lambda: usecases.kept(own, clinic_id, now), self._came, self._lost, lane="files")

    @property
    def waiting(self) -> Sequence[Draft]:
        """What was left and neither taken up nor thrown away yet."""
        return self._waiting

    def keep_now(self) -> None:
        """Keep what is typed at this moment; what was saved or emptied since is kept no more."""
        if self._own is None:
            return
        now, standing = self._clock.now(), set()
        for room in self._rooms.values():
            for typed in room.typed():
                place = room.kind, typed.key
                standing.add(place)
                if self._kept.get(place) != typed.values:
                    self._kept[place] = typed.values
                    self._keep(Draft(room.kind, typed.key, self._clinic.id, typed.about, now, typed.values))
        for place in [place for place in self._kept if place not in standing]:
            del self._kept[place]
            self._forget(place)

    def close(self) -> None:
        """Keep what is typed and look no more: forms that are put away from here on are not emptied by a person."""
        self.keep_now()
        self._timer.stop()
        self._rooms.clear()
        self._own = None

    def take_up(self, draft: Draft) -> None:
        """Go on with it: its form opens with what was typed."""
        self._waiting = [one for one in self._waiting if one.place != draft.place]
        room = self._rooms.get(draft.kind)
        if room is not None:
            room.resume(draft)
            # Not before it stands in the form again: until then it lies on the disk as it was left.
            if draft.place in {(room.kind, typed.key) for typed in room.typed()}:
                self._kept[draft.place] = draft.values
        self.offered.emit(self._waiting)

    def put_back(self, draft: Draft) -> None:
        """It could not be opened now, and is offered on."""
        self._waiting = [draft, *self._waiting]

    def throw_away(self, draft: Draft) -> None:
        """Nobody wants it."""
        self._waiting = [one for one in self._waiting if one.place != draft.place]
        self._forget(draft.place)
        self.offered.emit(self._waiting)

    def bring_back(self, draft: Draft) -> None:
        """It was thrown away by mistake."""
        self._keep(draft)
        self._waiting = [draft, *self._waiting]
        self.offered.emit(self._waiting)

    # --- within ---

    def _keep(self, draft: Draft) -> None:
        own = self._own
        if own is not None:
            self._background.run(
                self, lambda: _kept(lambda: usecases.keep(own, draft)), lambda _done: None, self._lost, lane="files"
            )

    def _forget(self, place: tuple[str, str]) -> None:
        own = self._own
        if own is not None:
            self._background.run(
                self, lambda: usecases.forget(own, *place), lambda _done: None, self._lost, lane="files"
            )

    def _came(self, found: list[Draft]) -> None:
        # What this sitting has typed meanwhile under the same key is newer than what it began with.
        self._waiting = [one for one in found if one.kind in self._rooms and one.place not in self._kept]
        self.offered.emit(self._waiting)

    def _lost(self, error: ClinicError) -> None:
        """The form itself still has it; the log knows why the disk does not."""
        logs.log(__name__).warning("draft_not_kept", exc_info=error)


def _kept(work: Callable[[], None]) -> None:
    try:
        work()
    except OSError as error:  # this desk's disk is full: what is typed stays in its form all the same
        logs.log(__name__).warning("draft_not_kept", exc_info=error)
