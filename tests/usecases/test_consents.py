"""Consents end to end: given in the words shown, taken back once, kept with their history, joined with their people."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.agenda import BookAppointment, Slot
from clinicdesk.domain.consents import Consent, ConsentSource, GiveConsent, RevokeConsent, said_at, standing, was_asked
from clinicdesk.domain.merging import MergePatients
from clinicdesk.domain.messages import ChannelKind, Purpose
from clinicdesk.domain.patients import NewPatient, PatientForm, RegisterPatient
from clinicdesk.errors import InvalidField, NotAllowed, NotFound
from clinicdesk.usecases import agenda, consents, merging, patients
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at

WORDS = "A clínica pode me escrever sobre as minhas consultas."
ALL = tuple(ChannelKind)
WHATSAPP = (ChannelKind.WHATSAPP,)


@pytest.fixture
def desk(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


def give(desk: Clinic, patient: object, channels: tuple[ChannelKind, ...] = ALL, **more: object) -> tuple[Consent, ...]:
    return consents.give(desk, GiveConsent(new_id(), patient, Purpose.CARE, channels, WORDS, **more))  # type: ignore[arg-type]


def revoke(desk: Clinic, patient: object, channels: tuple[ChannelKind, ...] = ALL) -> tuple[Consent, ...]:
    return consents.revoke(desk, RevokeConsent(new_id(), patient, Purpose.CARE, channels))  # type: ignore[arg-type]


def test_a_yes_is_kept_in_the_words_shown_and_ends_with_a_name_and_a_time(desk: Clinic, rolled_back: Office) -> None:
    ana = rolled_back.sample.patients["ana"]
    assert not was_asked(consents.of_patient(desk, ana), Purpose.CARE)
    (one,) = give(desk, ana, WHATSAPP, proof="ficha assinada")
    assert (one.words, one.source, one.proof, one.given_by) == (WORDS, "desk", "ficha assinada", "Renata Souza")
    assert one.stands
    (ended,) = revoke(desk, ana, ALL)
    assert (ended.revoked_source, ended.revoked_by, ended.words) == ("desk", "Renata Souza", WORDS)
    assert ended.revoked_at is not None and ended.revoked_at >= one.given_at
    again = give(desk, ana, WHATSAPP)
    assert [one.stands for one in again] == [True, False]
    assert standing(again, Purpose.CARE) == {ChannelKind.WHATSAPP} and not standing(again, Purpose.MARKETING)


def test_the_process_that_sends_hears_a_no_and_is_nobody(rolled_back: Office) -> None:
    robot, ana = rolled_back.robot(), rolled_back.sample.patients["ana"]
    give(robot, ana, source=ConsentSource.MESSAGE, proof="wamid.1")
    stop = RevokeConsent(new_id(), ana, Purpose.CARE, ALL, ConsentSource.MESSAGE)
    ended = consents.revoke(robot, stop)
    assert {(one.revoked_source, one.given_by, one.revoked_by) for one in ended} == {("message", "", "")}


def test_the_same_yes_twice_is_one(desk: Clinic, rolled_back: Office) -> None:
    ana = rolled_back.sample.patients["ana"]
    command = GiveConsent(new_id(), ana, Purpose.CARE, ALL, WORDS)
    assert consents.give(desk, command) == consents.give(desk, command)
    assert len(give(desk, ana)) == 3
    revoked = RevokeConsent(new_id(), ana, Purpose.CARE, WHATSAPP)
    assert consents.revoke(desk, revoked) == consents.revoke(desk, revoked)
    assert standing(consents.of_patient(desk, ana), Purpose.CARE) == {ChannelKind.SMS, ChannelKind.EMAIL}
    assert revoke(desk, ana, WHATSAPP) == consents.of_patient(desk, ana)


def test_nobody_agrees_to_nothing_and_only_who_is_there_agrees(desk: Clinic, rolled_back: Office) -> None:
    ana = rolled_back.sample.patients["ana"]
    for words in ("", "  ", "x" * 1001, "a\x00b"):
        with pytest.raises(InvalidField):
            consents.give(desk, GiveConsent(new_id(), ana, Purpose.CARE, ALL, words))
    with pytest.raises(InvalidField):
        give(desk, ana, proof="x" * 201)
    with pytest.raises(NotFound):
        give(desk, new_id())


def test_a_consent_is_given_with_the_register_and_with_the_booking(desk: Clinic, rolled_back: Office) -> None:
    new = patients.register(desk, RegisterPatient(new_id(), PatientForm("Rita Sá"), WORDS), DAY)
    assert standing(consents.of_patient(desk, new.id), Purpose.CARE) == set(ALL)
    sample = rolled_back.sample
    wish = BookAppointment(
        new_id(),
        NewPatient("Zé da Silva", "11 90000-0199"),
        sample.professionals["helena"],
        sample.services["visit"],
        Slot(at(14), at(14, 30)),
        consented=WORDS,
    )
    visit = agenda.book(desk, wish)
    assert agenda.book(desk, wish).id == visit.id
    (words,) = {one.words for one in consents.of_patient(desk, visit.patient_id)}
    assert words == WORDS and len(consents.of_patient(desk, visit.patient_id)) == 3


def test_of_two_entries_that_are_one_the_last_word_counts(desk: Clinic, rolled_back: Office) -> None:
    ana, bento = rolled_back.sample.patients["ana"], rolled_back.sample.patients["bento"]
    give(desk, ana)
    give(desk, bento)
    revoke(desk, bento, WHATSAPP)
    seen = patients.patient(desk, ana), patients.patient(desk, bento)
    merging.merge(desk, MergePatients(new_id(), ana, seen[0].version, bento, seen[1].version))
    both = consents.of_patient(desk, ana)
    assert len(both) == 6
    assert standing(both, Purpose.CARE) == {ChannelKind.SMS, ChannelKind.EMAIL}
    assert standing(give(desk, ana, WHATSAPP), Purpose.CARE) == set(ALL)
    assert not standing(revoke(desk, ana), Purpose.CARE)


def test_a_profile_without_the_register_writes_no_consent(office: Office) -> None:
    with office.admin() as admin:
        profile = new_id()
        admin.execute(
            "INSERT INTO clinicdesk.profile (id, name, role, denied) VALUES (%s, 'Estágio', 'reception',"
            " '{write_patients}')", [profile],
        )  # fmt: skip
        admin.execute("UPDATE clinicdesk.person SET profile_id = %s WHERE login = 'renata'", [profile])
    with pytest.raises(NotAllowed, match="write_patients"):
        give(office.desk("renata"), office.sample.patients["ana"])


@given(st.lists(st.tuples(st.sampled_from(ALL), st.booleans()), max_size=12))
def test_what_was_said_last_about_a_channel_stands(said: list[tuple[ChannelKind, bool]]) -> None:
    """Each yes is a new consent, each no ends the one that stands: whoever reads them knows the last word."""
    start, held, wanted = at(8), [], {}
    for hour, (channel, yes) in enumerate(said):
        moment = start + dt.timedelta(hours=hour)
        wanted[channel] = yes
        if yes:
            held.append(Consent(new_id(), new_id(), Purpose.CARE, channel, "x", ConsentSource.DESK, "", moment, ""))
        else:
            held = [
                Consent(
                    one.id,
                    one.patient_id,
                    one.purpose,
                    channel,
                    "x",
                    one.source,
                    "",
                    one.given_at,
                    "",
                    moment,
                    ConsentSource.DESK,
                )
                if one.channel is channel and one.stands
                else one
                for one in held
            ]
    assert standing(held, Purpose.CARE) == {one for one, yes in wanted.items() if yes}
    assert all(said_at(one) >= one.given_at for one in held)
