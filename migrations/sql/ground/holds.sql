-- Time held while one talks: a row under the same exclusion as a visit, whatever the door it came through. It lasts
-- minutes; when nobody renews it, because a person forgot or a process died, it stands in nobody's way.

-- Expired holds go when their time is needed. Locked in one order, so that two who need it do not wait for each other.
CREATE FUNCTION clinicdesk.clear_expired_holds(resource_ids uuid[], wanted tstzrange) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    expired uuid[];
BEGIN
    expired := ARRAY (
        SELECT s.id FROM clinicdesk.slot_hold s
         WHERE s.expires_at < clock_timestamp()
           AND EXISTS (SELECT 1 FROM clinicdesk.resource_hold h
                        WHERE h.slot_hold_id = s.id AND h.during && wanted AND h.resource_id = ANY (resource_ids))
         ORDER BY s.id FOR UPDATE);
    DELETE FROM clinicdesk.slot_hold WHERE id = ANY (expired);
END $$;

-- Hold a stretch of people and things for so many minutes; the same hold asked for again is moved there, or renewed.
-- It is refused what a visit would be refused: time kept free, and time that anybody holds.
CREATE FUNCTION clinicdesk.hold_slot(hold uuid, clinic uuid, professional uuid, room uuid, equipment uuid,
        starts timestamptz, ends timestamptz, before smallint, after smallint, minutes int, channel text, label text)
    RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    person uuid := clinicdesk.my_person();
    resources uuid[] := array_remove(ARRAY[professional, room, equipment], NULL);
    held tstzrange;
    visit clinicdesk.appointment;
    until timestamptz := clock_timestamp() + make_interval(mins => least(greatest(minutes, 1), CASE WHEN clinicdesk.is_sync() THEN 1440 ELSE 15 END));
BEGIN
    IF NOT coalesce(clinic = ANY (clinicdesk.my_clinics()), false)
       OR EXISTS (SELECT 1 FROM clinicdesk.slot_hold s WHERE s.id = hold
                   AND (s.clinic_id <> clinic OR s.person_id IS DISTINCT FROM person))
       OR EXISTS (SELECT 1 FROM clinicdesk.person p WHERE p.id = person AND p.role = 'professional'
                   AND professional IS DISTINCT FROM clinicdesk.my_professional()) THEN
        RAISE insufficient_privilege USING MESSAGE = 'not yours to hold';
    END IF;
    -- Who may neither book nor move a visit has nothing to hold time for.
    IF NOT clinicdesk.may('change_visits') THEN
        PERFORM clinicdesk.require_may('book');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM clinicdesk.professional_clinic pc
                    WHERE pc.clinic_id = clinic AND pc.professional_id = professional)
       OR EXISTS (SELECT 1 FROM unnest(ARRAY[room, equipment]) AS thing (id)
                   WHERE thing.id IS NOT NULL
                     AND NOT EXISTS (SELECT 1 FROM clinicdesk.resource r WHERE r.id = thing.id AND r.clinic_id = clinic))
    THEN
        RAISE foreign_key_violation USING MESSAGE = 'not of this clinic', CONSTRAINT = 'slot_hold_resource';
    END IF;
    -- What is not said is no time either: a range without a bound would be held for ever.
    IF NOT coalesce(starts < ends AND ends <= starts + interval '24 hours'
                    AND starts >= '1800-01-01Z' AND ends < '2200-01-01Z'
                    AND before BETWEEN 0 AND 240 AND after BETWEEN 0 AND 240, false) THEN
        RAISE check_violation USING MESSAGE = 'no such time', CONSTRAINT = 'slot_hold_order';
    END IF;
    held := tstzrange(starts - make_interval(mins => before), ends + make_interval(mins => after));
    PERFORM clinicdesk.lock_resources(resources);
    visit.professional_id := professional;
    visit.room_id := room;
    visit.equipment_id := equipment;
    visit.starts_at := starts;
    visit.ends_at := ends;
    visit.buffer_before := before;
    visit.buffer_after := after;
    PERFORM clinicdesk.refuse_kept_free(visit, NULL);
    PERFORM clinicdesk.clear_expired_holds(resources, held);
    DELETE FROM clinicdesk.slot_hold WHERE id = hold;
    INSERT INTO clinicdesk.slot_hold (id, clinic_id, person_id, channel, label, expires_at)
    VALUES (hold, clinic, person, channel, left(label, 120), until);
    INSERT INTO clinicdesk.resource_hold (clinic_id, resource_id, during, slot_hold_id)
    SELECT clinic, each, held, hold FROM unnest(resources) AS each;
    RETURN until;
END $$;

-- Give one's own hold back: the form was closed, or the booking takes its place in this same transaction.
CREATE FUNCTION clinicdesk.release_hold(hold uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM clinicdesk.slot_hold s
     WHERE s.id = hold AND s.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[])
       AND s.person_id IS NOT DISTINCT FROM clinicdesk.my_person();
    RETURN FOUND;
END $$;

-- A row that is told and not written down: it changes nothing that anybody will ask about later.
CREATE FUNCTION clinicdesk.tell_row() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_notify('clinicdesk', json_build_object(
        'kind', TG_TABLE_NAME, 'id', coalesce(NEW.id, OLD.id), 'version', to_jsonb(NEW) -> 'version')::text);
    RETURN NULL;
END $$;

-- Other desks draw what is held. That it expired nobody is told: every desk has a clock.
CREATE TRIGGER z_tell AFTER INSERT OR UPDATE OR DELETE ON clinicdesk.slot_hold
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.tell_row();
