-- Whatever a receptionist could do with psql is what they may do: these lines are the whole of it.

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA clinicdesk FROM PUBLIC;
GRANT USAGE ON SCHEMA clinicdesk TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync, cd_logins, cd_watch,
    cd_enrol, cd_founder, cd_guard;
GRANT EXECUTE ON FUNCTION clinicdesk.login_of, clinicdesk.my_person, clinicdesk.my_clinics, clinicdesk.my_professional,
    clinicdesk.lock_resources, clinicdesk.busy, clinicdesk.kept_free, clinicdesk.folded, clinicdesk.step_allowed,
    clinicdesk.may, clinicdesk.require_may, clinicdesk.is_sync, clinicdesk.at_work
    TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync, cd_logins;
-- What everybody at a desk reads. A slot_hold and what it holds are honoured by every booking; no login may write one.
GRANT SELECT ON clinicdesk.organisation, clinicdesk.clinic, clinicdesk.scheduling_policy, clinicdesk.person,
    clinicdesk.person_clinic, clinicdesk.resource, clinicdesk.professional, clinicdesk.professional_clinic,
    clinicdesk.room, clinicdesk.equipment, clinicdesk.service_category, clinicdesk.service,
    clinicdesk.service_professional, clinicdesk.service_room, clinicdesk.service_equipment, clinicdesk.working_hours,
    clinicdesk.hours_exception, clinicdesk.holiday, clinicdesk.time_block, clinicdesk.patient_alert,
    clinicdesk.appointment, clinicdesk.appointment_version, clinicdesk.resource_hold, clinicdesk.slot_hold,
    clinicdesk.service_promotion, clinicdesk.service_image, clinicdesk.custom_field, clinicdesk.tag,
    clinicdesk.patient_tag, clinicdesk.patient_metrics, clinicdesk.series, clinicdesk.check_in_pass,
    clinicdesk.patient_call, clinicdesk.waiting_entry, clinicdesk.recall, clinicdesk.recall_attempt,
    clinicdesk.profile, clinicdesk.schema_release
    TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT SELECT ON clinicdesk.patient, clinicdesk.data_key, clinicdesk.wrapped_key, clinicdesk.segment,
    clinicdesk.saved_view, clinicdesk.pinned_card
    TO cd_owner, cd_manager, cd_reception, cd_professional;
GRANT EXECUTE ON FUNCTION clinicdesk.find_patients TO cd_owner, cd_manager, cd_reception, cd_professional;
GRANT SELECT (id, full_name, social_name, search_text, sort_name, phone, email, birth_date, guardian_id, vip,
    priority, priority_until, merged_into, version) ON clinicdesk.patient TO cd_sync;
GRANT SELECT ON clinicdesk.import_batch, clinicdesk.import_line, clinicdesk.patient_merge, clinicdesk.patient_distinct
    TO cd_owner, cd_manager, cd_reception;
GRANT INSERT, DELETE ON clinicdesk.patient_distinct TO cd_owner, cd_manager, cd_reception;
GRANT EXECUTE ON FUNCTION clinicdesk.merge_patients, clinicdesk.undo_merge, clinicdesk.likely_duplicates
    TO cd_owner, cd_manager, cd_reception;
GRANT EXECUTE ON FUNCTION clinicdesk.hold_slot, clinicdesk.release_hold
    TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT EXECUTE ON FUNCTION clinicdesk.record_export TO cd_owner, cd_manager;
GRANT SELECT ON clinicdesk.audit, clinicdesk.desk, clinicdesk.desk_session, clinicdesk.refused_sign_in
    TO cd_owner, cd_manager;

-- The day's work.
GRANT INSERT (id, clinic_id, patient_id, guardian_id, professional_id, room_id, equipment_id, service_id, starts_at,
    ends_at, buffer_before, buffer_after, status, status_channel, overbooking_reason, price, note, source_uid, import_id,
    visit_id, series_id, series_day)
    ON clinicdesk.appointment TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT UPDATE (professional_id, room_id, equipment_id, service_id, starts_at, ends_at, buffer_before, buffer_after, status,
    status_channel, overbooking_reason, reschedule_count, cancelled_by, cancel_reason, price, note, guardian_id,
    visit_id, series_id, series_day)
    ON clinicdesk.appointment TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT INSERT (id, full_name, social_name, phone, email, birth_date, cpf_ciphertext, cpf_index, cpf_key_version,
    guardian_id, guardian_kinship, address, source, vip, note, import_id, referred_by, priority, priority_until, custom),
    UPDATE (full_name, social_name, phone, email, birth_date, cpf_ciphertext, cpf_index, cpf_key_version, guardian_id,
    guardian_kinship, address, source, vip, note, referred_by, priority, priority_until, custom)
    ON clinicdesk.patient TO cd_owner, cd_manager, cd_reception, cd_professional;
