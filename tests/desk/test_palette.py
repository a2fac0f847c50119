"""The palette's parts without a database: what is registered, how rows are walked, its examples in each language."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from pytestqt.qtbot import QtBot

from clinicdesk import words
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.palette.entries import Entries, Entry, Group
from clinicdesk.desk.palette.line import CommandLine
from clinicdesk.desk.palette.listing import Acts, Listing
from clinicdesk.desk.palette.pieces import Piece, PieceBar
from clinicdesk.desk.palette.rows import Look, Row, Rows
from clinicdesk.domain.one_line import Kind, Vocabulary, read
from tests.domain.one_line_clinic import CATALOGUE, TODAY


def nothing(*_given: object) -> None:
    pass


ACTS = Acts(*[nothing] * 12)


def entry(words_: str, group: Group = Group.ACTIONS, also: str = "") -> Entry:
    return Entry(group, words_, nothing, also=also)


# --- what is registered ---


def test_entries_are_found_by_the_beginnings_of_their_words_without_accents() -> None:
    entries = Entries()
    entries.add(entry("Próximo dia"), entry("Horários", Group.SETTINGS, "expediente"), entry("Dia"))
    assert [one.words for one in entries.found("dia")] == ["Dia", "Próximo dia"]
    assert [one.words for one in entries.found("EXPED")] == ["Horários"]
    assert entries.found("prox ontem") == []
    assert entries.found(" ") == []


def test_a_source_is_asked_at_each_use_and_doubles_are_shown_once() -> None:
    entries, offered = Entries(), [entry("Imprimir")]
    entries.add_source(lambda: offered)
    entries.add(entry("Imprimir"))
    assert len(entries.everything()) == 1
    offered.append(entry("Ajuda", Group.PAGES))
    assert [one.words for one in entries.everything()] == ["Imprimir", "Ajuda"]


# --- rows ---


def test_only_rows_that_do_something_are_walked_and_picked_by_number() -> None:
    rows = Rows()
    rows.show(
        [
            Row(Look.HEADING, "Pacientes"),
            Row(Look.PLAIN, "Ana", run=nothing),
            Row(Look.FACT, "Ocupado"),
            Row(Look.TIME, "15:00", number=1, run=nothing),
        ]
    )
    assert [rows.step(-1, 1), rows.step(1, 1), rows.step(3, 1), rows.step(1, -1)] == [1, 3, 1, 3]
    assert rows.numbered(1) is rows.rows[3]
    assert rows.numbered(2) is None
    assert not rows.flags(rows.index(2)) & Qt.ItemFlag.ItemIsSelectable
    rows.show([Row(Look.FACT, "Nada")])
    assert rows.step(-1, 1) is None


def test_a_row_is_spoken_with_its_number_and_detail() -> None:
    row = Row(Look.TIME, "hoje, 15:00", "Dra. Helena", number=2, run=nothing)
    assert row.said == "2. hoje, 15:00, Dra. Helena"


# --- examples ---


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_examples_are_read_in_the_language_they_are_written_in(language: str, qtbot: QtBot) -> None:
    words.use_language(language)
    clock = DeskClock()
    clock.set_zone(ZoneInfo("America/Sao_Paulo"))
    vocabulary = Vocabulary(CATALOGUE)
    rows = Listing(clock, vocabulary, ACTS).begun((), ())
    booking, stretch, moved, day = (read(row.words, vocabulary, TODAY)[0] for row in rows if row.look is Look.PLAIN)
    assert booking.is_booking and booking.missing == () and booking.room_ids
    assert stretch.is_booking and stretch.days is not None and not stretch.days.is_one
    assert stretch.hours.earliest.hour == 12
    assert moved.is_booking and moved.moving and moved.patient == "ana"
    assert moved.hours.start is not None and moved.hours.start.hour == 9
    assert day.days is not None and day.days.is_one and not day.patient


# --- the line ---


@pytest.mark.usefixtures("dress")
def test_the_line_is_coloured_without_being_changed(qtbot: QtBot) -> None:
    line = CommandLine("Buscar")
    qtbot.addWidget(line)
    heard: list[str] = []
    line.textChanged.connect(heard.append)
    text = "ana botox qui 15h sala 99"
    line.setText(text)
    line.setCursorPosition(4)
    line.show_tokens(read(text, Vocabulary(CATALOGUE), TODAY)[0].tokens)
    assert (line.text(), line.cursorPosition(), heard) == (text, 4, [text])
    line.undo()
    assert line.text() != text or not line.isUndoAvailable()


@pytest.mark.usefixtures("dress")
def test_a_letter_under_way_is_not_disturbed_by_colours(qtbot: QtBot) -> None:
    line = CommandLine("Buscar")
    qtbot.addWidget(line)
    line.setText("joa")
    line.inputMethodEvent(QInputMethodEvent("~", []))
    line.show_tokens(read("joa", Vocabulary(CATALOGUE), TODAY)[0].tokens)
    committed = QInputMethodEvent()
    committed.setCommitString("ã")
    line.inputMethodEvent(committed)
    assert line.text() == "joaã"


def test_pieces_keep_their_chips_and_tell_which_is_to_be_changed(qtbot: QtBot, dress: Callable[..., None]) -> None:
    bar = PieceBar()
    qtbot.addWidget(bar)
    bar.resize(600, 40)
    bar.show_pieces([Piece(Kind.PERSON, "Ana", "user-round"), Piece(Kind.DAY, "hoje", "calendar")])
    first = bar.chips[0]
    bar.show_pieces([Piece(Kind.PERSON, "Bento", "user-round")])
    assert bar.chips == [first]
    assert first.accessibleName() == "Bento"
    with qtbot.waitSignal(bar.wanted) as told:
        first.click()
    assert told.args == [Kind.PERSON]
    dress(text_scale=1.5)
    assert first.sizeHint().height() > 32
