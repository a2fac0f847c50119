"""One page of the settings: the list of one kind of thing, the form of the chosen one, and what wires them."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.drafts import Typed
from clinicdesk.desk.preferences.doors import Doors
from clinicdesk.desk.preferences.editor import FormEditor
from clinicdesk.desk.preferences.history import HistoryPopover
from clinicdesk.desk.preferences.kinds import Kind
from clinicdesk.desk.preferences.labels import labels
from clinicdesk.desk.preferences.leaf import Leaf
from clinicdesk.desk.preferences.listing import Row, RowListView
from clinicdesk.desk.preferences.navigation import follow_text
from clinicdesk.desk.preferences.visits import VisitsPopover
from clinicdesk.desk.preferences.ways_back import Shown, WaysBack
from clinicdesk.desk.preferences.wording import alteration_lines, changed_by
from clinicdesk.desk.preferences.worklist import Worklist
from clinicdesk.desk.preferences.world import World, read_world
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.desk.wording_people import why_not
from clinicdesk.domain.drafts import Draft
from clinicdesk.domain.effects import Effect, Touch
from clinicdesk.domain.handover import KINDS
from clinicdesk.domain.plain import from_plain, to_plain
from clinicdesk.domain.preferences import Kept, SaveForm, clean
from clinicdesk.domain.staff import Capability, Missing, Role
from clinicdesk.errors import ChangedElsewhere, ClinicError, InvalidField, InvalidForm, StillUsed
from clinicdesk.usecases.clinic import Change, Clinic, new_id
from clinicdesk.words import _

LIST_WIDTH = 376
_WIDER = 64
_GATHER_MILLISECONDS = 150


@dataclass(frozen=True)
class Desk:
    """What every page of the settings stands on."""

    clinic: Clinic
    background: Background
    toasts: ToastArea
    undo: Undo
    clock: DeskClock

    @property
    def can_write(self) -> bool:
        """Whether this person changes the clinic's settings; the database asks again."""
        return self.clinic.person.rights.may(Capability.CHANGE_SETTINGS)

    @property
    def why_not_write(self) -> str:
        """Why this person changes nothing here, when it is their profile rather than their role."""
        rights = self.clinic.person.rights
        narrowed = rights.missing(Capability.CHANGE_SETTINGS) is Missing.PROFILE
        return why_not(rights, Capability.CHANGE_SETTINGS) if narrowed else ""


@dataclass(frozen=True)
class OwnersDesk(Desk):
    """What the pages stand on that owners alone change."""

    @property
    def can_write(self) -> bool:
        return self.clinic.person.role is Role.OWNER

    @property
    def why_not_write(self) -> str:
        return "" if self.can_write else _("Only owners change this")


