-- Isolation between clinics, for whoever connects. The owner of the tables has a policy of its own, because FORCE applies
-- to it too and a migration's backfill would otherwise change nothing and say so to nobody.
-- The process that sends is at work in every clinic and has nobody behind it; what it may is said by its privileges alone.

DO $$
DECLARE
    each text;
    by_clinic text := 'clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[])';
BEGIN
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'clinicdesk' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('ALTER TABLE clinicdesk.%I ENABLE ROW LEVEL SECURITY', each);
        EXECUTE format('ALTER TABLE clinicdesk.%I FORCE ROW LEVEL SECURITY', each);
        EXECUTE format('CREATE POLICY migrator ON clinicdesk.%I TO cd_schema USING (true) WITH CHECK (true)', each);
    END LOOP;
    FOREACH each IN ARRAY '{scheduling_policy,professional_clinic,room,equipment,service_category,service,
        service_professional,service_room,service_equipment,working_hours,hours_exception,holiday,time_block,
        import_batch,appointment,appointment_version,slot_hold,resource_hold,service_promotion,service_image,series,
        patient_metrics,check_in_pass,patient_call,waiting_entry,recall,recall_attempt,messaging_policy,
        message_channel,channel_secret,message_template,message_rule,quick_reply,conversation,conversation_event,
        media_key,media,question,outgoing_message,delivery,early_status,webhook_receipt,incoming_message,waiting_offer,
        import_source}'::text[]
    LOOP
        EXECUTE format('CREATE POLICY clinic ON clinicdesk.%I TO cd_owner, cd_manager, cd_reception, cd_professional,
                        cd_sync USING (%s) WITH CHECK (%s)', each, by_clinic, by_clinic);
    END LOOP;
    -- The register of patients is the organisation's; so are people and resources. Privileges alone decide there.
    FOREACH each IN ARRAY '{organisation,clinic,person,person_clinic,resource,professional,patient,patient_alert,
        data_key,custom_field,tag,patient_tag,segment,patient_merge,patient_distinct,profile,consent,sync_key,
        sync_process}'::text[]
    LOOP
        EXECUTE format('CREATE POLICY organisation ON clinicdesk.%I TO cd_owner, cd_manager, cd_reception,
                        cd_professional, cd_sync USING ((SELECT clinicdesk.at_work()))
                        WITH CHECK ((SELECT clinicdesk.at_work()))', each);
    END LOOP;
END $$;

-- Whoever gets as far as a connection may know whether their desk is too old, with a password of their own or not yet.
CREATE POLICY everybody ON clinicdesk.schema_release FOR SELECT
    TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync
    USING ((SELECT clinicdesk.login_of(session_user)) IS NOT NULL);
-- The lines of an import are seen by those who see the import.
CREATE POLICY batch ON clinicdesk.import_line TO cd_owner, cd_manager, cd_reception
    USING (EXISTS (SELECT 1 FROM clinicdesk.import_batch b WHERE b.id = import_id))
    WITH CHECK (EXISTS (SELECT 1 FROM clinicdesk.import_batch b WHERE b.id = import_id));
-- Rooms and machines are made in one's own clinics.
CREATE POLICY own_resource ON clinicdesk.resource AS RESTRICTIVE FOR INSERT TO cd_owner, cd_manager
    WITH CHECK (clinic_id IS NULL OR clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]));
-- A clinic's own row changes by its own people; the others are only named.
CREATE POLICY own_clinic ON clinicdesk.clinic AS RESTRICTIVE FOR UPDATE TO cd_owner, cd_manager
    USING (id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]));
-- What patients send is sealed to the newest key: no version is shown that the clinic has no key of.
CREATE POLICY own_version ON clinicdesk.media_key AS RESTRICTIVE FOR INSERT
    TO cd_owner, cd_manager, cd_reception, cd_professional
    WITH CHECK (key_version = 1 OR EXISTS (SELECT FROM clinicdesk.data_key k WHERE k.clinic_id = media_key.clinic_id
                                            AND k.key_version = media_key.key_version));
-- A professional writes in their own column of the agenda and reads the others.
CREATE POLICY own_column ON clinicdesk.appointment AS RESTRICTIVE FOR UPDATE TO cd_professional
    USING (professional_id = (SELECT clinicdesk.my_professional()))
    WITH CHECK (professional_id = (SELECT clinicdesk.my_professional()));
