-- Who is told what of a visit, and when: planned by what happens to the visit itself, from whatever door it comes and in
-- its transaction. What is planned is looked at again when it is sent. Only messages of this one visit are written here,
-- under its row: whoever sends takes the visit first and the message then, so that the two make no circle.

-- The clock of the plan. One moment for all visits of a transaction: what was booked together is told together.
CREATE FUNCTION clinicdesk.this_moment() RETURNS timestamptz
    LANGUAGE sql STABLE SET search_path = pg_catalog AS $$ SELECT transaction_timestamp() $$;

-- --- quiet hours: as QuietHours of the domain has them, a test holds the two together ---

CREATE FUNCTION clinicdesk.is_quiet(policy clinicdesk.messaging_policy, local timestamp) RETURNS boolean
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT extract(isodow FROM local) = 7 AND NOT policy.on_sundays
        OR CASE WHEN policy.quiet_from > policy.quiet_to
                THEN local::time >= policy.quiet_from OR local::time < policy.quiet_to
                ELSE local::time >= policy.quiet_from AND local::time < policy.quiet_to END
$$;

-- A moment of the evening before, or this one: what is said before a visit is not said too late.
CREATE FUNCTION clinicdesk.last_allowed(policy clinicdesk.messaging_policy, zone text, wanted timestamptz)
    RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
    local timestamp;
    overnight boolean := policy.quiet_from > policy.quiet_to;
    before time := CASE WHEN policy.quiet_from >= '00:30' THEN policy.quiet_from - interval '30 minutes' END;
    evening time := CASE WHEN overnight THEN greatest(coalesce(before, policy.quiet_to), policy.quiet_to)
                         WHEN policy.quiet_from <= '20:00' AND policy.quiet_to > '20:00' THEN coalesce(before, '20:00')
                         ELSE '20:00' END;
BEGIN
    FOR step IN 1 .. 6 LOOP
        local := wanted AT TIME ZONE zone;
        EXIT WHEN NOT clinicdesk.is_quiet(policy, local);
        IF extract(isodow FROM local) = 7 AND NOT policy.on_sundays OR overnight AND local::time < policy.quiet_to
           OR NOT overnight AND before IS NULL THEN
            local := local::date - 1 + evening;
        ELSIF overnight THEN
            local := local::date + evening;
        ELSE
            local := local::date + before;
        END IF;
        wanted := local AT TIME ZONE zone;
    END LOOP;
    RETURN wanted;
END $$;

CREATE FUNCTION clinicdesk.next_allowed(policy clinicdesk.messaging_policy, zone text, wanted timestamptz)
    RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
    local timestamp;
BEGIN
    FOR step IN 1 .. 6 LOOP
        local := wanted AT TIME ZONE zone;
        EXIT WHEN NOT clinicdesk.is_quiet(policy, local);
        IF extract(isodow FROM local) = 7 AND NOT policy.on_sundays THEN
            local := (local::date + 1)::timestamp;
        ELSIF policy.quiet_from > policy.quiet_to AND local::time >= policy.quiet_from THEN
            local := local::date + 1 + policy.quiet_to;
        ELSE
            local := local::date + policy.quiet_to;
        END IF;
        wanted := local AT TIME ZONE zone;
    END LOOP;
    RETURN wanted;
END $$;

-- --- which rules speak of a visit ---

CREATE FUNCTION clinicdesk.rule_speaks(rule clinicdesk.message_rule, visit clinicdesk.appointment) RETURNS boolean
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT rule.active AND rule.clinic_id = visit.clinic_id
       AND (rule.service_ids = '{}' OR visit.service_id = ANY (rule.service_ids))
       AND (rule.professional_ids = '{}' OR visit.professional_id = ANY (rule.professional_ids))
       AND NOT visit.service_id = ANY (rule.excluded_service_ids)
$$;

-- What would be said before a visit, from a moment on. Where two rules come to one time, one of them is enough.
CREATE FUNCTION clinicdesk.reminders_of(visit clinicdesk.appointment, policy clinicdesk.messaging_policy, zone text,
        since timestamptz)
    RETURNS TABLE (kind text, rule_id uuid, template_id uuid, planned_for timestamptz, expires_at timestamptz)
    LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT DISTINCT ON (r.event, due.at) r.event, r.id, r.template_id, due.at,
           least(due.at + make_interval(mins => r.late_minutes), visit.starts_at)
      FROM clinicdesk.message_rule r
     CROSS JOIN LATERAL (SELECT visit.starts_at - make_interval(mins => r.offset_minutes) AS exact) wanted
     CROSS JOIN LATERAL (SELECT CASE r.event WHEN 'check_in' THEN wanted.exact
                                     ELSE clinicdesk.last_allowed(policy, zone, wanted.exact) END AS at) due
     WHERE r.clinic_id = visit.clinic_id AND r.event IN ('reminder', 'check_in') AND clinicdesk.rule_speaks(r, visit)
       AND due.at > since AND due.at < visit.starts_at
     ORDER BY r.event, due.at, r.asks DESC, r.offset_minutes, r.id
