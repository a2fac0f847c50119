-- The promise that every desk, page and program stands on: one resource, one holder at a time. An overbooked visit is
-- exempt for its professional alone; the rows of its room and machine are not.
ALTER TABLE clinicdesk.resource_hold ADD CONSTRAINT resource_hold_no_overlap
    EXCLUDE USING gist (resource_id WITH =, during WITH &&) WHERE (NOT exempt);

DO $$
DECLARE
    each text;
BEGIN
    FOREACH each IN ARRAY '{organisation,clinic,scheduling_policy,profile,person,professional,room,equipment,service_category,
        service,service_promotion,service_image,custom_field,working_hours,hours_exception,holiday,time_block,
        import_batch,patient,patient_alert,tag,segment,patient_merge,series,appointment,saved_view,waiting_entry,recall,
        recall_attempt,messaging_policy,message_channel,message_template,message_rule,consent,quick_reply,waiting_offer,
        import_source}'::text[]
    LOOP
        EXECUTE format('CREATE TRIGGER a_stamp BEFORE INSERT OR UPDATE ON clinicdesk.%I
                        FOR EACH ROW EXECUTE FUNCTION clinicdesk.stamp_row()', each);
    END LOOP;
    FOREACH each IN ARRAY '{organisation,clinic,scheduling_policy,profile,person,person_clinic,professional,professional_clinic,
        room,equipment,service_category,service,service_professional,service_room,service_equipment,working_hours,
        hours_exception,holiday,time_block,import_batch,patient,patient_alert,appointment,resource,wrapped_key,
        service_promotion,service_image,custom_field,tag,patient_tag,segment,patient_merge,patient_distinct,series,
        saved_view,pinned_card,
        patient_call,waiting_entry,recall,recall_attempt,desk,messaging_policy,message_channel,message_template,
        message_rule,consent,quick_reply,waiting_offer,import_source}'::text[]
    LOOP
        EXECUTE format('CREATE TRIGGER z_record AFTER INSERT OR UPDATE OR DELETE ON clinicdesk.%I
                        FOR EACH ROW EXECUTE FUNCTION clinicdesk.record_change()', each);
    END LOOP;
END $$;

CREATE TRIGGER b_thing BEFORE INSERT OR UPDATE OF id ON clinicdesk.professional
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.guard_thing();
CREATE TRIGGER b_thing BEFORE INSERT OR UPDATE OF id, clinic_id ON clinicdesk.room
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.guard_thing();
CREATE TRIGGER b_thing BEFORE INSERT OR UPDATE OF id, clinic_id ON clinicdesk.equipment
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.guard_thing();
CREATE TRIGGER b_index BEFORE INSERT OR UPDATE OF full_name, social_name, phone, search_text, sort_name
    ON clinicdesk.patient FOR EACH ROW EXECUTE FUNCTION clinicdesk.index_patient();
CREATE TRIGGER b_guard BEFORE INSERT OR UPDATE ON clinicdesk.appointment
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.guard_appointment();
CREATE TRIGGER m_hold AFTER INSERT OR UPDATE ON clinicdesk.appointment
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.hold_resources();
CREATE TRIGGER m_version AFTER INSERT OR UPDATE ON clinicdesk.appointment
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.keep_version();
CREATE TRIGGER m_unpin AFTER UPDATE ON clinicdesk.appointment FOR EACH ROW
    WHEN ((NEW.starts_at, NEW.professional_id) IS DISTINCT FROM (OLD.starts_at, OLD.professional_id)
          OR NEW.status <> OLD.status AND NEW.status IN ('completed', 'no_show', 'cancelled'))
    EXECUTE FUNCTION clinicdesk.unpin_placed();
CREATE TRIGGER b_code BEFORE INSERT OR UPDATE ON clinicdesk.check_in_pass
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.give_check_in_code();
CREATE TRIGGER b_guard BEFORE INSERT OR UPDATE ON clinicdesk.time_block
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.guard_time_block();
CREATE CONSTRAINT TRIGGER y_owner AFTER UPDATE OR DELETE ON clinicdesk.person
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'owner' AND OLD.active)
    EXECUTE FUNCTION clinicdesk.keep_an_owner();