CREATE POLICY own_column_new ON clinicdesk.appointment AS RESTRICTIVE FOR INSERT TO cd_professional
    WITH CHECK (professional_id = (SELECT clinicdesk.my_professional()));
CREATE POLICY own_time ON clinicdesk.time_block AS RESTRICTIVE FOR UPDATE TO cd_professional
    USING (resource_id = (SELECT clinicdesk.my_professional()));
CREATE POLICY own_time_new ON clinicdesk.time_block AS RESTRICTIVE FOR INSERT TO cd_professional
    WITH CHECK (resource_id = (SELECT clinicdesk.my_professional()));

-- An attempt noted by a slip is taken back by who noted it, and by nobody else.
CREATE POLICY own_attempt ON clinicdesk.recall_attempt AS RESTRICTIVE FOR DELETE
    TO cd_owner, cd_manager, cd_reception, cd_professional
    USING (created_by = (SELECT clinicdesk.my_person()));

-- How one person looks at the agenda, and what they put aside, is theirs alone.
CREATE POLICY own ON clinicdesk.saved_view TO cd_owner, cd_manager, cd_reception, cd_professional
    USING (person_id = (SELECT clinicdesk.my_person()) AND clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]))
    WITH CHECK (person_id = (SELECT clinicdesk.my_person())
                AND clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]));
CREATE POLICY own ON clinicdesk.pinned_card TO cd_owner, cd_manager, cd_reception, cd_professional
    USING (person_id = (SELECT clinicdesk.my_person()) AND clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]))
    WITH CHECK (person_id = (SELECT clinicdesk.my_person())
                AND clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]));

CREATE POLICY own_key ON clinicdesk.wrapped_key TO cd_owner, cd_manager, cd_reception, cd_professional
    USING (person_id = (SELECT clinicdesk.my_person())) WITH CHECK (person_id = (SELECT clinicdesk.my_person()));
CREATE POLICY own_operation ON clinicdesk.operation TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync
    USING (login = session_user) WITH CHECK (login = session_user);
-- Who has only a code, or was locked or closed, writes nothing here either.
CREATE POLICY own_operation_new ON clinicdesk.operation AS RESTRICTIVE FOR INSERT
    TO cd_owner, cd_manager, cd_reception, cd_professional WITH CHECK ((SELECT clinicdesk.my_person()) IS NOT NULL);
CREATE POLICY readers ON clinicdesk.audit FOR SELECT TO cd_owner, cd_manager
    USING ((SELECT clinicdesk.my_person()) IS NOT NULL
           AND (clinic_id IS NULL OR clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[])));

CREATE POLICY logins ON clinicdesk.person TO cd_logins USING (true) WITH CHECK (true);
CREATE POLICY logins ON clinicdesk.person_clinic TO cd_logins USING (true) WITH CHECK (true);
CREATE POLICY logins ON clinicdesk.data_key TO cd_logins USING (true);
CREATE POLICY logins ON clinicdesk.wrapped_key TO cd_logins USING (true) WITH CHECK (true);
CREATE POLICY logins ON clinicdesk.desk TO cd_logins USING (true) WITH CHECK (true);
CREATE POLICY logins ON clinicdesk.desk_request TO cd_logins USING (true) WITH CHECK (true);
CREATE POLICY logins ON clinicdesk.desk_session TO cd_logins USING (true) WITH CHECK (true);
CREATE POLICY logins ON clinicdesk.refused_sign_in TO cd_logins USING (true) WITH CHECK (true);
CREATE POLICY watch ON clinicdesk.desk TO cd_watch USING (true);
CREATE POLICY organisation ON clinicdesk.desk TO cd_owner, cd_manager
    USING ((SELECT clinicdesk.my_person()) IS NOT NULL) WITH CHECK ((SELECT clinicdesk.my_person()) IS NOT NULL);
CREATE POLICY organisation ON clinicdesk.desk_session FOR SELECT TO cd_owner, cd_manager
    USING ((SELECT clinicdesk.my_person()) IS NOT NULL);
CREATE POLICY organisation ON clinicdesk.refused_sign_in FOR SELECT TO cd_owner, cd_manager
    USING ((SELECT clinicdesk.my_person()) IS NOT NULL);