class FormSection(Leaf):
    """The list of one kind at the left and the form of the chosen one at the right, or the form alone."""

    saved = Signal(object)  # Kept

    def __init__(self, desk: Desk, title: str, kind: Kind, doors: Doors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self.desk, self.kind, self.doors = desk, kind, doors
        self.world = World(desk.clinic.id, ())
        self.kept: list[Kept[Any]] = []
        self.current: UUID | None = None
        self._title = title
        self._new: Kept[Any] | None = None
        self._drafts: dict[UUID, tuple[Kept[Any], Any]] = {}
        self._attempt: tuple[Any, UUID] | None = None
        self._left_behind: Draft | None = None
        self._wanted_field = ""
        self._said: tuple[object, ...] = ()
        self._lines: list[Row] = []
        self.worklist: Worklist | None = None
        self.list: RowListView | None = None
        self.editor: FormEditor | None = None
        self._right = QStackedWidget()
        self._nothing = EmptyState("settings", *kind.empty)
        shown = Shown(self._take_over, self._forget, self._follow, self._tell)
        self._back = WaysBack(self, desk.background, doors, kind.removable, shown)
        self._stale = QTimer(self, singleShot=True, interval=_GATHER_MILLISECONDS)
        self._stale.timeout.connect(self.refresh)
        self._counting = QTimer(self, singleShot=True, interval=_GATHER_MILLISECONDS)
        self._counting.timeout.connect(self._count_effects)
        self._arrange()

    # --- what the page calls ---

    def refresh(self) -> None:
        """Read what is shown again; what is typed stays."""
        self.begun = True

        def read() -> tuple[World, Sequence[Kept[Any]]]:
            return self.read_world(), self.doors.read()

        self.desk.background.run(self, read, self._read_done, self._tell, replaces="read")

    def read_world(self) -> World:
        """What the form chooses from; called on a lane."""
        return read_world(self.desk.clinic)

    def apply_change(self, change: Change) -> None:
        """Something changed, here or at another desk."""
        if self.begun and change.kind in self.kind.tables:
            self._stale.start()

    def save(self) -> None:
        """Keep what the form holds."""
        editor = self.editor
        if editor is None or (not editor.changes and self._new is None) or not editor.ready():
            return
        kept = editor.kept
        assert kept is not None
        self._write(kept, editor.form())

    def begin_new(self) -> None:
        """A new one, with the keyboard in its first field."""
        if self.kind.new is None or not self.desk.can_write or not self.begun:
            return
        if self._new is None:
            form = self.kind.new(self.world, self.kept)
            self._new = Kept(new_id(), 0, form)
        self._choose(self._new.id)
        if self.editor is not None:
            next(iter(self.editor.bounds.values())).focus()

    def open_row(self, row_id: UUID, field: str = "") -> None:
        """Show one of them, with the keyboard in a field when it is named."""
        self._wanted_field = field
        if any(one.id == row_id for one in self.kept):
            self._choose(row_id)
        else:
            self.current = row_id

    def open_field(self, field: str) -> None:
        """Put the keyboard into a field of the form that is shown, or of the first."""
        self._wanted_field = field
        self._focus_wanted()

    def typed(self) -> list[Typed]:
        """What is typed here and not saved."""
        self._keep_draft()
        titles = {row.id: row.title for row in self._rows()} if self.kind.rows is not None else {}
        found = []
        for kept, form in self._drafts.values():
            with contextlib.suppress(TypeError):  # a form that holds more than can be written down
                about = titles.get(kept.id) or self.kind.new_word
                found.append(Typed(str(kept.id), about, [kept.version, to_plain(form)]))
        return found

    def resume(self, draft: Draft) -> None:
        """Go on with a form that was left: over the version it was begun on, so that a change since is shown."""
        self._left_behind = draft
        if self.begun:
            self.refresh()

    def _take_up_left(self) -> None:
        """What was left comes back once its row was read; a row that is gone since, or was never one, is a new one."""
        left, self._left_behind = self._left_behind, None
        sample = self._sample()
        if left is None or sample is None:
            return
        try:
            version, plain = left.values
            form = from_plain(type(sample), plain)
        except (ValueError, TypeError):  # of another release
            return
        kept = self._kept(UUID(left.key))
        if kept is None and self.kind.new is not None:
            kept = self._new = Kept(UUID(left.key), 0, self.kind.new(self.world, self.kept))
        if kept is not None:
            self._drafts[kept.id] = (replace(kept, version=version), form)
            self.current = kept.id

    def _sample(self) -> Any | None:
        """A form of this kind, to know its type by."""
        if self.kept:
            return self.kept[0].form
        return self.kind.new(self.world, self.kept) if self.kind.new is not None else None

    @property
    def has_drafts(self) -> bool:
        """Whether something here is not saved."""
        return bool(self._drafts) or self._new is not None or (self.editor is not None and self.editor.changes > 0)

    # --- reading ---

    def _read_done(self, answer: tuple[World, Sequence[Kept[Any]]]) -> None:
        world, kept = answer
        self._keep_draft()
        self.kept = list(kept)
        if world != self.world or self.editor is None:
            self.world = world
            self._build_editor()
        self._take_up_left()
        ids = [one.id for one in self.kept] + ([self._new.id] if self._new else [])
        if self.current not in ids:
            self.current = self._first()
        self._show_list()
        self._show_current()
        self._focus_wanted()

    def _first(self) -> UUID | None:
        if self.kind.rows is None:
            return self.kept[0].id if self.kept else None
        rows = [row for row in self._rows() if row.id is not None]
        return next((row.id for row in rows if not row.muted), rows[0].id if rows else None)

    def _kept(self, row_id: UUID | None) -> Kept[Any] | None:
        if self._new is not None and row_id == self._new.id:
            return self._new
        return next((one for one in self.kept if one.id == row_id), None)

    # --- choosing ---

    def _choose(self, row_id: UUID) -> None:
        self._keep_draft()
        self.current = row_id
        self._show_list()
        self._show_current()
        self._focus_wanted()

    def _keep_draft(self) -> None:
        """What is typed and not saved waits here while something else is shown."""
        editor = self.editor
        if editor is None or editor.kept is None or self.current is None or editor.kept.id != self.current:
            return
        draft = editor.draft()
        if draft is not None and editor.changes:
            self._drafts[editor.kept.id] = (editor.kept, draft)
        elif not editor.changes:
            self._drafts.pop(editor.kept.id, None)

    def _show_list(self) -> None:
        if self.list is None or self.kind.rows is None:
            return
        rows = self._rows()
        rows = [replace(row, draft=row.id in self._drafts) if row.id else row for row in rows]
        if self._new is not None:
            rows.insert(0, replace(self.kind.rows([self._new], self.world)[0], title=self.kind.new_word, draft=True))
        self.list.show_rows(rows, self.current)

    def _rows(self) -> list[Row]:
        """The lines of what is kept: worded once for each reading, and not each time one looks at another."""
        said = (tuple((one.id, one.version) for one in self.kept), self.world)
        if said != self._said and self.kind.rows is not None:
            self._said, self._lines = said, self.kind.rows(self.kept, self.world)
        return self._lines

    def _show_current(self) -> None:
        kept = self._kept(self.current)
        editor = self.editor
        if kept is None or editor is None:
            self._right.setCurrentWidget(self._nothing)
            return
        seen, draft = self._drafts.get(kept.id, (kept, kept.form))
        words = changed_by(kept.changed_by, kept.changed_at, self.desk.clock)
        title = self.kind.new_word if kept is self._new else self.kind.title(kept, self.world)
        editor.open(seen, draft, title, words, self.desk.can_write, kept is self._new)
        self._right.setCurrentWidget(editor)
        if seen.version != kept.version:
            self._say_stale(_("Another desk changed this"))
        if editor.changes:
            self._counting.start()
        self.drafts_changed.emit(self.has_drafts)
        self.shown_row(kept)

    def shown_row(self, kept: Kept[Any]) -> None:
        """Something is on show; what stands beside the form follows it."""

    def _focus_wanted(self) -> None:
        if self._wanted_field and self.editor is not None and self.current is not None:
            self.editor.focus_field(self._wanted_field)
            self._wanted_field = ""

    # --- changing ---

    def _edited(self) -> None:
        self._attempt = None
        self._counting.start()
        self.drafts_changed.emit(self.has_drafts)

    def _discarded(self) -> None:
        if self.current is not None:
            self._drafts.pop(self.current, None)
        if self._new is not None and self.current == self._new.id:
            self._new = None
            self.current = self._first()
        self._show_list()
        self._show_current()
        self.drafts_changed.emit(self.has_drafts)

    def _count_effects(self) -> None:
        editor = self.editor
        if editor is None or editor.kept is None or not editor.changes or not self.desk.can_write:
            return
        try:
            form = clean(editor.form())
        except (InvalidField, InvalidForm):
            return
        kept = editor.kept

        def counted(effects: Sequence[Effect]) -> None:
            if editor is self.editor and editor.kept is kept and editor.changes:
                editor.effects.show_effects(effects)

        self.desk.background.run(
            self, lambda: self.doors.effects(kept, form), counted, lambda _error: None, replaces="effects"
        )

    def _write(self, kept: Kept[Any], form: Any) -> None:
        editor = self.editor
        assert editor is not None
        # What stands by itself and was never written, such as a public holiday, is written now.
        is_new = kept is self._new or (kept.version == 0 and self.kind.new is not None)
        if self._attempt is None or self._attempt[0] != form:
            self._attempt = (form, new_id())
        command = SaveForm(self._attempt[1], form, None if is_new else kept.id, kept.version)
        editor.begin_saving()
        self.desk.background.run(
            self,
            lambda: self.doors.save(command),
            lambda saved: self._written(kept, saved, is_new),
            lambda error: self._refused(kept, form, error),
            lane="writes",
        )

    def _written(self, before: Kept[Any], saved: Kept[Any], is_new: bool) -> None:
        self._attempt = None
        self._drafts.pop(before.id, None)
        if before is self._new:
            self._new = None
        self.kept = [one for one in self.kept if one.version or one.id != before.id]
        if self.current == before.id:
            self.current = saved.id
        self._take_over(saved)
        name = self.kind.title(saved, self.world)
        if is_new:
            self.desk.undo.did(self._back.made(_("{name} added").format(name=name), saved))
        else:
            self.desk.undo.did(self._back.saved(_("{name} saved").format(name=name), before, saved))
        self.saved.emit(saved)

    def _take_over(self, saved: Kept[Any]) -> None:
        if any(one.id == saved.id for one in self.kept):
            self.kept = [saved if one.id == saved.id else one for one in self.kept]
        else:
            self.kept.append(saved)
        self._show_list()
        self._show_current()
        self._stale.start()

    def _refused(self, kept: Kept[Any], form: Any, error: ClinicError) -> None:
        editor = self.editor
        if editor is None or editor.kept is None or editor.kept.id != kept.id:
            self._tell(error)
        elif isinstance(error, InvalidForm):
            editor.show_problems(error.problems)
        elif isinstance(error, InvalidField):
            editor.show_problems([error])
        elif isinstance(error, ChangedElsewhere):
            self._compare(self._who_changed(error))
        elif isinstance(error, StillUsed):
            words = sentence(error, self.desk.clock.zone)
            if error.kind in KINDS:
                editor.show_refusal("warn", words, _("Show and move them"), lambda: self.open_worklist(error))
                self.open_worklist(error)
            elif error.kind == "service_category":
                editor.show_refusal("warn", words, _("Show services"), lambda: self.place_wanted.emit("services"))
            else:
                editor.show_refusal("warn", words)
        else:
            words = sentence(error, self.desk.clock.zone)
            detail = _("What you typed is still here")
            editor.show_refusal("warn", words, _("Try again"), self.save, detail)

    def _who_changed(self, error: ChangedElsewhere) -> str:
        if not error.changed_by or error.changed_at is None:
            return _("Another desk changed this")
        at = formats.clock(error.changed_at, self.desk.clock.zone)
        return _("{person} changed this at {time}").format(person=error.changed_by, time=at)

    def open_worklist(self, fact: StillUsed) -> None:
        """Show what stands in the way, and move it; when nothing does any more, what was asked for is saved."""
        world = self.world
        things: Sequence[Kept[Any]] = [*world.professionals, *world.rooms, *world.equipment]
        names = {one.id: str(one.form.name) for one in things}
        desk = self.desk
        self.worklist = Worklist(self, desk.clinic, desk.background, desk.undo, desk.clock, fact, names)
        self.worklist.cleared.connect(self._cleared)
        self.worklist.open_centred()

    def _cleared(self) -> None:
        if self.worklist is not None:
            self.worklist.dismiss()
        self.save()

    # --- another desk was first ---

    def _say_stale(self, words: str) -> None:
        if self.editor is not None:
            detail = _("What you typed is still here")
            self.editor.show_refusal("info", words, _("See the change"), lambda: self._compare(words), detail)

    def _compare(self, words: str) -> None:
        """Read what stands now, and show both values where both desks changed the same field."""
        editor, kept = self.editor, self.editor.kept if self.editor else None
        if editor is None or kept is None:
            return

        def read(newer: Kept[Any]) -> None:
            if editor is not self.editor or editor.kept is not kept:
                return
            count = editor.rebase(newer)
            self._attempt = None
            self._drafts.pop(newer.id, None)
            advice = (
                _("Compare the marked fields and save") if count else _("Nothing you changed is touched; save again")
            )
            editor.show_refusal("info", words, detail=advice)
            self.kept = [newer if one.id == newer.id else one for one in self.kept]

        self.desk.background.run(self, lambda: self.doors.one(kept.id), read, self._tell, replaces="compare")

    # --- removing and ordering ---

    def remove_current(self) -> None:
        """Take away the one that is shown; the toast brings it back."""
        kept, remove = self._kept(self.current), self.doors.remove
        if kept is None or remove is None or not self.kind.removable or not self.desk.can_write:
            return
        if kept is self._new:
            self._discarded()
            return
        words = _("{name} removed").format(name=self.kind.title(kept, self.world))
        operation = new_id()

        def gone(_nothing: None) -> None:
            self._forget(kept.id)
            self.desk.undo.did(self._back.removed(words, kept))

        self.desk.background.run(
            self,
            lambda: remove(kept.id, kept.version, operation),
            gone,
            lambda error: self._refused(kept, kept.form, error),
            lane="writes",
        )

    def _forget(self, row_id: UUID) -> None:
        self.kept = [one for one in self.kept if one.id != row_id]
        self._drafts.pop(row_id, None)
        if self.current == row_id:
            self.current = self._first()
        self._show_list()
        self._show_current()

    def _reordered(self, ids: tuple[UUID, ...]) -> None:
        before = tuple(one.id for one in self.kept)
        wanted = tuple(one for one in ids if self._new is None or one != self._new.id)
        kind = self.kind.form
        self._back.order(kind, wanted, lambda: self.desk.undo.did(self._back.ordered(kind, before, wanted)))

    def _follow(self, ids: tuple[UUID, ...]) -> None:
        places = {row_id: at for at, row_id in enumerate(ids)}
        self.kept.sort(key=lambda one: places.get(one.id, len(places)))
        self._stale.start()

    # --- looking back, looking closer ---

    def _show_history(self) -> None:
        kept, editor = self._kept(self.current), self.editor
        if kept is None or editor is None or kept is self._new:
            return
        popover = HistoryPopover(self, self.desk.clock)
        popover.open_at(editor.changed_button)
        self.desk.background.run(
            popover,
            lambda: self.doors.history(kept.id),
            lambda found: popover.show_lines([(one, self._alteration_lines(one)) for one in found]),
            self._tell,
        )

    def _alteration_lines(self, one: Any) -> list[str]:
        shown = {name: bound.shown for name, bound in (self.editor.bounds if self.editor else {}).items()}
        return alteration_lines(one, labels(self.kind.form), shown)

    def _show_visits(self, effect: Effect) -> None:
        kept = self._kept(self.current)
        if effect.touch is Touch.HELD and kept is not None:
            kind = next(one for one in KINDS if one in self.kind.tables)
            self.open_worklist(StillUsed(kind, kept.id, effect.count))
            return
        VisitsPopover(self, effect, self.desk.clock).open_centred()

    # --- the frame ---

    def _build_editor(self) -> None:
        actions = []
        if self.kind.removable and self.desk.can_write:
            remove = icon_button("trash-2", _("Remove"), size="dense")
            remove.clicked.connect(self.remove_current)
            actions.append(remove)
        editor = FormEditor(self.kind.lines(self.world), actions)
        editor.read_only_words = self.desk.why_not_write
        editor.edited.connect(self._edited)
        editor.discarded.connect(self._discarded)
        editor.save_wanted.connect(self.save)
        editor.history_wanted.connect(self._show_history)
        editor.effect_opened.connect(self._show_visits)
        old, self.editor = self.editor, editor
        self._right.addWidget(editor)
        if old is not None:
            self._right.removeWidget(old)
            old.deleteLater()

    def _tell(self, error: ClinicError) -> None:
        self.desk.toasts.show_toast(sentence(error, self.desk.clock.zone), icon="circle-alert")

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._right.addWidget(self._nothing)
        if self.kind.rows is not None:
            row.addWidget(self._left())
            row.addWidget(separator(vertical=True))
        row.addWidget(self._right, 1)

    def _left(self) -> QWidget:
        left = QWidget()
        stand_on(left, "surface")
        follow_text(left, LIST_WIDTH + (_WIDER if self.kind.wide else 0))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 16, 0)
        head.addWidget(Label(self._title, "section"), 1)
        if self.kind.new is not None and self.desk.can_write:
            new = Button(self.kind.new_word, "soft", "plus", "N")
            new.clicked.connect(self.begin_new)
            head.addWidget(new)
        column.addLayout(head)
        self.list = RowListView(self._title, self.kind.orderable and self.desk.can_write, self.kind.two_lines)
        self.list.chosen.connect(self._choose)
        self.list.reordered.connect(self._reordered)
        column.addWidget(self.list, 1)
        self.fill_foot(column)
        return left

    def fill_foot(self, column: QVBoxLayout) -> None:
        """What else stands below the list; nothing here."""