GRANT INSERT (id, full_name, phone, source) ON clinicdesk.patient TO cd_sync;
GRANT INSERT (id, clinic_id, resource_id, starts_at, ends_at, kind, reason),
    UPDATE (starts_at, ends_at, reason, active)
    ON clinicdesk.time_block TO cd_owner, cd_manager, cd_reception, cd_professional;
GRANT INSERT (id, clinic_id, rule, first_day, starts, on_holiday), UPDATE (rule, first_day, starts, on_holiday)
    ON clinicdesk.series TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT INSERT (id, clinic_id, person_id, position, name, settings), UPDATE (position, name, settings), DELETE
    ON clinicdesk.saved_view TO cd_owner, cd_manager, cd_reception, cd_professional;
GRANT INSERT (clinic_id, person_id, appointment_id), DELETE
    ON clinicdesk.pinned_card TO cd_owner, cd_manager, cd_reception, cd_professional;
GRANT INSERT (appointment_id, clinic_id) ON clinicdesk.check_in_pass
    TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT INSERT (id, clinic_id, appointment_id, place) ON clinicdesk.patient_call
    TO cd_owner, cd_manager, cd_reception, cd_professional;
GRANT INSERT (id, clinic_id, patient_id, service_id, professional_id, weekdays, from_time, to_time, first_day, last_day,
    urgency, note), UPDATE (service_id, professional_id, weekdays, from_time, to_time, first_day, last_day, urgency, note,
    state, appointment_id)
    ON clinicdesk.waiting_entry TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT INSERT (id, clinic_id, patient_id, service_id, professional_id, due_month, reason),
    UPDATE (service_id, professional_id, due_month, reason, state, appointment_id)
    ON clinicdesk.recall TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT INSERT (id, clinic_id, recall_id, channel, outcome, note)
    ON clinicdesk.recall_attempt TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT DELETE ON clinicdesk.recall_attempt TO cd_owner, cd_manager, cd_reception, cd_professional;
GRANT INSERT (id, name, hue), UPDATE (name, hue), DELETE ON clinicdesk.tag TO cd_owner, cd_manager, cd_reception;
GRANT INSERT, DELETE ON clinicdesk.patient_tag TO cd_owner, cd_manager, cd_reception, cd_professional;
GRANT INSERT (id, name, definition), UPDATE (name, definition), DELETE
    ON clinicdesk.segment TO cd_owner, cd_manager, cd_reception;
GRANT INSERT (id, patient_id, severity, text), UPDATE (active) ON clinicdesk.patient_alert TO cd_professional;
GRANT SELECT, INSERT (id, kind, row_id) ON clinicdesk.operation
    TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT INSERT (id, clinic_id, kind, file_name) ON clinicdesk.import_batch TO cd_owner, cd_manager, cd_reception;
GRANT INSERT ON clinicdesk.import_line TO cd_owner, cd_manager, cd_reception;
GRANT EXECUTE ON FUNCTION clinicdesk.undo_patient_import TO cd_owner, cd_manager, cd_reception;

-- What the clinic is made of.
GRANT UPDATE (name) ON clinicdesk.organisation TO cd_owner;
GRANT UPDATE (name, slug, cnpj, zone, state, city, address, phone, email, logo, business_template, position)
    ON clinicdesk.clinic TO cd_owner, cd_manager;
GRANT INSERT, UPDATE ON clinicdesk.scheduling_policy, clinicdesk.professional, clinicdesk.room, clinicdesk.equipment,
    clinicdesk.service_category, clinicdesk.service, clinicdesk.custom_field TO cd_owner, cd_manager;
GRANT INSERT ON clinicdesk.resource TO cd_owner, cd_manager;
GRANT DELETE ON clinicdesk.service_category TO cd_owner, cd_manager;
GRANT INSERT, UPDATE, DELETE ON clinicdesk.working_hours, clinicdesk.hours_exception, clinicdesk.holiday,
    clinicdesk.service_promotion, clinicdesk.service_image
    TO cd_owner, cd_manager;
GRANT INSERT, DELETE ON clinicdesk.professional_clinic, clinicdesk.service_professional, clinicdesk.service_room,
    clinicdesk.service_equipment TO cd_owner, cd_manager;
GRANT UPDATE (name, hue) ON clinicdesk.person TO cd_owner;
GRANT INSERT (id, name, role, denied), UPDATE (name, denied), DELETE ON clinicdesk.profile TO cd_owner;
GRANT UPDATE (name) ON clinicdesk.desk TO cd_owner;