-- What a profile takes away. Reading stays the role's: what cannot be seen cannot be helped with at the desk. Overbooking
-- is asked for where the overbookings of the day are counted, because only a trigger sees what a visit was before.
DO $$
DECLARE
    each record;
    verb text;
BEGIN
    FOR each IN SELECT * FROM (VALUES
        ('appointment', '{INSERT}', 'book'), ('appointment', '{UPDATE}', 'change_visits'),
        ('time_block', '{INSERT,UPDATE}', 'block_time'),
        ('patient', '{INSERT,UPDATE}', 'write_patients'), ('patient_tag', '{INSERT,DELETE}', 'write_patients'),
        -- What stands on patients: a tag that is taken away is taken off everybody.
        ('tag', '{UPDATE,DELETE}', 'write_patients'),
        ('patient_distinct', '{INSERT,DELETE}', 'merge_patients'),
        ('import_batch', '{INSERT}', 'import'), ('import_line', '{INSERT}', 'import'),
        ('waiting_entry', '{INSERT,UPDATE}', 'keep_waiting_list'),
        ('recall', '{INSERT,UPDATE}', 'keep_recalls'), ('recall_attempt', '{INSERT,DELETE}', 'keep_recalls'),
        ('clinic', '{UPDATE}', 'change_settings'), ('scheduling_policy', '{INSERT,UPDATE}', 'change_settings'),
        ('resource', '{INSERT}', 'change_settings'),
        ('professional', '{INSERT,UPDATE}', 'change_settings'),
        ('professional_clinic', '{INSERT,DELETE}', 'change_settings'),
        ('room', '{INSERT,UPDATE}', 'change_settings'), ('equipment', '{INSERT,UPDATE}', 'change_settings'),
        ('service', '{INSERT,UPDATE}', 'change_settings'),
        ('service_category', '{INSERT,UPDATE,DELETE}', 'change_settings'),
        ('service_professional', '{INSERT,DELETE}', 'change_settings'),
        ('service_room', '{INSERT,DELETE}', 'change_settings'),
        ('service_equipment', '{INSERT,DELETE}', 'change_settings'),
        ('service_promotion', '{INSERT,UPDATE,DELETE}', 'change_settings'),
        ('service_image', '{INSERT,UPDATE,DELETE}', 'change_settings'),
        ('working_hours', '{INSERT,UPDATE,DELETE}', 'change_settings'),
        ('hours_exception', '{INSERT,UPDATE,DELETE}', 'change_settings'),
        ('holiday', '{INSERT,UPDATE,DELETE}', 'change_settings'),
        ('custom_field', '{INSERT,UPDATE}', 'change_settings'),
        ('messaging_policy', '{INSERT,UPDATE}', 'change_settings'),
        ('message_channel', '{INSERT,UPDATE,DELETE}', 'change_settings'),
        ('channel_secret', '{INSERT,UPDATE,DELETE}', 'change_settings'),
        ('message_template', '{INSERT,UPDATE}', 'change_settings'),
        ('message_rule', '{INSERT,UPDATE,DELETE}', 'change_settings'),
        ('import_source', '{INSERT,UPDATE}', 'import'),
        ('consent', '{INSERT,UPDATE}', 'write_patients'),
        ('outgoing_message', '{INSERT}', 'send_messages'),
        ('conversation', '{INSERT,UPDATE}', 'send_messages'),
        ('conversation_event', '{INSERT}', 'send_messages'),
        ('waiting_offer', '{INSERT,UPDATE}', 'keep_waiting_list'),
        ('audit', '{SELECT}', 'read_audit')
    ) AS denied (name, verbs, capability) LOOP
        FOREACH verb IN ARRAY each.verbs::text[] LOOP
            EXECUTE format('CREATE POLICY %I ON clinicdesk.%I AS RESTRICTIVE FOR %s
                            TO cd_owner, cd_manager, cd_reception, cd_professional
                            %s ((SELECT clinicdesk.require_may(%L)))',
                           'profile_' || lower(verb), each.name, verb,
                           CASE WHEN verb IN ('DELETE', 'SELECT') THEN 'USING' ELSE 'WITH CHECK' END, each.capability);
        END LOOP;
    END LOOP;
END $$;
