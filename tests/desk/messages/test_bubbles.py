"""How a conversation is drawn and read aloud: every kind of line, wide and narrow, whatever was written."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.messages.bubbles import BubbleDelegate
from clinicdesk.desk.messages.files import decoded, read_whole, written
from clinicdesk.desk.messages.listing import TalkList, TalkModel, first_words
from clinicdesk.desk.messages.thread_model import DayRow, ThreadModel
from clinicdesk.desk.messages.thread_view import ThreadView
from clinicdesk.desk.messages.words import (
    event_words,
    file_size,
    media_where,
    media_words,
    preview,
    spoken,
    window_words,
)
from clinicdesk.desk.theme import current
from clinicdesk.domain.demo.papers import photo, result, voice
from clinicdesk.domain.inbox import (
    EventKind,
    Happened,
    Incoming,
    Last,
    Line,
    Outgoing,
    Owner,
    Side,
    Speech,
    Talk,
    Thread,
    life,
    merged,
    place_of,
    speech,
)
from clinicdesk.domain.media import Media, MediaKind, look_at
from clinicdesk.domain.messages import ChannelKind, MessageKind, MessageState, Provider
from clinicdesk.domain.told import WrittenKind
from clinicdesk.errors import InvalidField
from tests.builders import ZONE, local

NOW = local(10, 18)
ME = uuid4()
MINUTE = dt.timedelta(minutes=1)


def talk(**changes: object) -> Talk:
    values: dict[str, object] = {
        "id": uuid4(), "version": 1, "channel_id": uuid4(), "channel": ChannelKind.WHATSAPP, "provider": Provider.META,
        "identity": "5511900000142", "phone": "+5511900000142", "display_name": "Dulce", "patient_id": None,
        "patient_name": "", "owner": Owner.BOT, "person_id": None, "person_name": "", "window_until": NOW + MINUTE,
        "unread": 0, "last_at": NOW, "opted_out_at": None, "unclear": 0, "last": None, **changes,
    }  # fmt: skip
    return Talk(**values)  # type: ignore[arg-type]


def media(kind: MediaKind = MediaKind.IMAGE, **changes: object) -> Media:
    values: dict[str, object] = {
        "id": uuid4(), "clinic_id": uuid4(), "conversation_id": uuid4(), "kind": kind, "mime": "image/png",
        "file_name": "pedido.png", "size": 2_400_000, "seconds": 0, "key_version": 1, "here": True, "fault": "",
        "expires_at": NOW + 90 * 1440 * MINUTE, "kept_at": None, "created_at": NOW, **changes,
    }  # fmt: skip
    return Media(**values)  # type: ignore[arg-type]


def came(body: str = "oi", kind: WrittenKind = WrittenKind.TEXT, **changes: object) -> Incoming:
    return Incoming(uuid4(), NOW, 1, kind, body, **changes)  # type: ignore[arg-type]


def went(body: str = "oi", state: MessageState = MessageState.READ, **changes: object) -> Outgoing:
    return Outgoing(uuid4(), NOW, 1, MessageKind.PERSON, state, body, person_id=ME, **changes)  # type: ignore[arg-type]


EVERYTHING: tuple[Line, ...] = (
    came("1"),
    came("a" * 4000),
    came("https://example.com/" + "x" * 300),
    came("<b>negrito</b> & =SOMA(A1) \u202eoãçatneiro"),
    came("", WrittenKind.DELETED),
    came("", WrittenKind.LOCATION),
    came("veja", WrittenKind.IMAGE, media=media()),
    came("", WrittenKind.AUDIO, media=media(MediaKind.AUDIO, seconds=74)),
    came("", WrittenKind.DOCUMENT, media=media(MediaKind.DOCUMENT, here=False, fault="dangerous")),
    *(went(str(state), state, reason="not_reached") for state in MessageState),
    went("", MessageState.PLANNED, template="Lembrete", price=Decimal("0.04")),
    Outgoing(uuid4(), NOW, 1, MessageKind.REMINDER, MessageState.SENT, "Olá"),
    *(Happened(uuid4(), NOW, kind, ME, "Renata Souza", "Ana") for kind in EventKind),
    *(Happened(uuid4(), NOW, kind) for kind in EventKind if kind is not EventKind.NOTE),
)


class Wall:
    """One picture for every file."""

    def __init__(self) -> None:
        self.pixmap = QPixmap(480, 640)
        self.pixmap.fill()

    def picture(self, file: Media) -> QPixmap | None:
        return self.pixmap if file.kind is MediaKind.IMAGE else None


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 900])
def test_every_line_is_drawn_within_its_row(width: int, dark: bool, qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress(dark=dark)
    holder = QWidget()
    qtbot.addWidget(holder)
    model = ThreadModel(ME, lambda: NOW, lambda: ZONE, holder)
    view = ThreadView(model, Wall(), holder)
    view.resize(width, 500)
    holder.show()
    view.show_thread(Thread(talk(), EVERYTHING, more=False))
    delegate = view.itemDelegate()
    assert isinstance(delegate, BubbleDelegate)
    for row in range(model.rowCount()):
        index = model.index(row)
        size = delegate.sizeHint(QStyleOptionViewItem(), index)
        line = model.rows[row]
        if not isinstance(line, DayRow) and not (isinstance(line, Happened) and line.kind is not EventKind.NOTE):
            box = delegate.bubble_of(line, QRectF(0, 0, size.width(), size.height()))
            assert box.left() >= 0 and box.right() <= size.width() and box.bottom() <= size.height()
        assert str(index.data()), line
    assert not view.grab().isNull()
    view.verticalScrollBar().setValue(0)
    assert not view.grab().isNull()


def test_rows_of_the_list_say_all_and_are_drawn(qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress()
    holder = QWidget()
    qtbot.addWidget(holder)
    model = TalkModel(ME, lambda: NOW, lambda: ZONE, holder)
    view = TalkList(model, holder)
    view.resize(344, 400)
    last = Last(Side.OUT, "person", "Pode sim", "read", person_id=ME)
    failed = Last(Side.OUT, "reminder", "Olá", "failed", "not_reached")
    rows = [
        talk(last=Last(Side.IN, "text", "Oi"), unread=120, patient_name="Dulce Maria Fontoura de Albuquerque" * 2),
        talk(last=last, owner=Owner.PERSON, person_id=ME, person_name="Renata"),
        talk(last=failed, unclear=1, display_name="", phone="", identity="BR.13491208655302741918"),
        talk(),
    ]
    model.show(rows, more=False)
    holder.show()
    assert not view.grab().isNull()
    said = [str(model.index(row).data()) for row in range(4)]
    assert "120 unread" in said[0] and said[0].endswith("Robot")
    assert "You: Pode sim" in said[1] and "a reply to interpret" in said[2]
    assert preview(rows[2], ME)[:2] == ("circle-alert", "danger") and "Not delivered" in said[2]
    assert preview(rows[3], ME)[2] == "Nothing said yet"


def test_words_are_cut_between_words() -> None:
    font = current().font("second")
    assert first_words("uma duas três", font, 10_000) == "uma duas três"
    assert first_words("uma duas três", font, 60) in ("uma", "uma duas")
    assert 0 < len(first_words("x" * 500, font, 60)) < 60


def test_the_window_is_told_in_hours_and_minutes() -> None:
    assert window_words(talk(window_until=NOW + dt.timedelta(hours=23, minutes=58)), NOW) == (
        Speech.OPEN,
        "23 h 58 min",
    )
    assert window_words(talk(window_until=NOW + dt.timedelta(seconds=20)), NOW) == (Speech.OPEN, "1 min")
    assert window_words(talk(window_until=NOW), NOW) == (Speech.TEMPLATES, "")
    assert window_words(talk(window_until=None), NOW)[0] is Speech.TEMPLATES
    free = talk(provider=Provider.ZAPI, window_until=None)
    assert speech(free, NOW) is Speech.FREE and life(free, NOW) == dt.timedelta(hours=12)
    assert life(talk(), NOW) == MINUTE


def test_events_name_who_did_it() -> None:
    assert event_words(Happened(uuid4(), NOW, EventKind.CONFIRMED), ZONE) == "Visit confirmed by the robot at 10:18"
    linked = Happened(uuid4(), NOW, EventKind.LINKED, ME, "Renata Souza", "")
    assert event_words(linked, ZONE) == "Renata said at 10:18 that this is not the patient"
    assert "Note by Renata Souza" in spoken(
        Happened(uuid4(), NOW, EventKind.NOTE, ME, "Renata Souza", "guia"), talk(), ME, ZONE
    )


def test_files_are_told_in_words() -> None:
    assert media_words("audio", "", 14) == "Audio · 14 s" and media_words("video", "", 74) == "Video · 1:14"
    assert media_words("image", "pedido.jpg") == "Photo: pedido.jpg" and media_words("text") == ""
    assert file_size(2_449_000) == "2.4 MB" and file_size(38_400) == "38 KB" and file_size(3) == "1 KB"
    assert media_where(media(), NOW, ZONE).startswith("2.4 MB · kept until")
    assert media_where(media(kept_at=NOW), NOW, ZONE) == "2.4 MB · kept in the record"
    assert media_where(media(here=False), NOW, ZONE) == "On its way"
    assert media_where(media(here=False, expires_at=NOW), NOW, ZONE) == "No longer kept here"
    assert media_where(media(here=False, fault="too_large"), NOW, ZONE) == "Too large to be kept"
    assert media_where(media(here=False, fault="of the provider"), NOW, ZONE) == "Could not be fetched"


def test_pictures_are_made_to_fit_and_nonsense_is_none(qtbot: QtBot) -> None:
    assert decoded(photo(), QSize(100, 100)).size() == QSize(75, 100)
    assert decoded(photo(), QSize(5000, 5000)).size() == QSize(480, 640)
    for content in (b"", b"GIF89a", photo()[:60], result()):
        assert decoded(content, QSize(100, 100)) == QImage()
    assert look_at(voice(2)).mime == "audio/wav" and look_at(result()).mime == "application/pdf"


def test_a_file_for_another_program_is_only_ours_to_read(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = media(MediaKind.DOCUMENT, mime="application/pdf", file_name="../../x/laudo.exe")
    path = written(result(), file, tmp_path)
    assert path.parent == tmp_path and path.name.endswith("laudo.pdf") and path.stat().st_mode & 0o777 == 0o400
    assert written(b"other", file, tmp_path).read_bytes() == result()
    assert read_whole(path) == result()
    for wrong in (tmp_path, tmp_path / "none"):
        with pytest.raises(InvalidField):
            read_whole(wrong)


def test_what_several_sources_tell_stands_in_order() -> None:
    lines = [came(str(number)) for number in range(5)]
    stretch, more = merged((lines[::2], lines[1::2]), 3)
    assert more and list(stretch) == sorted(lines, key=place_of)[-3:]
    assert merged((), 3) == ((), False)
