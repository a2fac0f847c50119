-- A time offered to somebody of the waiting list is held for them: the hold is made with the offer and goes with it, in
-- the same transaction, whoever offers and however it ends. What has ended stays ended.
CREATE FUNCTION clinicdesk.hold_offer() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    resources uuid[] := array_remove(ARRAY[NEW.professional_id, NEW.room_id, NEW.equipment_id], NULL);
    visit clinicdesk.appointment;
    held tstzrange;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state <> 'offered' AND NEW.state <> OLD.state THEN
            RAISE EXCEPTION 'over' USING ERRCODE = 'CD033', DETAIL = OLD.state;
        END IF;
        IF OLD.state = 'offered' AND NEW.state <> 'offered' THEN
            -- People and things before their holds, as everybody locks them who wants their time.
            PERFORM clinicdesk.lock_resources(resources);
            DELETE FROM clinicdesk.slot_hold WHERE id = OLD.hold_id;
            NEW.hold_id := NULL;
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state <> 'offered' THEN
        RETURN NEW;
    END IF;
    SELECT w.patient_id, s.buffer_before, s.buffer_after INTO visit.patient_id, visit.buffer_before, visit.buffer_after
      FROM clinicdesk.waiting_entry w JOIN clinicdesk.service s ON s.id = w.service_id
     WHERE w.id = NEW.entry_id AND w.clinic_id = NEW.clinic_id AND w.state = 'open' FOR NO KEY UPDATE OF w;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'does not wait' USING ERRCODE = 'CD004';
    END IF;
    visit.professional_id := NEW.professional_id;
    visit.room_id := NEW.room_id;
    visit.equipment_id := NEW.equipment_id;
    visit.starts_at := NEW.starts_at;
    visit.ends_at := NEW.ends_at;
    held := tstzrange(NEW.starts_at - make_interval(mins => visit.buffer_before),
                      NEW.ends_at + make_interval(mins => visit.buffer_after));
    PERFORM clinicdesk.lock_resources(resources);
    PERFORM clinicdesk.refuse_kept_free(visit, NULL);
    PERFORM clinicdesk.clear_expired_holds(resources, held);
    NEW.hold_id := gen_random_uuid();
    INSERT INTO clinicdesk.slot_hold (id, clinic_id, person_id, channel, label, expires_at)
    VALUES (NEW.hold_id, NEW.clinic_id, NULL, 'whatsapp', 'offer',
            least(NEW.expires_at, clock_timestamp() + interval '24 hours'));
    INSERT INTO clinicdesk.resource_hold (clinic_id, resource_id, during, slot_hold_id)
    SELECT NEW.clinic_id, each, held, NEW.hold_id FROM unnest(resources) AS each;
    RETURN NEW;
END $$;

-- Whoever wishes for something else now, or waits no more, is offered nothing any more.
CREATE FUNCTION clinicdesk.withdraw_offer() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE clinicdesk.waiting_offer SET state = 'withdrawn' WHERE entry_id = NEW.id AND state = 'offered';
    RETURN NULL;
END $$;

CREATE TRIGGER b_hold BEFORE INSERT OR UPDATE ON clinicdesk.waiting_offer
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.hold_offer();
CREATE TRIGGER n_offer AFTER UPDATE ON clinicdesk.waiting_entry FOR EACH ROW
    WHEN (OLD.state = 'open' AND (NEW.state <> 'open' OR (NEW.service_id, NEW.professional_id, NEW.weekdays,
          NEW.from_time, NEW.to_time, NEW.first_day, NEW.last_day) IS DISTINCT FROM (OLD.service_id,
          OLD.professional_id, OLD.weekdays, OLD.from_time, OLD.to_time, OLD.first_day, OLD.last_day)))
    EXECUTE FUNCTION clinicdesk.withdraw_offer();