GRANT SELECT, INSERT, UPDATE ON clinicdesk.person TO cd_logins;
GRANT SELECT, INSERT, DELETE ON clinicdesk.person_clinic TO cd_logins;
GRANT SELECT ON clinicdesk.data_key TO cd_logins;
GRANT SELECT, INSERT, UPDATE, DELETE ON clinicdesk.wrapped_key TO cd_logins;
GRANT SELECT, INSERT, UPDATE ON clinicdesk.desk, clinicdesk.desk_request, clinicdesk.desk_session TO cd_logins;
GRANT SELECT, INSERT, UPDATE, DELETE ON clinicdesk.refused_sign_in TO cd_logins;
GRANT SELECT ON clinicdesk.desk TO cd_watch;
GRANT EXECUTE ON FUNCTION clinicdesk.login_of, clinicdesk.connection_name TO cd_watch;

-- What crosses the internet. Professionals read their agenda and not the conversations; what a message went through is
-- written by sync alone, and what was sealed at a desk is read by sync alone.
GRANT SELECT ON clinicdesk.sync_key, clinicdesk.sync_process, clinicdesk.messaging_policy, clinicdesk.message_channel,
    clinicdesk.message_template, clinicdesk.message_rule, clinicdesk.consent, clinicdesk.media_key,
    clinicdesk.waiting_offer
    TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT SELECT ON clinicdesk.quick_reply, clinicdesk.conversation, clinicdesk.conversation_event, clinicdesk.media,
    clinicdesk.question, clinicdesk.outgoing_message, clinicdesk.delivery, clinicdesk.incoming_message,
    clinicdesk.import_source
    TO cd_owner, cd_manager, cd_reception, cd_sync;
GRANT SELECT ON clinicdesk.channel_secret, clinicdesk.webhook_receipt, clinicdesk.early_status TO cd_sync;
GRANT INSERT (channel_id, provider_message_id, state, clinic_id, identity, code, detail, at), DELETE
    ON clinicdesk.early_status TO cd_sync;
GRANT SELECT (channel_id, name, clinic_id, sync_key_id, set_at) ON clinicdesk.channel_secret TO cd_owner, cd_manager;
-- That something could not be read, and not what it was.
GRANT SELECT (id, clinic_id, channel_id, received_at, read_at, fault) ON clinicdesk.webhook_receipt
    TO cd_owner, cd_manager, cd_reception;
GRANT INSERT (id, public_key, host), UPDATE (retired_at) ON clinicdesk.sync_key TO cd_sync;
GRANT INSERT (id, host, release, status), UPDATE (seen_at, stopped_at, status), DELETE ON clinicdesk.sync_process
    TO cd_sync;
GRANT INSERT (clinic_id, active, quiet_from, quiet_to, on_sundays, grace_minutes, offer_minutes, media_days,
    public_address), UPDATE (active, quiet_from, quiet_to, on_sundays, grace_minutes, offer_minutes, media_days,
    public_address) ON clinicdesk.messaging_policy TO cd_owner, cd_manager;
GRANT INSERT (id, clinic_id, kind, provider, name, address, settings, position, active, receives, per_minute, price),
    UPDATE (name, address, settings, position, active, receives, per_minute, price, paused_at, paused_reason), DELETE
    ON clinicdesk.message_channel TO cd_owner, cd_manager;
GRANT UPDATE (paused_at, paused_reason) ON clinicdesk.message_channel TO cd_reception, cd_sync;
GRANT INSERT (channel_id, name, clinic_id, sync_key_id, sealed), UPDATE (sync_key_id, sealed, set_at), DELETE
    ON clinicdesk.channel_secret TO cd_owner, cd_manager;
GRANT INSERT (id, clinic_id, name, purpose, subject, body, provider_name, provider_language, provider_variables, active),
    UPDATE (name, purpose, subject, body, provider_name, provider_language, provider_variables, active)
    ON clinicdesk.message_template TO cd_owner, cd_manager;
GRANT INSERT (id, clinic_id, event, offset_minutes, template_id, asks, channels, recipient, service_ids,
    professional_ids, excluded_service_ids, late_minutes, active), UPDATE (event, offset_minutes, template_id, asks,
    channels, recipient, service_ids, professional_ids, excluded_service_ids, late_minutes, active), DELETE
    ON clinicdesk.message_rule TO cd_owner, cd_manager;
GRANT INSERT (id, patient_id, purpose, channel, words, source, proof), UPDATE (revoked_at, revoked_source)
    ON clinicdesk.consent TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync;
GRANT INSERT (id, clinic_id, shortcut, body, position), UPDATE (shortcut, body, position), DELETE
    ON clinicdesk.quick_reply TO cd_owner, cd_manager, cd_reception;
