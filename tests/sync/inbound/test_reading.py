"""A delivery is read to its end: a fault of one value is a line, the others have their effect, a repeat has none."""

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from clinicdesk.domain.hooks import TakenIn
from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.told import StatusTold, Written
from clinicdesk.errors import ClinicUnreachable, NotFound, ServerBusy
from clinicdesk.usecases import receipts
from clinicdesk.usecases.clinic import Clinic
from sync.inbound.reading import Reader
from tests.office import Office
from tests.sync.fakes import meta_events as events
from tests.sync.ground import Ground, LaidChannel, uncommitted
from tests.sync.inbound.deliveries import NUMBER, as_json

Effect = Callable[[str], None]


class Effects:
    """Stands where replies and outbox stand: remembers what came, and fails where it is told to."""

    def __init__(self) -> None:
        self.seen: list[tuple[UUID, str]] = []
        self.failing: dict[str, Exception] = {}
        self.kept: list[str] = []
        self.not_kept: dict[str, Exception] = {}

    def receive(self, clinic: Clinic, channel_id: UUID, told: Written) -> None:
        self._note(clinic.id, told.body)

    def note_status(self, clinic: Clinic, channel_id: UUID, told: StatusTold) -> None:
        self._note(clinic.id, told.state)

    def keep(self, clinic: Clinic, channel_id: UUID, told: Written) -> None:
        self.kept.append(told.body)
        if told.body in self.not_kept:
            raise self.not_kept[told.body]

    def _note(self, clinic_id: UUID, word: str) -> None:
        if word in self.failing:
            raise self.failing[word]
        self.seen.append((clinic_id, word))

    @property
    def words(self) -> list[str]:
        return [word for _clinic, word in self.seen]


@pytest.fixture
def ground(rolled_back: Office) -> Iterator[Ground]:
    with uncommitted(rolled_back) as laid:
        yield laid


@pytest.fixture
def effects() -> Effects:
    return Effects()


@pytest.fixture
def reader(ground: Ground, effects: Effects) -> Reader:
    return Reader(ground.sync, effects.receive, effects.note_status, effects.keep)


def delivered(ground: Ground, *texts: str, clinic: str = "ipe", body: bytes = b"") -> UUID:
    """A delivery of Meta's with one message for each text."""
    channel: LaidChannel = ground.channel("meta", clinic=clinic, phone_number_id=NUMBER)
    messages = [events.message("553187654321", f"wamid.{n}", events.text(text)) for n, text in enumerate(texts)]
    contacts = [events.contact("553187654321", "")]
    told = events.event([events.value(NUMBER, contacts=contacts, messages=messages)])
    found = receipts.channel_by_key(ground.sync, channel.hook_key)
    assert found is not None
    receipts.take_in(ground.sync, [(found, TakenIn(channel.id.bytes, body or as_json(told)))])
    made: UUID = ground.count("SELECT id FROM clinicdesk.webhook_receipt WHERE channel_id = %s", channel.id)
    return made


def fault(ground: Ground, receipt_id: UUID) -> str | None:
    """Its fault once it was read; None before."""
    found = ground.count(
        "SELECT CASE WHEN read_at IS NOT NULL THEN fault END FROM clinicdesk.webhook_receipt WHERE id = %s", receipt_id
    )
    return None if found is None else str(found)


def test_everything_has_its_effect_in_the_clinic_it_came_for(ground: Ground, reader: Reader, effects: Effects) -> None:
    receipt = delivered(ground, "1", "obrigada", clinic="jacaranda")
    reader.read_receipt(receipt)
    there = ground.office.sample.clinics["jacaranda"]
    assert effects.seen == [(there, "1"), (there, "obrigada")]
    assert fault(ground, receipt) == ""
    reader.read_receipt(receipt)
    assert len(effects.seen) == 2


def test_one_that_fails_is_a_line_and_the_others_count(ground: Ground, reader: Reader, effects: Effects) -> None:
    effects.failing = {"b": NotFound("patient"), "d": RuntimeError("a bug")}
    receipt = delivered(ground, "a", "b", "c", "d", "e")
    reader.read_receipt(receipt)
    assert effects.words == ["a", "c", "e"]
    first, second = (fault(ground, receipt) or "").split()
    assert first == "2:refused"
    assert second.startswith("4:") and "bug" not in second


def test_words_that_fail_are_kept_for_a_person(ground: Ground, reader: Reader, effects: Effects) -> None:
    effects.failing = {"b": NotFound("patient"), "d": RuntimeError("a bug")}
    effects.not_kept = {"b": RuntimeError("another")}
    reader.read_receipt(delivered(ground, "a", "b", "c", "d"))
    assert (effects.kept, effects.words) == (["b", "d"], ["a", "c"])


@pytest.mark.parametrize(("error", "before"), [(ServerBusy(), ["a", "c"]), (ClinicUnreachable(), ["a"])])
def test_what_may_go_well_later_is_tried_again(
    ground: Ground, reader: Reader, effects: Effects, error: Exception, before: list[str]
) -> None:
    receipt = delivered(ground, "a", "b", "c")
    effects.failing = {"b": error}
    with pytest.raises(type(error)):
        reader.read_receipt(receipt)
    assert effects.words == before
    assert fault(ground, receipt) is None
    effects.failing = {}
    reader.read_receipt(receipt)
    assert effects.words[len(before) :] == ["a", "b", "c"]
    assert fault(ground, receipt) == ""


def test_what_cannot_be_read_says_so_and_is_not_tried_again(ground: Ground, reader: Reader, effects: Effects) -> None:
    for body, reason in ((b"{", "not_json"), (b"[" * 30 + b"]" * 30, "too_deep"), (b"[]", "1:broken_entry")):
        receipt = delivered(ground, body=body)
        reader.read_receipt(receipt)
        assert fault(ground, receipt) == reason
    assert effects.seen == []


def test_a_step_reaches_the_other_effect(ground: Ground, reader: Reader, effects: Effects) -> None:
    status = events.status("wamid.9", "read", "553187654321", at=dt.datetime.now(dt.UTC).timestamp())
    receipt = delivered(ground, body=as_json(events.event([events.value(NUMBER, statuses=[status])])))
    reader.read_receipt(receipt)
    assert effects.words == [MessageState.READ]
