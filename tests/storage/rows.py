"""One row in every table, so that a constraint of each can be broken."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import psycopg

from tests.office import DAY, Office, at, put


def fill(office: Office, connection: psycopg.Connection[Any]) -> None:
    """Insert, as the administrator, what the template leaves empty."""
    ipe, ana = office.sample.clinics["ipe"], office.sample.patients["ana"]
    professional = office.sample.professionals["helena"]
    batch = uuid4()
    put(connection, "import_batch", id=batch, clinic_id=ipe, kind="agenda", file_name="agenda.ics")
    put(connection, "import_line", import_id=batch, line=1, outcome="taken")
    visit, series = uuid4(), uuid4()
    put(connection, "series", id=series, clinic_id=ipe, rule="FREQ=WEEKLY;COUNT=4", first_day=DAY, starts="09:00")
    office.book_row(
        connection,
        id=visit,
        visit_id=uuid4(),
        series_id=series,
        series_day=DAY,
        guardian_id=office.sample.patients["bento"],
        equipment_id=office.sample.machines["laser"],
        source_uid="uid-1",
        import_id=batch,
    )
    day = dt.date(2035, 3, 7)
    put(connection, "holiday", id=uuid4(), clinic_id=ipe, day=day, name="Aniversário da clínica")
    put(connection, "hours_exception", id=uuid4(), clinic_id=ipe, professional_id=professional, day=day)
    times = {"starts_at": at(15), "ends_at": at(16)}
    put(connection, "time_block", id=uuid4(), clinic_id=ipe, resource_id=professional, **times)
    put(connection, "patient_alert", id=uuid4(), patient_id=ana, text="Alergia grave a dipirona")
    put(connection, "operation", id=uuid4(), kind="book", row_id=uuid4())
    hold = uuid4()
    person = office.sample.people["renata"]
    _fill_the_desks(office, connection)
    _fill_the_register(office, connection)
    _fill_the_day(office, connection, visit)
    _fill_the_messages(office, connection, visit)
    put(connection, "slot_hold", id=hold, clinic_id=ipe, person_id=person, expires_at=at(20))
    during = "[2035-03-06 22:00Z,2035-03-06 23:00Z)"
    put(connection, "resource_hold", clinic_id=ipe, resource_id=professional, during=during, slot_hold_id=hold)
    connection.execute(
        "UPDATE clinicdesk.patient SET merged_into = %s, import_id = %s, cpf_ciphertext = '\\x01', cpf_index = '\\x02',"
        " cpf_key_version = 1 WHERE id = %s",
        [office.sample.patients["bento"], batch, office.sample.patients["nina"]],
    )
    connection.execute(
        "UPDATE clinicdesk.patient SET cpf_ciphertext = '\\x03', cpf_index = '\\x04', cpf_key_version = 1"
        " WHERE id = %s",
        [ana],
    )


def _fill_the_desks(office: Office, connection: psycopg.Connection[Any]) -> None:
    desk, profile, renata = uuid4(), uuid4(), office.sample.people["renata"]
    claudia = office.sample.people["claudia"]
    put(connection, "profile", id=profile, name="Estágio", role="reception", denied=["overbook"])
    connection.execute("UPDATE clinicdesk.person SET profile_id = %s WHERE id = %s", [profile, renata])
    put(connection, "desk", id=desk, name="Recepção 1", serial="4711", expires_at=at(20), enrolled_by=claudia)
    connection.execute("UPDATE clinicdesk.desk SET revoked_at = now(), revoked_by = %s WHERE id = %s", [claudia, desk])
    put(connection, "desk_request", id=uuid4(), login="x", desk_id=desk, expires_at=at(20), invited_by=claudia)
    put(connection, "desk_session", id=uuid4(), person_id=renata, desk_id=desk, ended_by=claudia)
    put(connection, "refused_sign_in", login="renata", tries=1)


def _fill_the_register(office: Office, connection: psycopg.Connection[Any]) -> None:
    sample, ipe, tag = office.sample, office.sample.clinics["ipe"], uuid4()
    service, ana, bento = sample.services["visit"], sample.patients["ana"], sample.patients["bento"]
    days = {"first_day": DAY, "last_day": DAY}
    promotion = {"clinic_id": ipe, "service_id": service, "name": "Março", "price": 90}
    put(connection, "service_promotion", id=uuid4(), **promotion, **days)
    put(connection, "service_image", id=uuid4(), clinic_id=ipe, service_id=service, image=b"\x89PNG")
    put(connection, "custom_field", id=uuid4(), entity="patient", name="Convênio")
    put(connection, "tag", id=tag, name="Gestante")
    put(connection, "patient_tag", patient_id=ana, tag_id=tag)
    put(connection, "segment", id=uuid4(), name="Sumidos", definition="{}")
    put(connection, "patient_merge", id=uuid4(), kept_id=ana, merged_id=bento, before="{}", moved="{}")
    smaller, greater = sorted((ana, bento))
    put(connection, "patient_distinct", first_id=smaller, second_id=greater)
    put(connection, "patient_metrics", patient_id=bento, clinic_id=ipe)


def _fill_the_day(office: Office, connection: psycopg.Connection[Any], visit: UUID) -> None:
    sample, recall = office.sample, uuid4()
    own = {"clinic_id": sample.clinics["ipe"]}
    wish = own | {"patient_id": sample.patients["ana"], "service_id": sample.services["visit"]}
    wish["professional_id"] = sample.professionals["helena"]
    person = sample.people["renata"]
    put(connection, "saved_view", id=uuid4(), person_id=person, position=1, name="Manhã", settings="{}", **own)
    put(connection, "pinned_card", person_id=person, appointment_id=visit, **own)
    put(connection, "check_in_pass", appointment_id=visit, **own)
    put(connection, "patient_call", id=uuid4(), appointment_id=visit, **own)
    put(connection, "waiting_entry", id=uuid4(), first_day=DAY, **wish)
    put(connection, "recall", id=recall, due_month=DAY.replace(day=1), **wish)
    put(connection, "recall_attempt", id=uuid4(), recall_id=recall, outcome="no_answer", **own)


def _fill_the_messages(office: Office, connection: psycopg.Connection[Any], visit: UUID) -> None:
    sample, own = office.sample, {"clinic_id": office.sample.clinics["ipe"]}
    ana, renata = sample.patients["ana"], sample.people["renata"]
    sync_key, channel, template, rule, talk = uuid4(), uuid4(), uuid4(), uuid4(), uuid4()
    media, offer, question, sent = uuid4(), uuid4(), uuid4(), uuid4()
    put(connection, "sync_key", id=sync_key, public_key=bytes(32))
    put(connection, "sync_process", id=uuid4(), host="servidor")
    put(connection, "messaging_policy", **own)
    put(connection, "message_channel", id=channel, kind="whatsapp", provider="meta", name="WhatsApp", **own)
    put(connection, "channel_secret", channel_id=channel, name="token", sync_key_id=sync_key, sealed=b"x", **own)
    put(connection, "message_template", id=template, name="Lembrete", body="Olá, {name}!", **own)
    put(connection, "message_rule", id=rule, event="reminder", template_id=template, **own)
    put(connection, "consent", id=uuid4(), patient_id=ana, purpose="care", channel="whatsapp", words="Sim.")
    put(connection, "quick_reply", id=uuid4(), shortcut="endereco", body="Rua das Flores, 10", **own)
    put(connection, "conversation", id=talk, channel_id=channel, identity="5511900000142", patient_id=ana,
        owner="person", person_id=renata, **own)  # fmt: skip
    put(connection, "conversation_event", id=uuid4(), conversation_id=talk, kind="taken", appointment_id=visit, **own)
    connection.execute("ALTER TABLE clinicdesk.conversation_event DISABLE TRIGGER b_guard")
    connection.execute("UPDATE clinicdesk.conversation_event SET person_id = %s", [renata])
    connection.execute("ALTER TABLE clinicdesk.conversation_event ENABLE TRIGGER b_guard")
    put(connection, "media_key", key_version=1, public_key=bytes(32), **own)
    put(connection, "media", id=media, conversation_id=talk, kind="image", expires_at=at(20), sealed_for_sync=b"x",
        sync_key_id=sync_key, **own)  # fmt: skip
    entry = connection.execute("SELECT id FROM clinicdesk.waiting_entry").fetchone()
    assert entry is not None
    put(connection, "waiting_offer", id=offer, entry_id=entry[0], professional_id=sample.professionals["helena"],
        room_id=sample.rooms["room 1"], equipment_id=sample.machines["laser"], starts_at=at(18), ends_at=at(19),
        freed_by=visit, appointment_id=visit,
        state="accepted", expires_at=at(20), **own)  # fmt: skip
    put(connection, "question", id=question, kind="confirm", patient_id=ana, appointment_id=visit, offer_id=offer,
        allowed=["confirm", "cancel"], expires_at=at(20), **own)  # fmt: skip
    put(connection, "outgoing_message", id=sent, kind="reminder", rule_id=rule, template_id=template, patient_id=ana,
        appointment_id=visit, conversation_id=talk, question_id=question, offer_id=offer, media_id=media,
        channel_id=channel, expires_at=at(20), **own)  # fmt: skip
    connection.execute(
        "UPDATE clinicdesk.outgoing_message SET state = 'cancelled', reason = 'discarded', person_id = %s,"
        " decided_by = %s",
        [renata, renata],
    )
    put(connection, "delivery", id=uuid4(), message_id=sent, channel_id=channel, recipient="5511900000142",
        provider_message_id="wamid.1", **own)  # fmt: skip
    put(connection, "early_status", channel_id=channel, provider_message_id="wamid.3", state="sent", at=at(20), **own)
    put(connection, "webhook_receipt", id=uuid4(), channel_id=channel, digest=b"1", body=b"{}", **own)
    put(connection, "incoming_message", id=uuid4(), channel_id=channel, conversation_id=talk, kind="text",
        provider_message_id="wamid.2", media_id=media, question_id=question, handled_by=renata, sent_at=at(20),
        **own)  # fmt: skip
    put(connection, "import_source", id=uuid4(), name="Santa Casa", **own)
