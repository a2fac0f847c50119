"""The palette: the line, the pieces of a booking, the list; Enter takes the row in colour."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk.agenda.booking import Booking
from clinicdesk.desk.agenda.deeds import AgendaDeeds
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.palette.delegate import RowsDelegate
from clinicdesk.desk.palette.entries import Entries, Entry
from clinicdesk.desk.palette.line import CommandLine
from clinicdesk.desk.palette.listing import Acts, Listing, count_words
from clinicdesk.desk.palette.pieces import PieceBar, pieces_of
from clinicdesk.desk.palette.rows import Look, Row, Rows
from clinicdesk.desk.widgets.key_hints import KeyHints
from clinicdesk.desk.widgets.label import separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.rows import ListView
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.one_line import Kind, Vocabulary
from clinicdesk.domain.one_line.rendering import fixed
from clinicdesk.domain.patients import NewPatient, PatientMatch
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import one_line
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.one_line import Answer, Decided, Draft, Memory
from clinicdesk.words import _

_WIDTH, _HEIGHT, _LEAST, _TOP = 720, 600, 400, 72
_MOST_RECENT = 5
_WALKS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class Palette(Popover):
    """Focus stays in the line while ↑ ↓ walk the list; Tab goes to the pieces and on to the list, where numbers pick.

    Closing keeps the line for the next time; booking clears it. What it opens is told by signals.
    """

    patient_opened = Signal(object)  # PatientMatch
    register_wanted = Signal(str)
    day_opened = Signal(object)  # dt.date
    week_opened = Signal(object)  # a professional's id
    booked = Signal(object)  # Appointment
    move_wanted = Signal(object, object)  # Appointment, FreeSlot
    form_wanted = Signal(object, object)  # Booking, the day to begin at or None
    answered = Signal(str)  # the line whose answer is on show

    def __init__(
        self,
        owner: QWidget,
        clinic: Clinic,
        background: Background,
        deeds: AgendaDeeds,
        clock: DeskClock,
        entries: Entries,
    ) -> None:
        super().__init__(owner, veiled=True, radius=16)
        self._clinic, self._background, self._deeds, self._clock = clinic, background, deeds, clock
        self._entries = entries
        self._vocabulary: Vocabulary | None = None
        self._listing: Listing | None = None
        self._answer: Answer | None = None
        self.answered_line: str | None = None  # the line whose answer is on show
        self._decided = Decided()
        self._memory = Memory()
        self._take_on_answer = False
        self._fixing: Kind | None = None
        self._saving = False
        self._walked = False  # whether the row in colour was walked to, and is kept when the list changes
        self._attempt: tuple[Booking, UUID] | None = None
        self._recent: list[PatientMatch] = []
        self.line = CommandLine(_("Find a patient, an action, a day – or book in one line"))
        self.pieces = PieceBar()
        self.model = Rows(self)
        self.list = ListView(_("Results"))
        self.setAccessibleName(_("Find or book"))
        self._arrange()
        self._listen()

    # --- opening ---

    def begin(self, catalogue: Catalogue) -> None:
        """Open, with what was typed last chosen so that typing replaces it."""
        if self._vocabulary is None or self._vocabulary.catalogue is not catalogue:
            self._vocabulary = Vocabulary(catalogue)
            self._listing = Listing(self._clock, self._vocabulary, self._acts())
        if self.isVisible():
            self.line.selectAll()
            self.line.setFocus()
            return
        self._memory.forget()
        self.line.selectAll()
        self._ask()
        window = self.owner.window()
        height = min(_HEIGHT, max(_LEAST, window.height() - _TOP - 48))
        self._body.setFixedSize(min(_WIDTH, window.width() - 48), height)
        self.setParent(window)
        self.adjustSize()
        self.show_at(QPoint((window.width() - self._body.width()) // 2, _TOP))

    @property
    def draft(self) -> Draft | None:
        """The booking that the line on show is read as."""
        return self._answer.draft if self._answer else None

    @property
    def current(self) -> Row | None:
        """The row in colour."""
        row = self.list.currentIndex().data(Qt.ItemDataRole.UserRole)
        return row if isinstance(row, Row) and row.run else None

    # --- asking ---

    def _typed(self) -> None:
        self._take_on_answer = False
        self._fixing = None
        # Whom the words mean stays decided while the name stays; the rest is read anew.
        decided = self._decided
        self._decided = Decided(decided.patient, decided.words, visit_id=decided.visit_id)
        self._ask()

    def _ask(self) -> None:
        vocabulary, line = self._vocabulary, self.line.text()
        if vocabulary is None:
            return
        self.answered_line = None
        if not line.strip():
            self._answer = None
            self._show_rows(self._begun())
            self._told(line)
            return
        decided, now, zone = self._decided, self._clock.now(), self._clock.zone
        self._background.run(
            self,
            lambda: one_line.answer(self._clinic, vocabulary, line, now, zone, decided, self._memory),
            self._answer_came,
            self._failed,
            replaces="answer",
        )

    def _begun(self) -> list[Row]:
        assert self._listing is not None
        return self._listing.begun(self._recent, self._entries.everything())

    def _answer_came(self, answer: Answer) -> None:
        if answer.line != self.line.text() or self._listing is None:
            return
        self._answer = answer
        reading = answer.draft.reading if answer.draft else answer.readings[0]
        self.line.show_tokens(reading.tokens if answer.draft or reading.days else ())
        if self._fixing and answer.draft:
            self._show_rows(self._listing.choices(answer.draft, self._fixing))
        else:
            self._show_rows(self._listing.answered(answer, self._entries.found(answer.line)))
        self._told(answer.line)
        if self._take_on_answer:
            self._take_on_answer = False
            if self.current is not None and self.current.certain:
                self._take()

    def _told(self, line: str) -> None:
        self.answered_line = line
        self.answered.emit(line)

    def _failed(self, error: ClinicError) -> None:
        self._take_on_answer = False
        if self._listing is not None:
            # Without the clinic's answer the desk's own commands still work.
            self._answer = None
            self._show_rows(self._listing.failed(error, self._entries.found(self.line.text())))

    def _show_rows(self, rows: list[Row]) -> None:
        draft = self.draft
        before = self.current
        self.pieces.setVisible(draft is not None)
        if draft is not None and self._listing is not None:
            self.pieces.show_pieces(pieces_of(draft, self._listing.words))
            walked = [self.line, *self.pieces.chips, self.list]
            for one, following in pairwise(walked):
                QWidget.setTabOrder(one, following)
        self.model.show(rows)
        same = next((at for at, row in enumerate(rows) if before and row.run and row.said == before.said), None)
        self._choose(same if same is not None and self._walked else self.model.step(-1, 1))
        self._walked = self._walked and same is not None
        self.line.setAccessibleDescription(count_words(sum(row.run is not None for row in rows)))

    # --- walking and taking ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched in (self.line, self.list) and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event, in_list=watched is self.list)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._fixing is not None:
            self._fix(None)
            return
        super().keyPressEvent(event)

    def _key(self, event: QKeyEvent, *, in_list: bool) -> bool:
        key = Qt.Key(event.key())
        if key in _WALKS:
            self._walk(_WALKS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._want_form()
            else:
                self._enter()
        elif in_list and (row := self.model.numbered(key - Qt.Key.Key_0)):
            self._run(row)
        elif in_list and event.text().isprintable() and event.text():
            self.line.setFocus()
            self.line.insert(event.text())
        else:
            return False
        return True

    def _walk(self, by: int) -> None:
        at = self.list.currentIndex().row()
        found = self.model.step(at if at >= 0 else -1, by)
        self._walked = True
        self._choose(found)
        if self.current is not None:
            self.line.setAccessibleDescription(self.current.said)

    def _choose(self, row: int | None) -> None:
        index = QModelIndex() if row is None else self.model.index(row)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if row is None:
            return
        # The heading above belongs to the first row of a group.
        first = row - 1 if row and self.model.rows[row - 1].look is Look.HEADING else row
        self.list.scrollTo(self.model.index(first))
        self.list.scrollTo(index)

    def _enter(self) -> None:
        if self.answered_line != self.line.text():
            self._take_on_answer = True
            return
        self._take()

    def _take(self) -> None:
        if self.current is not None:
            self._run(self.current)

    def _run(self, row: Row) -> None:
        if row.run is not None and not self._saving:
            row.run()

    def _clicked(self, index: QModelIndex) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(row, Row):
            self._run(row)

    # --- what rows do ---

    def _acts(self) -> Acts:
        return Acts(
            open_patient=self._open_patient,
            register=lambda name: self._leave(lambda: self.register_wanted.emit(name)),
            accept=self._accept,
            choose=self._choose_piece,
            book=self._book,
            squeeze_in=self._squeeze_in,
            choose_visit=self._choose_visit,
            move=lambda visit, free: self._leave(lambda: self.move_wanted.emit(visit, free)),
            open_day=lambda day: self._leave(lambda: self.day_opened.emit(day)),
            open_week_of=lambda key: self._leave(lambda: self.week_opened.emit(key)),
            put=self._put,
            run=self._run_entry,
        )

    def _leave(self, then: object) -> None:
        """Close first, so that what opens gets the focus; what was typed is done with."""
        self.line.clear()
        self._decided = Decided()
        self.dismiss()
        assert callable(then)
        then()

    def _open_patient(self, match: PatientMatch) -> None:
        self._remember(match)
        self._leave(lambda: self.patient_opened.emit(match))

    def _remember(self, match: PatientMatch) -> None:
        others = [one for one in self._recent if one.id != match.id]
        self._recent = [match, *others][:_MOST_RECENT]

    def _run_entry(self, entry: Entry) -> None:
        self._leave(entry.run)

    def _accept(self, patient: PatientMatch | NewPatient) -> None:
        draft = self.draft
        if draft is not None:
            self._decided = replace(self._decided, patient=patient, words=draft.name_words)
            self._fix(None)

    def _choose_piece(self, kind: Kind, words: str, key: UUID | None) -> None:
        """Write the choice into the line, where it can be seen and changed."""
        draft = self.draft
        if draft is None:
            return
        self._put(fixed(self.line.text(), draft.reading, kind, words))
        # Two may bear the same name: then the words alone would ask again.
        if kind is Kind.SERVICE:
            self._decided = replace(self._decided, service_id=key)
        elif kind is Kind.PROFESSIONAL:
            self._decided = replace(self._decided, professional_id=key)
        self._ask()

    def _choose_visit(self, visit: Appointment) -> None:
        self._decided = replace(self._decided, visit_id=visit.id)
        self._ask()

    def _put(self, text: str) -> None:
        self.line.setFocus()
        self.line.setText(text)

    def _fix(self, kind: Kind | None) -> None:
        """Show what else a piece may be; None goes back to the booking."""
        draft, listing = self.draft, self._listing
        if kind in (Kind.TIME, Kind.LENGTH, Kind.NOTE, Kind.FOLLOW_UP, Kind.OVERBOOKING, Kind.EQUIPMENT, Kind.MOVE):
            self._mark(kind)
            return
        self._fixing = kind
        self.line.setFocus()
        if kind is not None and kind is Kind.PERSON and draft is not None:
            self._decided = Decided()
        if kind is None or draft is None or listing is None:
            self._ask()
        else:
            self._show_rows(listing.choices(draft, kind))

    def _mark(self, kind: Kind) -> None:
        """Select a piece in the line, so that typing replaces it; what lacks is typed at the end."""
        token = self.draft.reading.token(kind) if self.draft else None
        self.line.setFocus()
        if token is not None:
            self.line.setSelection(token.start, token.end - token.start)
        else:
            self.line.deselect()
            self.line.end(False)

    # --- booking ---

    def _squeeze_in(self) -> None:
        draft = self.draft
        if draft is not None:
            self._put(fixed(self.line.text(), draft.reading, Kind.OVERBOOKING, _("overbooking")))

    def _booking(self, draft: Draft, free: FreeSlot | None) -> Booking:
        assert self._vocabulary is not None
        note = " · ".join(
            part for part in (_("Return visit") if draft.reading.follow_up else "", draft.reading.note) if part
        )
        patient = draft.patient
        named = draft.reading.professional_ids
        return Booking(
            self._vocabulary.catalogue,
            patient=patient if isinstance(patient, PatientMatch) else None,
            new_patient=patient if isinstance(patient, NewPatient) else None,
            service=draft.service,
            professional_id=named[0] if len(named) == 1 else None,
            minutes=draft.wanted.length if draft.wanted else 0,
            free=free,
            note=note,
            overbooking_reason=(draft.reading.note or _("Asked for at the desk")) if draft.reading.overbooking else "",
        )

    def _book(self, free: FreeSlot) -> None:
        draft = self.draft
        if draft is None or draft.patient is None or draft.service is None or self._saving:
            return
        booking = self._booking(draft, free)
        # The same wish keeps its operation: a second press, or a retry after a lost answer, books once.
        if self._attempt is None or self._attempt[0] != booking:
            self._attempt = booking, new_id()
        self._saving = True
        self._deeds.book(booking.command(self._attempt[1]), self._was_booked, self._was_refused)

    def _was_booked(self, appointment: Appointment) -> None:
        self._saving = False
        self._attempt = None
        if self.draft is not None and isinstance(self.draft.patient, PatientMatch):
            self._remember(self.draft.patient)
        self._leave(lambda: self.booked.emit(appointment))

    def _was_refused(self, error: ClinicError) -> None:
        """Somebody was quicker: the agenda is asked again, and what it said meanwhile stays to be read."""
        self._saving = False
        self._memory.forget()
        if self.isHidden():
            self._deeds.refused.emit(None, error)
        elif self._listing is not None:
            self._show_rows([*self._listing.failed(error), *self.model.rows])
            self._ask()

    def _want_form(self) -> None:
        """The whole form, filled with what the line tells; of a patient in the list, a form for them."""
        draft, row = self.draft, self.current
        if draft is None and row is not None and row.person is not None and self._vocabulary is not None:
            booking = Booking(self._vocabulary.catalogue, patient=row.person.match)
            self._leave(lambda: self.form_wanted.emit(booking, None))
        elif draft is not None and not draft.reading.moving:
            offer = draft.offer
            free = (offer.free or next(iter(offer.others), None)) if offer else None
            day: dt.date | None = draft.reading.days.first if draft.reading.days else None
            booking = self._booking(draft, free)
            if booking.patient is None and booking.new_patient is None and not draft.people:
                booking = replace(booking, new_patient=draft.may_be_new)
            self._leave(lambda: self.form_wanted.emit(booking, day))

    # --- arranging ---

    def _listen(self) -> None:
        self.line.textChanged.connect(self._typed)
        self.line.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.clicked.connect(self._clicked)
        self.pieces.wanted.connect(self._fix)

    def _arrange(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(RowsDelegate(self.list))
        self.list.setUniformItemSizes(False)
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(12, 4, 12, 8)
        head.setSpacing(6)
        head.addWidget(self.line)
        head.addWidget(self.pieces)
        column.addLayout(head)
        column.addWidget(separator())
        column.addWidget(self.list, 1)
        column.addWidget(separator())
        column.addWidget(
            KeyHints(
                (
                    (("↑", "↓"), _("walk")),
                    (("Enter",), _("open or book")),
                    (("Tab",), _("pieces, numbers")),
                    (("Ctrl Enter",), _("whole form")),
                )
            )
        )
        self.pieces.hide()
        self.set_content(self._body, self.line)