GRANT INSERT (id, clinic_id, channel_id, identity, phone, display_name, patient_id, owner, person_id),
    UPDATE (patient_id, owner, person_id, unread, closed_at)
    ON clinicdesk.conversation TO cd_owner, cd_manager, cd_reception;
GRANT INSERT (id, clinic_id, channel_id, identity, phone, display_name, patient_id, window_until),
    UPDATE (identity, phone, display_name, patient_id, owner, person_id, window_until, unread, last_at, last_words,
    opted_out_at, closed_at) ON clinicdesk.conversation TO cd_sync;
GRANT INSERT (id, clinic_id, conversation_id, kind, person_id, appointment_id, words) ON clinicdesk.conversation_event
    TO cd_owner, cd_manager, cd_reception, cd_sync;
GRANT INSERT (clinic_id, key_version, public_key) ON clinicdesk.media_key
    TO cd_owner, cd_manager, cd_reception, cd_professional;
GRANT INSERT (id, clinic_id, conversation_id, kind, mime, file_name, size, seconds, key_version, sealed, sealed_for_sync,
    sync_key_id, expires_at), UPDATE (kept_at) ON clinicdesk.media TO cd_owner, cd_manager, cd_reception;
GRANT INSERT (id, clinic_id, conversation_id, kind, mime, file_name, size, seconds, key_version, sealed, fetch_from, fault,
    expires_at), UPDATE (mime, file_name, size, seconds, key_version, sealed, sealed_for_sync, sync_key_id, fault)
    ON clinicdesk.media TO cd_sync;
GRANT UPDATE (answer, closed_at, closed_reason) ON clinicdesk.question TO cd_owner, cd_manager, cd_reception;
GRANT INSERT (id, clinic_id, kind, patient_id, appointment_id, appointment_version, offer_id, allowed, expires_at),
    UPDATE (appointment_version, asked_at, expires_at, answer, closed_at, closed_reason) ON clinicdesk.question TO cd_sync;
GRANT INSERT (id, clinic_id, kind, template_id, patient_id, appointment_id, conversation_id, offer_id, media_id, channel_id,
    recipient, subject, body, quoted_id, planned_for, expires_at, person_id) ON clinicdesk.outgoing_message
    TO cd_owner, cd_manager, cd_reception;
GRANT INSERT (id, clinic_id, kind, rule_id, template_id, patient_id, appointment_id, conversation_id, question_id, offer_id,
    media_id, channel_id, recipient, subject, body, quoted_id, visit_at, planned_for, expires_at, state, reason),
    UPDATE (conversation_id, question_id, channel_id, recipient, subject, body, planned_for, state, reason, detail,
    attempts, price) ON clinicdesk.outgoing_message TO cd_sync;
GRANT INSERT (id, clinic_id, message_id, channel_id, recipient), UPDATE (provider_message_id, state, verdict, fault,
    detail, ended_at, delivered_at, read_at) ON clinicdesk.delivery TO cd_sync;
GRANT INSERT (id, clinic_id, channel_id, digest, body, content_type), UPDATE (read_at, fault), DELETE
    ON clinicdesk.webhook_receipt TO cd_sync;
GRANT INSERT (id, clinic_id, channel_id, conversation_id, provider_message_id, kind, body, payload, quoted_id, media_id,
    sent_at, outcome, question_id), UPDATE (body, kind, media_id, outcome, question_id, choices, proposal, handled_at)
    ON clinicdesk.incoming_message TO cd_sync;
GRANT UPDATE (outcome, question_id, handled_by, handled_at) ON clinicdesk.incoming_message
    TO cd_owner, cd_manager, cd_reception;
GRANT INSERT (id, clinic_id, entry_id, professional_id, room_id, equipment_id, starts_at, ends_at, freed_by, expires_at),
    UPDATE (state, appointment_id) ON clinicdesk.waiting_offer
    TO cd_owner, cd_manager, cd_reception, cd_sync;
GRANT INSERT (id, clinic_id, name, watermark), UPDATE (watermark, last_run_at) ON clinicdesk.import_source
    TO cd_owner, cd_manager, cd_reception;
GRANT EXECUTE ON FUNCTION clinicdesk.retry_message, clinicdesk.discard_message, clinicdesk.settle_message,
    clinicdesk.reopen_message TO cd_owner, cd_manager, cd_reception;
GRANT EXECUTE ON FUNCTION clinicdesk.requeue_messages, clinicdesk.requeue_receipts, clinicdesk.revive_jobs,
    clinicdesk.remove_old_jobs, clinicdesk.replan_clinic TO cd_sync;
GRANT EXECUTE ON FUNCTION clinicdesk.sync_standing TO cd_guard;
