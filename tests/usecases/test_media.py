"""Files of conversations are sealed wherever they lie, opened at desks of their clinic, and gone after their days."""

from uuid import UUID, uuid4

import pytest

from clinicdesk import sealing
from clinicdesk.domain.media import MediaFault
from clinicdesk.errors import InvalidField, KeyUnavailable, NotFound
from clinicdesk.keychain import FieldPlace
from clinicdesk.storage import outbox as outbox_rows
from clinicdesk.usecases import media
from clinicdesk.usecases.clinic import Clinic
from tests.domain.test_media import png
from tests.office import Office, put, value
from tests.sync.ground import Ground, committed

PICTURE = png()


@pytest.fixture
def ground(office: Office) -> Ground:
    return committed(office)


@pytest.fixture
def renata(office: Office) -> Clinic:
    opened = office.desk("renata")
    media.make_media_keys(opened)
    return opened


def laid(ground: Ground, **changes: object) -> tuple[UUID, UUID]:
    """A conversation and a file in it that lies at the provider."""
    channel, talk, made = ground.channel("meta"), uuid4(), uuid4()
    own = {"clinic_id": channel.clinic_id}
    put(ground.admin, "conversation", id=talk, channel_id=channel.id, identity=str(talk), **own)
    expires = value(ground.admin, "SELECT clock_timestamp() + interval '90 days'")
    values = {"kind": "image", "fetch_from": "7", "expires_at": expires, **own, **changes}
    put(ground.admin, "media", id=made, conversation_id=talk, **values)
    return talk, made


def test_what_a_patient_sends_is_opened_at_a_desk_and_by_nobody_else(
    ground: Ground, renata: Clinic, office: Office
) -> None:
    talk, made = laid(ground, file_name="foto.exe")
    wanted = media.to_fetch(ground.sync, made)
    assert wanted is not None and wanted.fetch_from == "7"
    media.keep_fetched(ground.sync, wanted, PICTURE)
    assert media.to_fetch(ground.sync, made) is None
    assert media.open_media(renata, made) == PICTURE
    (shown,) = media.of_conversation(renata, talk)
    assert (shown.here, shown.mime, shown.file_name, shown.size) == (True, "image/png", "foto.png", len(PICTURE))
    sealed = bytes(value(ground.admin, "SELECT sealed FROM clinicdesk.media WHERE id = %s", [made]))
    assert PICTURE not in sealed
    with pytest.raises(NotFound):
        media.open_media(office.desk("bruno"), made)


def test_a_file_whose_time_is_over_is_gone_before_anybody_comes_to_empty_it(ground: Ground, renata: Clinic) -> None:
    talk, made = laid(ground)
    wanted = media.to_fetch(ground.sync, made)
    assert wanted is not None
    media.keep_fetched(ground.sync, wanted, PICTURE)
    ground.admin.execute("UPDATE clinicdesk.media SET expires_at = clock_timestamp()")
    assert not media.of_conversation(renata, talk)[0].here
    with pytest.raises(NotFound):
        media.open_media(renata, made)
    with pytest.raises(NotFound):
        media.keep_media(renata, made)
    ground.admin.execute("UPDATE clinicdesk.media SET kept_at = clock_timestamp()")
    assert media.open_media(renata, made) == PICTURE


def test_a_file_laid_under_another_row_does_not_open(ground: Ground, renata: Clinic) -> None:
    _talk, one = laid(ground)
    _talk, other = laid(ground)
    wanted = media.to_fetch(ground.sync, one)
    assert wanted is not None
    media.keep_fetched(ground.sync, wanted, PICTURE)
    ground.admin.execute(
        "UPDATE clinicdesk.media SET sealed = (SELECT sealed FROM clinicdesk.media WHERE id = %s) WHERE id = %s",
        [one, other],
    )
    with pytest.raises(KeyUnavailable):
        media.open_media(renata, other)


@pytest.mark.parametrize(
    ("content", "fault"), [(b"MZ run me", MediaFault.DANGEROUS), (b"\x00\x01", MediaFault.UNKNOWN_KIND)]
)
def test_what_may_not_be_kept_leaves_its_fault(
    ground: Ground, renata: Clinic, content: bytes, fault: MediaFault
) -> None:
    talk, made = laid(ground)
    wanted = media.to_fetch(ground.sync, made)
    assert wanted is not None
    media.keep_fetched(ground.sync, wanted, content)
    (shown,) = media.of_conversation(renata, talk)
    assert (shown.here, shown.fault) == (False, fault)


def test_before_anybody_of_the_clinic_signed_in_there_is_nobody_to_seal_for(ground: Ground, office: Office) -> None:
    talk, made = laid(ground)
    wanted = media.to_fetch(ground.sync, made)
    assert wanted is not None
    media.keep_fetched(ground.sync, wanted, PICTURE)
    assert media.of_conversation(office.desk("renata"), talk)[0].fault == MediaFault.NO_KEY


def test_what_a_desk_sends_sync_opens_until_it_is_sent_and_the_desk_after(ground: Ground, renata: Clinic) -> None:
    talk, _made = laid(ground)
    operation = uuid4()
    sent = media.attach(renata, talk, PICTURE, "pedido de exame.png", operation)
    assert media.attach(renata, talk, PICTURE, "pedido de exame.png", operation) == sent
    place = FieldPlace(renata.id, "media", sent, "sealed_for_sync")
    halves = "SELECT sealed_for_sync FROM clinicdesk.media WHERE id = %s"
    sealed = bytes(value(ground.admin, halves, [sent]))
    assert sealing.open_sealed(ground.private_key, place, sealed) == PICTURE
    with pytest.raises(KeyUnavailable):
        sealing.open_sealed(sealing.new_private_key(), place, sealed)
    with ground.sync.transaction() as tx:
        outbox_rows.forget_file(tx, sent)  # as noting that it went does
    assert value(ground.admin, halves, [sent]) is None
    assert media.open_media(renata, sent) == PICTURE
    with pytest.raises(InvalidField):
        media.attach(renata, talk, b"MZ run me", "nota.pdf", uuid4())


def test_a_kept_file_stays_kept_and_one_that_is_gone_cannot_be(ground: Ground, renata: Clinic) -> None:
    _talk, made = laid(ground)
    with pytest.raises(NotFound):
        media.keep_media(renata, made)
    wanted = media.to_fetch(ground.sync, made)
    assert wanted is not None
    media.keep_fetched(ground.sync, wanted, PICTURE)
    kept = media.keep_media(renata, made).kept_at
    assert kept is not None
    assert media.keep_media(renata, made).kept_at == kept
    assert media.keep_media(renata, made, kept=False).kept_at is None