$$;

-- --- writing the plan ---

-- What a plan took back it may bring back; what a person discarded stays discarded.
CREATE FUNCTION clinicdesk.plan_message(visit clinicdesk.appointment, wanted_kind text, rule uuid, template uuid,
        due timestamptz, expires timestamptz) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog AS $$
    INSERT INTO clinicdesk.outgoing_message AS m
        (id, clinic_id, kind, rule_id, template_id, patient_id, appointment_id, visit_at, planned_for, expires_at,
         created_at)
    VALUES (gen_random_uuid(), visit.clinic_id, wanted_kind, rule, template, visit.patient_id, visit.id, visit.starts_at,
            due, expires, clinicdesk.this_moment())
    ON CONFLICT ON CONSTRAINT outgoing_message_appointment_id_kind_planned_for_key DO UPDATE
       SET state = 'planned', reason = '', rule_id = EXCLUDED.rule_id, template_id = EXCLUDED.template_id,
           visit_at = EXCLUDED.visit_at, expires_at = EXCLUDED.expires_at, created_at = EXCLUDED.created_at
     WHERE m.state = 'cancelled' AND m.reason <> 'discarded'
$$;

CREATE FUNCTION clinicdesk.plan_reminders(visit clinicdesk.appointment, policy clinicdesk.messaging_policy, zone text)
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    since timestamptz := clinicdesk.this_moment() + make_interval(mins => policy.grace_minutes);
    due record;
BEGIN
    FOR due IN
        SELECT d.* FROM clinicdesk.reminders_of(visit, policy, zone, since) d
         WHERE NOT EXISTS (SELECT 1 FROM clinicdesk.outgoing_message m
                            WHERE m.appointment_id = visit.id AND m.kind = d.kind AND m.planned_for = d.planned_for
                              AND m.state <> 'cancelled')
    LOOP
        PERFORM clinicdesk.plan_message(visit, due.kind, due.rule_id, due.template_id, due.planned_for, due.expires_at);
    END LOOP;
END $$;

-- One that is on its way already, and waits for its channel or for the morning, stays as it is.
CREATE FUNCTION clinicdesk.replan_reminders(visit clinicdesk.appointment, policy clinicdesk.messaging_policy, zone text)
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    since timestamptz := clinicdesk.this_moment() + make_interval(mins => policy.grace_minutes);
BEGIN
    UPDATE clinicdesk.outgoing_message m
       SET state = 'cancelled', reason = CASE WHEN m.visit_at = visit.starts_at THEN 'rule_inactive' ELSE 'moved' END
     WHERE m.appointment_id = visit.id AND m.kind IN ('reminder', 'check_in') AND m.state IN ('planned', 'claimed')
       AND (m.visit_at <> visit.starts_at
            OR NOT EXISTS (SELECT 1 FROM clinicdesk.message_rule r
                            WHERE r.id = m.rule_id AND clinicdesk.rule_speaks(r, visit))
            OR m.reason = '' AND m.planned_for > since
               AND NOT EXISTS (SELECT 1 FROM clinicdesk.reminders_of(visit, policy, zone, since) d
                                WHERE d.kind = m.kind AND d.planned_for = m.planned_for));
    PERFORM clinicdesk.plan_reminders(visit, policy, zone);
END $$;

