-- A booking answers the recalls of its patient, from whatever door it comes; given up or missed, it leaves them open
-- again. A visit that lies before a recall was written is what the recall came from, and answers nothing. It is written for
-- whoever books, also for somebody whose profile keeps no recalls.

CREATE FUNCTION clinicdesk.follow_recalls() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    stands boolean := NEW.status NOT IN ('cancelled', 'no_show');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE clinicdesk.recall SET state = 'open', appointment_id = NULL
         WHERE appointment_id = NEW.id AND (NOT stands OR service_id <> NEW.service_id);
    END IF;
    IF stands THEN
        UPDATE clinicdesk.recall SET state = 'booked', appointment_id = NEW.id
         WHERE clinic_id = NEW.clinic_id AND patient_id = NEW.patient_id AND state = 'open'
           AND coalesce(service_id = NEW.service_id, true) AND created_at < NEW.starts_at;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER n_recall AFTER INSERT ON clinicdesk.appointment
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.follow_recalls();
-- Most steps of a visit's status change nothing here: only those that give the time up, or take it back.
CREATE TRIGGER n_recall_again AFTER UPDATE OF status, service_id ON clinicdesk.appointment
    FOR EACH ROW WHEN ((OLD.status IN ('cancelled', 'no_show')) <> (NEW.status IN ('cancelled', 'no_show'))
                       OR OLD.service_id <> NEW.service_id)
    EXECUTE FUNCTION clinicdesk.follow_recalls();