DO $$
DECLARE
    each text;
BEGIN
    FOREACH each IN ARRAY '{conversation,outgoing_message,incoming_message}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER a_version BEFORE INSERT OR UPDATE ON clinicdesk.%I
                        FOR EACH ROW EXECUTE FUNCTION clinicdesk.count_version()', each);
    END LOOP;
    FOREACH each IN ARRAY '{conversation,conversation_event,incoming_message,media}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER z_tell AFTER INSERT OR UPDATE ON clinicdesk.%I
                        FOR EACH ROW EXECUTE FUNCTION clinicdesk.tell_row()', each);
    END LOOP;
END $$;

-- What is only planned concerns nobody yet.
CREATE TRIGGER z_tell AFTER INSERT OR UPDATE ON clinicdesk.outgoing_message FOR EACH ROW
    WHEN (NEW.conversation_id IS NOT NULL OR NEW.state NOT IN ('planned', 'claimed'))
    EXECUTE FUNCTION clinicdesk.tell_row();
CREATE TRIGGER b_guard BEFORE INSERT OR UPDATE ON clinicdesk.outgoing_message
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.guard_outgoing();
CREATE TRIGGER n_queue AFTER INSERT OR UPDATE OF state, planned_for ON clinicdesk.outgoing_message FOR EACH ROW
    WHEN (NEW.state = 'planned') EXECUTE FUNCTION clinicdesk.queue_message();
CREATE TRIGGER m_together AFTER UPDATE OF state ON clinicdesk.outgoing_message FOR EACH ROW
    WHEN (NEW.state = 'cancelled' AND OLD.state IN ('planned', 'claimed') AND NEW.kind IN ('reminder', 'check_in')
          AND NEW.reason IN ('already_confirmed', 'cancelled', 'moved', 'happened_already'))
    EXECUTE FUNCTION clinicdesk.give_way_back();
CREATE TRIGGER m_answer AFTER UPDATE OF handled_at ON clinicdesk.incoming_message FOR EACH ROW
    WHEN (OLD.handled_at IS DISTINCT FROM NEW.handled_at) EXECUTE FUNCTION clinicdesk.answer_reading();
CREATE TRIGGER n_queue AFTER INSERT ON clinicdesk.webhook_receipt
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.queue_receipt();
CREATE TRIGGER n_queue AFTER INSERT ON clinicdesk.media FOR EACH ROW
    WHEN (NEW.fetch_from <> '' AND NEW.sealed IS NULL) EXECUTE FUNCTION clinicdesk.queue_media();
CREATE TRIGGER b_guard BEFORE INSERT OR UPDATE ON clinicdesk.consent
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.guard_consent();
CREATE TRIGGER b_guard BEFORE INSERT ON clinicdesk.conversation_event
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.sign_event();
CREATE TRIGGER n_secrets AFTER UPDATE OF address, settings ON clinicdesk.message_channel FOR EACH ROW
    WHEN ((OLD.address, OLD.settings ->> 'host', OLD.settings ->> 'port', OLD.settings ->> 'security')
          IS DISTINCT FROM (NEW.address, NEW.settings ->> 'host', NEW.settings ->> 'port', NEW.settings ->> 'security'))
    EXECUTE FUNCTION clinicdesk.forget_secrets();
CREATE TRIGGER b_guard BEFORE UPDATE OF handled_by ON clinicdesk.incoming_message FOR EACH ROW
    WHEN (NEW.handled_by IS NOT NULL AND NEW.handled_by IS DISTINCT FROM OLD.handled_by)
    EXECUTE FUNCTION clinicdesk.sign_handling();