-- Say at once what happened, as soon as nobody undoes it any more and the clinic writes to people.
CREATE FUNCTION clinicdesk.plan_news(visit clinicdesk.appointment, policy clinicdesk.messaging_policy, zone text,
        news text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    grace timestamptz := clinicdesk.this_moment() + make_interval(mins => policy.grace_minutes);
    rule clinicdesk.message_rule;
    due timestamptz;
    expires timestamptz;
BEGIN
    FOR rule IN SELECT r.* FROM clinicdesk.message_rule r
                 WHERE r.clinic_id = visit.clinic_id AND r.event = news AND clinicdesk.rule_speaks(r, visit)
                 ORDER BY r.asks DESC, r.offset_minutes, r.id
    LOOP
        IF news = 'follow_up' THEN
            due := greatest(visit.ends_at + make_interval(mins => rule.offset_minutes), grace);
            CONTINUE WHEN visit.ends_at + make_interval(mins => rule.offset_minutes + rule.late_minutes) <= grace;
        ELSE
            due := grace + make_interval(mins => rule.offset_minutes);
        END IF;
        due := clinicdesk.next_allowed(policy, zone, due);
        expires := due + make_interval(mins => rule.late_minutes);
        IF news <> 'follow_up' THEN
            expires := least(expires, visit.starts_at);
        END IF;
        CONTINUE WHEN expires <= due;
        PERFORM clinicdesk.plan_message(visit, news, rule.id, rule.template_id, due, expires);
    END LOOP;
END $$;

CREATE FUNCTION clinicdesk.unplan(visit uuid, kinds text[], why text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog AS $$
    UPDATE clinicdesk.outgoing_message SET state = 'cancelled', reason = why
     WHERE appointment_id = visit AND kind = ANY (kinds) AND state IN ('planned', 'claimed')
$$;

-- What the patient was told last, by messages that went out or may have.
CREATE FUNCTION clinicdesk.last_told(visit uuid) RETURNS clinicdesk.outgoing_message
    LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT m FROM clinicdesk.outgoing_message m
     WHERE m.appointment_id = visit AND m.kind IN ('booked', 'reminder', 'moved', 'cancelled', 'check_in')
       AND m.state IN ('sending', 'sent', 'delivered', 'read', 'unknown')
     ORDER BY m.planned_for DESC, m.created_at DESC LIMIT 1
$$;

-- A visit that stands again, or at another time: tell it, unless the patient knows. Whoever was never written to was
-- told at the desk when it was booked.
CREATE FUNCTION clinicdesk.plan_change(visit clinicdesk.appointment, policy clinicdesk.messaging_policy, zone text,
        moved boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    told clinicdesk.outgoing_message := clinicdesk.last_told(visit.id);
    known timestamptz := coalesce(told.visit_at, (SELECT v.starts_at FROM clinicdesk.appointment_version v
                                                   WHERE v.appointment_id = visit.id AND v.version = 1));
    news text;
BEGIN
    IF told.kind = 'cancelled' THEN
        news := 'booked';
    ELSIF told.id IS NULL AND EXISTS (
        SELECT 1 FROM clinicdesk.outgoing_message m WHERE m.appointment_id = visit.id AND m.kind = 'booked'
           AND (m.state IN ('planned', 'claimed')
                OR m.state = 'cancelled' AND m.reason IN ('cancelled', 'happened_already'))) THEN
        news := 'booked';
    ELSIF known <> visit.starts_at AND (moved OR EXISTS (
        SELECT 1 FROM clinicdesk.outgoing_message m
         WHERE m.appointment_id = visit.id AND m.kind = 'moved' AND m.visit_at = visit.starts_at
           AND m.state = 'cancelled' AND m.reason IN ('cancelled', 'happened_already'))) THEN
        news := 'moved';
    END IF;
    UPDATE clinicdesk.outgoing_message m
       SET state = 'cancelled', reason = CASE WHEN known = visit.starts_at THEN 'moved_back' ELSE 'moved' END
     WHERE m.appointment_id = visit.id AND m.kind IN ('booked', 'moved') AND m.state IN ('planned', 'claimed')
       AND NOT coalesce(m.kind = news AND m.visit_at = visit.starts_at, false);
    IF news IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM clinicdesk.outgoing_message m
         WHERE m.appointment_id = visit.id AND m.kind = news AND m.state IN ('planned', 'claimed')) THEN
        PERFORM clinicdesk.plan_news(visit, policy, zone, news);
    END IF;
END $$;

CREATE FUNCTION clinicdesk.plan_messages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    policy clinicdesk.messaging_policy;
    zone text;
    ahead boolean;
    stands boolean := NEW.status IN ('pending', 'confirmed');
    told clinicdesk.outgoing_message;
BEGIN
    SELECT p.* INTO policy FROM clinicdesk.messaging_policy p WHERE p.clinic_id = NEW.clinic_id AND p.active;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT c.zone INTO zone FROM clinicdesk.clinic c WHERE c.id = NEW.clinic_id;
    ahead := NEW.starts_at > clinicdesk.this_moment();
    IF TG_OP = 'INSERT' THEN
        IF stands AND ahead THEN
            -- Whoever is brought along from another system was told there.
            IF NEW.import_id IS NULL AND NEW.status_channel <> 'import' THEN
                PERFORM clinicdesk.plan_news(NEW, policy, zone, 'booked');
            END IF;
            PERFORM clinicdesk.plan_reminders(NEW, policy, zone);
        END IF;
        RETURN NULL;
    END IF;
    IF stands AND ahead THEN
        PERFORM clinicdesk.unplan(NEW.id, '{cancelled}', 'stands_again');
        PERFORM clinicdesk.unplan(NEW.id, '{follow_up}', 'not_completed');
        IF NEW.starts_at <> OLD.starts_at OR OLD.status NOT IN ('pending', 'confirmed') THEN
            PERFORM clinicdesk.plan_change(NEW, policy, zone, NEW.starts_at <> OLD.starts_at);
        END IF;
        PERFORM clinicdesk.replan_reminders(NEW, policy, zone);
        RETURN NULL;
    END IF;
    PERFORM clinicdesk.unplan(NEW.id, '{booked,moved,reminder,check_in}',
                              CASE NEW.status WHEN 'cancelled' THEN 'cancelled' ELSE 'happened_already' END);
    IF NEW.status = 'completed' AND OLD.status <> 'completed' THEN
        IF NOT EXISTS (SELECT 1 FROM clinicdesk.outgoing_message m WHERE m.appointment_id = NEW.id
                          AND m.kind = 'follow_up' AND m.state <> 'cancelled') THEN
            PERFORM clinicdesk.plan_news(NEW, policy, zone, 'follow_up');
        END IF;
    ELSIF NEW.status <> 'completed' THEN
        PERFORM clinicdesk.unplan(NEW.id, '{follow_up}', 'not_completed');
    END IF;
    IF NEW.status = 'cancelled' AND OLD.status <> 'cancelled' AND NEW.cancelled_by = 'clinic' AND ahead THEN
        -- Whom nothing was told of the booking nobody tells that it is off.
        told := clinicdesk.last_told(NEW.id);
        IF told.id IS NOT NULL AND told.kind <> 'cancelled'
           OR told.id IS NULL AND NOT EXISTS (SELECT 1 FROM clinicdesk.outgoing_message m
                                               WHERE m.appointment_id = NEW.id AND m.kind = 'booked') THEN
            PERFORM clinicdesk.plan_news(NEW, policy, zone, 'cancelled');
        END IF;
    ELSIF NEW.status <> 'cancelled' THEN
        PERFORM clinicdesk.unplan(NEW.id, '{cancelled}', 'stands_again');
    END IF;
    RETURN NULL;
END $$;

-- Rules and quiet hours that change count for the visits that are booked already. A visit that somebody is writing at
-- this moment is passed over: it plans for itself, and whoever sends looks over all of them once in a while.
CREATE FUNCTION clinicdesk.replan_clinic(replanned uuid, since timestamptz, until timestamptz) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    policy clinicdesk.messaging_policy;
    zone text;
    visit clinicdesk.appointment;
    looked_at int := 0;
BEGIN
    SELECT p.* INTO policy FROM clinicdesk.messaging_policy p WHERE p.clinic_id = replanned AND p.active;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    SELECT c.zone INTO zone FROM clinicdesk.clinic c WHERE c.id = replanned;
    FOR visit IN SELECT a.* FROM clinicdesk.appointment a
                  WHERE a.clinic_id = replanned AND a.starts_at > greatest(since, clinicdesk.this_moment())
                    AND a.starts_at <= until AND a.status IN ('pending', 'confirmed')
                  ORDER BY a.id FOR NO KEY UPDATE SKIP LOCKED
    LOOP
        PERFORM clinicdesk.replan_reminders(visit, policy, zone);
        looked_at := looked_at + 1;
    END LOOP;
    RETURN looked_at;
END $$;

-- At once for what would be said within two days; whoever sends looks over the rest by night, a day at a time. Who looks
-- at a later day says so for the transaction.
CREATE FUNCTION clinicdesk.replan() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.replan_clinic(NEW.clinic_id, clinicdesk.this_moment(),
        greatest(clinicdesk.this_moment(), nullif(current_setting('clinicdesk.looked_at', true), '')::timestamptz)
        + interval '2 days' + make_interval(mins => coalesce((
            SELECT max(r.offset_minutes) FROM clinicdesk.message_rule r
             WHERE r.clinic_id = NEW.clinic_id AND r.event IN ('reminder', 'check_in') AND r.active), 0)));
    RETURN NULL;
END $$;

CREATE TRIGGER p_plan AFTER INSERT ON clinicdesk.appointment
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.plan_messages();
CREATE TRIGGER p_plan_again AFTER UPDATE ON clinicdesk.appointment FOR EACH ROW
    WHEN ((OLD.status, OLD.starts_at, OLD.service_id, OLD.professional_id)
          IS DISTINCT FROM (NEW.status, NEW.starts_at, NEW.service_id, NEW.professional_id))
    EXECUTE FUNCTION clinicdesk.plan_messages();
CREATE TRIGGER p_plan AFTER INSERT OR UPDATE ON clinicdesk.messaging_policy FOR EACH ROW
    WHEN (NEW.active) EXECUTE FUNCTION clinicdesk.replan();
CREATE TRIGGER p_plan AFTER INSERT OR UPDATE ON clinicdesk.message_rule FOR EACH ROW
    WHEN (NEW.event IN ('reminder', 'check_in')) EXECUTE FUNCTION clinicdesk.replan();
