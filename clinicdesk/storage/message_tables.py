"""The tables of what crosses the internet: channels, rules, messages, answers, conversations, and who sends them.

They name the tables of the clinic by words, so that `tables.py` can show both as one.
"""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from clinicdesk.storage.base import Instant, clinic_key, key, metadata, of_clinic, stamps, words

KINDS = "('whatsapp', 'sms', 'email')"
PROVIDERS = "('meta', 'twilio', 'zapi', 'botconversa', 'smtp', 'sendgrid')"
EVENTS = "('booked', 'reminder', 'moved', 'cancelled', 'follow_up', 'birthday', 'offer', 'check_in')"
MESSAGE_STATES = "('planned', 'claimed', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown', 'cancelled')"
MEDIA_KINDS = "('image', 'audio', 'video', 'document', 'sticker')"
INCOMING_KINDS = (
    "('text', 'button', 'image', 'audio', 'video', 'document', 'sticker', 'location', 'contact', 'reaction', 'edited',"
    " 'deleted', 'unknown')"
)


def _clinic() -> list[Column[object] | ForeignKeyConstraint]:
    return [clinic_key(), ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"])]


def _made() -> Column[object]:
    return Column("created_at", Instant, nullable=False, server_default=text("clock_timestamp()"))


def _ids(name: str) -> Column[object]:
    """A choice of rows by their ids; empty means all of them."""
    return Column(name, ARRAY(Uuid), nullable=False, server_default=text("'{}'"))


# --- who sends -------------------------------------------------------------------------------------------------------

# What is sealed to this key only the sync process opens; its other half never comes into the database.
sync_key = Table(
    "sync_key",
    metadata,
    key(),
    Column("public_key", LargeBinary, nullable=False),
    words("host"),
    _made(),
    Column("retired_at", Instant),
    CheckConstraint("octet_length(public_key) = 32", name="size"),
)

sync_process = Table(
    "sync_process",
    metadata,
    key(),
    words("host"),
    words("release"),
    Column("started_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("seen_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("stopped_at", Instant),
    # What it last looked at and when it will look again, by the name of the task.
    Column("status", JSONB, nullable=False, server_default=text("'{}'")),
)

# --- how a clinic speaks ---------------------------------------------------------------------------------------------

messaging_policy = Table(
    "messaging_policy",
    metadata,
    Column("clinic_id", ForeignKey("clinicdesk.clinic.id"), primary_key=True),
    Column("active", Boolean, nullable=False, server_default=text("false")),
    Column("quiet_from", Time, nullable=False, server_default="21:00"),
    Column("quiet_to", Time, nullable=False, server_default="08:00"),
    Column("on_sundays", Boolean, nullable=False, server_default=text("false")),
    Column("grace_minutes", SmallInteger, nullable=False, server_default="3"),
    Column("offer_minutes", SmallInteger, nullable=False, server_default="60"),
    Column("media_days", SmallInteger, nullable=False, server_default="90"),
    words("public_address"),  # where providers reach the gateway; empty: they do not
    *stamps(),
    CheckConstraint("grace_minutes BETWEEN 0 AND 60", name="grace"),
    CheckConstraint("offer_minutes BETWEEN 5 AND 1440", name="offer"),
    CheckConstraint("media_days BETWEEN 1 AND 90", name="media"),
    CheckConstraint("greatest(quiet_from, quiet_to) < '24:00'", name="quiet"),
    CheckConstraint("public_address = '' OR public_address ~ '^https?://[^ ]+$'", name="address"),
)

message_channel = Table(
    "message_channel",
    metadata,
    key(),
    *_clinic(),
    Column("kind", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("name", Text, nullable=False),
    words("address"),  # the provider's base address; empty: the one that is known of it
    Column("settings", JSONB, nullable=False, server_default=text("'{}'")),  # nothing secret: numbers, accounts
    Column("position", SmallInteger, nullable=False, server_default="0"),  # the first that can is asked first
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("receives", Text, nullable=False, server_default="nothing"),
    # The unguessable part of the address at which this channel's events arrive.
    Column(
        "hook_key",
        Text,
        nullable=False,
        unique=True,
        server_default=text("replace(((gen_random_uuid())::text || (gen_random_uuid())::text), '-'::text, ''::text)"),
    ),
    Column("per_minute", SmallInteger, nullable=False, server_default="60"),
    Column("price", Numeric(8, 4), nullable=False, server_default="0"),  # of one message outside a conversation, in R$
    Column("paused_at", Instant),
    words("paused_reason"),
    *stamps(),
    UniqueConstraint("clinic_id", "id"),
    UniqueConstraint("clinic_id", "name"),
    CheckConstraint(f"kind IN {KINDS}", name="kind"),
    CheckConstraint(f"provider IN {PROVIDERS}", name="provider"),
    CheckConstraint(
        "CASE kind WHEN 'whatsapp' THEN provider IN ('meta', 'twilio', 'zapi', 'botconversa')"
        " WHEN 'sms' THEN provider = 'twilio' ELSE provider IN ('smtp', 'sendgrid') END",
        name="fits",
    ),
    CheckConstraint("char_length(name) BETWEEN 1 AND 60", name="name"),
    CheckConstraint("receives IN ('webhook', 'poll', 'nothing')", name="receives"),
    CheckConstraint("per_minute BETWEEN 1 AND 6000", name="rate"),
    CheckConstraint("price >= 0 AND price < 'NaN'", name="price"),
    CheckConstraint("jsonb_typeof(settings) = 'object'", name="settings"),
    CheckConstraint("(paused_at IS NULL) = (paused_reason = '')", name="paused"),
)

# Written at a desk, read by sync alone.
channel_secret = Table(
    "channel_secret",
    metadata,
    Column("channel_id", Uuid, primary_key=True),
    Column("name", Text, primary_key=True),
    *_clinic(),
    Column("sync_key_id", ForeignKey(sync_key.c.id), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("set_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    ForeignKeyConstraint(
        ["clinic_id", "channel_id"],
        ["clinicdesk.message_channel.clinic_id", "clinicdesk.message_channel.id"],
        ondelete="CASCADE",
    ),
    CheckConstraint("name ~ '^[a-z_]{1,40}$'", name="name"),
    CheckConstraint("octet_length(sealed) BETWEEN 1 AND 8000", name="size"),
)

message_template = Table(
    "message_template",
    metadata,
    key(),
    *_clinic(),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False, server_default="care"),
    words("subject"),
    Column("body", Text, nullable=False),
    words("provider_name"),  # under which a provider approved it; empty: free text alone
    words("provider_language", "pt_BR"),
    # The variables in the order in which the approved text counts them.
    Column("provider_variables", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    *stamps(),
    UniqueConstraint("clinic_id", "id"),
    UniqueConstraint("clinic_id", "name"),
    CheckConstraint("char_length(name) BETWEEN 1 AND 60", name="name"),
    CheckConstraint("purpose IN ('care', 'marketing')", name="purpose"),
    CheckConstraint("char_length(body) BETWEEN 1 AND 1024", name="body"),
    CheckConstraint("char_length(subject) <= 150", name="subject"),
)

message_rule = Table(
    "message_rule",
    metadata,
    key(),
    *_clinic(),
    Column("event", Text, nullable=False),
    # From the event on; before the visit for a reminder, after it for a follow-up.
    Column("offset_minutes", Integer, nullable=False, server_default="0"),
    Column("template_id", Uuid, nullable=False),
    Column("asks", Boolean, nullable=False, server_default=text("false")),  # whether an answer is asked for
    Column("channels", ARRAY(Text), nullable=False, server_default=text("'{whatsapp,sms,email}'")),
    Column("recipient", Text, nullable=False, server_default="patient"),
    _ids("service_ids"),
    _ids("professional_ids"),
    _ids("excluded_service_ids"),
    Column("late_minutes", Integer, nullable=False, server_default="240"),  # older than this it is not sent
    Column("active", Boolean, nullable=False, server_default=text("true")),
    *stamps(),
    *of_clinic("template_id:message_template"),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint(f"event IN {EVENTS}", name="event"),
    CheckConstraint("offset_minutes BETWEEN 0 AND 525600", name="offset"),
    CheckConstraint("late_minutes BETWEEN 1 AND 43200", name="late"),
    CheckConstraint("recipient IN ('patient', 'guardian')", name="recipient"),
    CheckConstraint(
        "channels <@ '{whatsapp,sms,email}' AND cardinality(channels) BETWEEN 1 AND 3 AND array_ndims(channels) = 1",
        name="channels",
    ),
)

# What somebody allowed, in the words they were shown. It is revoked and never changed.
consent = Table(
    "consent",
    metadata,
    key(),
    Column("patient_id", ForeignKey("clinicdesk.patient.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("source", Text, nullable=False, server_default="desk"),
    words("proof"),
    Column("revoked_at", Instant),
    words("revoked_source"),
    *stamps(),
    CheckConstraint("purpose IN ('care', 'marketing')", name="purpose"),
    CheckConstraint(f"channel IN {KINDS}", name="channel"),
    CheckConstraint("char_length(words) BETWEEN 1 AND 1000", name="words"),
    CheckConstraint("source IN ('desk', 'form', 'message', 'import')", name="source"),
    CheckConstraint("(revoked_at IS NULL) = (revoked_source = '')", name="revoked"),
    Index(
        "consent_standing_index",
        "patient_id",
        "purpose",
        "channel",
        unique=True,
        postgresql_where=text("revoked_at IS NULL"),
    ),
)

quick_reply = Table(
    "quick_reply",
    metadata,
    key(),
    *_clinic(),
    Column("shortcut", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    *stamps(),
    UniqueConstraint("clinic_id", "shortcut"),
    CheckConstraint("shortcut ~ '^[a-z0-9-]{1,30}$'", name="shortcut"),
    CheckConstraint("char_length(body) BETWEEN 1 AND 1024", name="body"),
)

# --- conversations ---------------------------------------------------------------------------------------------------

# One person at the other end of one channel. The identity is the provider's: a phone may be missing and may change.
conversation = Table(
    "conversation",
    metadata,
    key(),
    *_clinic(),
    Column("channel_id", Uuid, nullable=False),
    Column("identity", Text, nullable=False),
    words("phone"),  # E.164 with the ninth digit; empty where the provider tells none
    words("display_name"),
    Column("patient_id", ForeignKey("clinicdesk.patient.id")),
    Column("owner", Text, nullable=False, server_default="bot"),
    Column("person_id", ForeignKey("clinicdesk.person.id")),
    Column("window_until", Instant),  # until then free text may be sent
    Column("unread", Integer, nullable=False, server_default="0"),
    Column("last_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    words("last_words"),
    Column("opted_out_at", Instant),
    Column("closed_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
    _made(),
    *of_clinic("channel_id:message_channel"),
    UniqueConstraint("clinic_id", "id"),
    UniqueConstraint("channel_id", "identity"),
    CheckConstraint("identity <> '' AND char_length(identity) <= 320", name="identity"),
    CheckConstraint("phone ~ '^(\\+[0-9]{8,15})?$'", name="phone"),
    CheckConstraint("owner IN ('bot', 'person')", name="owner"),
    CheckConstraint("(owner = 'person') = (person_id IS NOT NULL)", name="owned"),
    CheckConstraint("unread >= 0", name="unread"),
    Index("conversation_latest_index", "clinic_id", "last_at"),
    Index("conversation_patient_index", "patient_id", postgresql_where=text("patient_id IS NOT NULL")),
    Index("conversation_phone_index", "phone", postgresql_where=text("phone <> ''")),
)

# What happened in a conversation besides messages: who took it, what an answer did, a note among colleagues.
conversation_event = Table(
    "conversation_event",
    metadata,
    key(),
    *_clinic(),
    Column("conversation_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("person_id", ForeignKey("clinicdesk.person.id")),
    Column("appointment_id", Uuid),
    words("words"),
    Column("at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    *of_clinic("conversation_id:conversation", "appointment_id:appointment"),
    CheckConstraint(
        "kind IN ('note', 'taken', 'assigned', 'handed_back', 'linked', 'confirmed', 'cancelled', 'opted_out',"
        " 'opted_in', 'offer_accepted', 'offer_refused')",
        name="kind",
    ),
    CheckConstraint("char_length(words) <= 2000", name="words"),
    Index("conversation_event_place_index", "conversation_id", "at"),
)

# Encrypted to the clinic's own key as it arrives: sync cannot open it again.
media_key = Table(
    "media_key",
    metadata,
    Column("clinic_id", ForeignKey("clinicdesk.clinic.id"), primary_key=True),
    Column("key_version", Integer, primary_key=True),
    Column("public_key", LargeBinary, nullable=False),
    _made(),
    CheckConstraint("octet_length(public_key) = 32", name="size"),
)

media = Table(
    "media",
    metadata,
    key(),
    *_clinic(),
    Column("conversation_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    words("mime"),
    words("file_name"),
    Column("size", Integer, nullable=False, server_default="0"),
    Column("seconds", SmallInteger, nullable=False, server_default="0"),
    Column("key_version", Integer, nullable=False, server_default="1"),
    Column("sealed", LargeBinary),  # for the clinic; null until it was fetched, and once its time is over
    Column("sealed_for_sync", LargeBinary),  # what a desk sends, until it is sent
    Column("sync_key_id", ForeignKey(sync_key.c.id)),
    words("fetch_from"),  # the provider's id of it
    words("fault"),
    Column("expires_at", Instant, nullable=False),
    Column("kept_at", Instant),
    _made(),
    *of_clinic("conversation_id:conversation"),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint(f"kind IN {MEDIA_KINDS}", name="kind"),
    CheckConstraint("size BETWEEN 0 AND 16000000 AND seconds >= 0", name="size"),
    CheckConstraint("(sealed_for_sync IS NULL) = (sync_key_id IS NULL)", name="for_sync"),
    Index("media_expiry_index", "expires_at", postgresql_where=text("sealed IS NOT NULL AND kept_at IS NULL")),
    Index("media_conversation_index", "conversation_id"),
)

# --- what is asked, sent and answered --------------------------------------------------------------------------------

# Asked once for each visit, however many messages repeat it.
question = Table(
    "question",
    metadata,
    key(),
    *_clinic(),
    Column("kind", Text, nullable=False),
    Column("patient_id", ForeignKey("clinicdesk.patient.id"), nullable=False),
    Column("appointment_id", Uuid),
    Column("appointment_version", Integer),  # the visit as it was when it was asked about
    Column("offer_id", Uuid),
    Column("allowed", ARRAY(Text), nullable=False),
    Column("asked_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("expires_at", Instant, nullable=False),
    words("answer"),
    Column("closed_at", Instant),
    words("closed_reason"),
    *of_clinic("appointment_id:appointment", "offer_id:waiting_offer"),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint("kind IN ('confirm', 'offer')", name="kind"),
    CheckConstraint("CASE kind WHEN 'confirm' THEN appointment_id ELSE offer_id END IS NOT NULL", name="about"),
    CheckConstraint("cardinality(allowed) BETWEEN 1 AND 9", name="allowed"),
    CheckConstraint("(closed_at IS NULL) = (answer = '' AND closed_reason = '')", name="closed"),
    Index(
        "question_open_index",
        "appointment_id",
        "kind",
        unique=True,
        postgresql_where=text("closed_at IS NULL AND kind = 'confirm'"),
    ),
    Index("question_patient_index", "patient_id", postgresql_where=text("closed_at IS NULL")),
)

outgoing_message = Table(
    "outgoing_message",
    metadata,
    key(),
    *_clinic(),
    # One of a rule's events, or: the answer to a reply, what a person typed, a test of a channel.
    Column("kind", Text, nullable=False),
    Column("rule_id", Uuid),
    Column("template_id", Uuid),
    Column("patient_id", ForeignKey("clinicdesk.patient.id")),
    Column("appointment_id", Uuid),
    Column("conversation_id", Uuid),
    Column("question_id", Uuid),
    Column("offer_id", Uuid),
    Column("media_id", Uuid),
    Column("channel_id", Uuid),  # where it went, or where it has to go
    words("recipient"),  # of a test: where to; else it follows from patient or conversation when it is sent
    words("subject"),
    words("body"),  # empty until it is sent, when it comes of a template
    words("quoted_id"),
    Column("visit_at", Instant),  # when the visit is that it speaks of
    Column("planned_for", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("expires_at", Instant, nullable=False),  # too old to be sent from then on
    Column("state", Text, nullable=False, server_default="planned"),
    words("reason"),  # why it was not sent, or not yet
    words("detail"),  # what the provider said
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("state_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("price", Numeric(8, 4), nullable=False, server_default="0"),
    Column("person_id", ForeignKey("clinicdesk.person.id")),
    # Who said what became of it, where the program could not: until something else happens they may take it back.
    Column("decided_by", ForeignKey("clinicdesk.person.id")),
    Column("version", Integer, nullable=False, server_default="1"),
    _made(),
    *of_clinic(
        "rule_id:message_rule",
        "template_id:message_template",
        "appointment_id:appointment",
        "conversation_id:conversation",
        "question_id:question",
        "offer_id:waiting_offer",
        "media_id:media",
        "channel_id:message_channel",
    ),
    UniqueConstraint("clinic_id", "id"),
    UniqueConstraint("appointment_id", "kind", "planned_for"),
    CheckConstraint(
        "kind IN ('booked', 'reminder', 'moved', 'cancelled', 'follow_up', 'birthday', 'offer', 'check_in', 'answer',"
        " 'person', 'test')",
        name="kind",
    ),
    CheckConstraint(f"state IN {MESSAGE_STATES}", name="state"),
    CheckConstraint("expires_at > planned_for", name="expiry"),
    CheckConstraint("attempts >= 0", name="attempts"),
    CheckConstraint("char_length(body) <= 4096", name="body"),
    CheckConstraint(
        "CASE WHEN kind IN ('answer', 'person') THEN conversation_id IS NOT NULL"
        " WHEN kind = 'test' THEN channel_id IS NOT NULL AND recipient <> '' ELSE patient_id IS NOT NULL END",
        name="towards",
    ),
    CheckConstraint("state NOT IN ('failed', 'unknown', 'cancelled') OR reason <> ''", name="reason"),
    CheckConstraint("price >= 0 AND price < 'NaN'", name="price"),
    Index(
        "outgoing_message_waiting_index",
        "clinic_id",
        "planned_for",
        postgresql_where=text("state IN ('planned', 'claimed', 'sending', 'failed', 'unknown')"),
    ),
    Index("outgoing_message_conversation_index", "conversation_id", "planned_for"),
    Index("outgoing_message_patient_index", "patient_id", postgresql_where=text("patient_id IS NOT NULL")),
    Index("outgoing_message_question_index", "question_id", postgresql_where=text("question_id IS NOT NULL")),
)

# One try to hand a message to a provider, written before the try: after a crash it is there and its end is not.
delivery = Table(
    "delivery",
    metadata,
    key(),  # given to the provider where it gives it back
    *_clinic(),
    Column("message_id", Uuid, nullable=False),
    Column("channel_id", Uuid, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("provider_message_id", Text),
    Column("state", Text, nullable=False, server_default="sending"),
    words("verdict"),  # what followed from a refusal
    words("fault"),
    words("detail"),
    Column("started_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("ended_at", Instant),
    Column("delivered_at", Instant),
    Column("read_at", Instant),
    *of_clinic("message_id:outgoing_message", "channel_id:message_channel"),
    UniqueConstraint("channel_id", "provider_message_id"),
    CheckConstraint("state IN ('sending', 'sent', 'delivered', 'read', 'failed', 'unknown')", name="state"),
    Index("delivery_message_index", "message_id"),
    Index("delivery_pace_index", "channel_id", "started_at"),
    # Of one message, one try at a time may be without an end.
    Index(
        "delivery_under_way_index",
        "message_id",
        unique=True,
        postgresql_where=text("state IN ('sending', 'unknown')"),
    ),
)

# What a provider told of a message before whoever sent it could write down what the provider calls it.
early_status = Table(
    "early_status",
    metadata,
    Column("channel_id", Uuid, primary_key=True),
    Column("provider_message_id", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    *_clinic(),
    words("identity"),
    words("code"),
    words("detail"),
    Column("at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    *of_clinic("channel_id:message_channel"),
    CheckConstraint("state IN ('sent', 'delivered', 'read', 'failed')", name="state"),
    CheckConstraint("char_length(provider_message_id) BETWEEN 1 AND 400", name="name"),
)

# What arrived at the gateway, word for word, before anybody read it.
webhook_receipt = Table(
    "webhook_receipt",
    metadata,
    key(),
    *_clinic(),
    Column("channel_id", Uuid, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    words("content_type"),
    Column("received_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("read_at", Instant),
    words("fault"),
    *of_clinic("channel_id:message_channel"),
    UniqueConstraint("channel_id", "digest"),
    CheckConstraint("octet_length(body) <= 3145728", name="size"),
    Index("webhook_receipt_unread_index", "received_at", postgresql_where=text("read_at IS NULL")),
)

incoming_message = Table(
    "incoming_message",
    metadata,
    key(),
    *_clinic(),
    Column("channel_id", Uuid, nullable=False),
    Column("conversation_id", Uuid, nullable=False),
    Column("provider_message_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    words("body"),
    words("payload"),  # of a button
    words("quoted_id"),
    Column("media_id", Uuid),
    Column("sent_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    # What it did: empty while nobody has looked, `unclear` while a person has to.
    words("outcome"),
    Column("question_id", Uuid),
    # Where it was asked of which visit it speaks: the questions in the order in which they were listed.
    _ids("choices"),
    Column("proposal", JSONB),  # what somebody else than the rules reads in it
    Column("handled_by", ForeignKey("clinicdesk.person.id")),
    Column("handled_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
    *of_clinic(
        "channel_id:message_channel",
        "conversation_id:conversation",
        "media_id:media",
        "question_id:question",
    ),
    UniqueConstraint("clinic_id", "id"),
    UniqueConstraint("channel_id", "provider_message_id"),
    CheckConstraint(f"kind IN {INCOMING_KINDS}", name="kind"),
    CheckConstraint("char_length(body) <= 8000", name="body"),
    CheckConstraint(
        "outcome IN ('', 'confirmed', 'cancelled', 'already', 'asked_which', 'opted_out', 'opted_in', 'late',"
        " 'after_cancellation', 'after_move', 'offer_accepted', 'offer_refused', 'offer_over', 'unclear',"
        " 'conversation')",
        name="outcome",
    ),
    Index("incoming_message_conversation_index", "conversation_id", "sent_at"),
    Index(
        "incoming_message_unclear_index",
        "clinic_id",
        "received_at",
        postgresql_where=text("outcome = 'unclear' AND handled_at IS NULL"),
    ),
)

# A time offered to one person of the waiting list, held for them until it is over.
waiting_offer = Table(
    "waiting_offer",
    metadata,
    key(),
    *_clinic(),
    Column("entry_id", Uuid, nullable=False),
    Column("professional_id", Uuid, nullable=False),
    Column("room_id", Uuid),
    Column("equipment_id", Uuid),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("hold_id", Uuid),  # written by trigger: the time is held for as long as it is offered
    Column("freed_by", Uuid),  # the visit whose time it was
    Column("expires_at", Instant, nullable=False),
    Column("state", Text, nullable=False, server_default="offered"),
    Column("appointment_id", Uuid),
    *stamps(),
    *of_clinic(
        "entry_id:waiting_entry",
        "room_id:room",
        "equipment_id:equipment",
        "freed_by:appointment",
    ),
    # The hold goes before the visit takes its place, in one transaction: so the visit may come after the word of it.
    ForeignKeyConstraint(
        ["clinic_id", "appointment_id"],
        ["clinicdesk.appointment.clinic_id", "clinicdesk.appointment.id"],
        deferrable=True,
        initially="DEFERRED",
    ),
    ForeignKeyConstraint(
        ["clinic_id", "professional_id"],
        ["clinicdesk.professional_clinic.clinic_id", "clinicdesk.professional_clinic.professional_id"],
    ),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint("starts_at < ends_at", name="order"),
    CheckConstraint(
        "state IN ('offered', 'accepted', 'refused', 'expired', 'withdrawn', 'unanswerable')", name="state"
    ),
    CheckConstraint("(state = 'accepted') = (appointment_id IS NOT NULL)", name="accepted"),
    Index("waiting_offer_standing_index", "entry_id", unique=True, postgresql_where=text("state = 'offered'")),
)

# --- attendances of another system -----------------------------------------------------------------------------------

import_source = Table(
    "import_source",
    metadata,
    key(),
    *_clinic(),
    Column("name", Text, nullable=False),
    words("watermark"),  # up to where its rows were read
    Column("last_run_at", Instant),
    *stamps(),
    UniqueConstraint("clinic_id", "name"),
    CheckConstraint("char_length(name) BETWEEN 1 AND 60", name="name"),
)
