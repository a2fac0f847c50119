-- What a patient's visits in a clinic add up to.
--
-- Counts move by what changed in one visit. What the visits that took place tell together (first and last, the pauses
-- between them, what is preferred) is read anew from them, under the lock of the row that it is written to. Both happen
-- when a transaction ends: rows of metrics are locked after everything else, so that what is done for one patient joins
-- no circle of waiting.

CREATE FUNCTION clinicdesk.count_visits(patients uuid[], in_clinic uuid)
    RETURNS TABLE (patient_id uuid, clinic_id uuid, booked int, completed int, cancelled int, cancelled_late int,
                   no_show int, rescheduled int, first_visit_at timestamptz, last_visit_at timestamptz,
                   average_days numeric, preferred_services uuid[], preferred_weekdays smallint[],
                   preferred_hours smallint[])
    LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    WITH visit AS MATERIALIZED (
        SELECT a.patient_id, a.clinic_id, a.status, a.cancelled_late, a.reschedule_count, a.starts_at, a.service_id,
               a.starts_at AT TIME ZONE c.zone AS local
          FROM clinicdesk.appointment a JOIN clinicdesk.clinic c ON c.id = a.clinic_id
         WHERE a.patient_id = ANY (patients) AND (in_clinic IS NULL OR a.clinic_id = in_clinic)),
    total AS (
        SELECT v.patient_id, v.clinic_id, count(*) AS booked,
               count(*) FILTER (WHERE v.status = 'completed') AS completed,
               count(*) FILTER (WHERE v.status = 'cancelled') AS cancelled,
               count(*) FILTER (WHERE v.cancelled_late) AS cancelled_late,
               count(*) FILTER (WHERE v.status = 'no_show') AS no_show,
               sum(v.reschedule_count) AS rescheduled,
               min(v.starts_at) FILTER (WHERE v.status = 'completed') AS first_visit_at,
               max(v.starts_at) FILTER (WHERE v.status = 'completed') AS last_visit_at,
               max(v.local::date) FILTER (WHERE v.status = 'completed')
                   - min(v.local::date) FILTER (WHERE v.status = 'completed') AS days,
               count(DISTINCT v.local::date) FILTER (WHERE v.status = 'completed') - 1 AS pauses
          FROM visit v GROUP BY v.patient_id, v.clinic_id),
    -- Those of several that are met equally often stand by which was met last; two at one instant by their id.
    trait AS (
        SELECT v.patient_id, v.clinic_id, one.kind, one.met,
               row_number() OVER (PARTITION BY v.patient_id, v.clinic_id, one.kind
                                  ORDER BY count(*) DESC, max(v.starts_at) DESC, one.met) AS place
          FROM visit v
         CROSS JOIN LATERAL (VALUES ('service', v.service_id::text), ('weekday', extract(isodow FROM v.local)::text),
                                    ('hour', extract(hour FROM v.local)::text)) AS one (kind, met)
         WHERE v.status = 'completed' GROUP BY v.patient_id, v.clinic_id, one.kind, one.met),
    preferred AS (
        SELECT t.patient_id, t.clinic_id,
               array_agg(t.met ORDER BY t.place) FILTER (WHERE t.kind = 'service') AS services,
               array_agg(t.met ORDER BY t.place) FILTER (WHERE t.kind = 'weekday') AS weekdays,
               array_agg(t.met ORDER BY t.place) FILTER (WHERE t.kind = 'hour') AS hours
          FROM trait t WHERE t.place <= 3 GROUP BY t.patient_id, t.clinic_id)
    SELECT t.patient_id, t.clinic_id, t.booked, t.completed, t.cancelled, t.cancelled_late, t.no_show, t.rescheduled,
           t.first_visit_at, t.last_visit_at, round(t.days::numeric / nullif(greatest(t.pauses, 0), 0), 1),
           coalesce(p.services::uuid[], '{}'), coalesce(p.weekdays::smallint[], '{}'),
           coalesce(p.hours::smallint[], '{}')
      FROM total t LEFT JOIN preferred p ON p.patient_id = t.patient_id AND p.clinic_id = t.clinic_id
$$;

-- Whoever calls this holds the rows it writes: what is read afterwards is what the holder before left behind.
CREATE FUNCTION clinicdesk.read_visits_anew(patients uuid[], in_clinic uuid) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog AS $$
    UPDATE clinicdesk.patient_metrics m
       SET first_visit_at = v.first_visit_at, last_visit_at = v.last_visit_at, average_days = v.average_days,
           preferred_services = coalesce(v.preferred_services, '{}'),
           preferred_weekdays = coalesce(v.preferred_weekdays, '{}'),
           preferred_hours = coalesce(v.preferred_hours, '{}')
      FROM unnest(patients) AS wanted (id)
      LEFT JOIN clinicdesk.count_visits(patients, in_clinic) v ON v.patient_id = wanted.id
     WHERE m.patient_id = wanted.id AND m.clinic_id = in_clinic
$$;

CREATE FUNCTION clinicdesk.add_to_metrics(visit clinicdesk.appointment, times int, before clinicdesk.appointment)
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    same boolean := before.id IS NOT NULL;
    booked int := times * (NOT same)::int;
    completed int := times * (visit.status = 'completed')::int - coalesce((before.status = 'completed')::int, 0);
    cancelled int := times * (visit.status = 'cancelled')::int - coalesce((before.status = 'cancelled')::int, 0);
    late int := times * visit.cancelled_late::int - coalesce(before.cancelled_late::int, 0);
    no_show int := times * (visit.status = 'no_show')::int - coalesce((before.status = 'no_show')::int, 0);
    moved int := times * visit.reschedule_count - coalesce(before.reschedule_count, 0);
    -- What changes in a visit that took place, or did before, changes what those tell together.
    told boolean := (visit.status = 'completed' OR coalesce(before.status = 'completed', false))
        AND (NOT same OR completed <> 0 OR (visit.starts_at, visit.service_id) <> (before.starts_at, before.service_id));
BEGIN
    IF NOT told AND (booked, completed, cancelled, late, no_show, moved) = (0, 0, 0, 0, 0, 0) THEN
        RETURN;
    END IF;
    INSERT INTO clinicdesk.patient_metrics AS m
        (patient_id, clinic_id, booked, completed, cancelled, cancelled_late, no_show, rescheduled)
    VALUES (visit.patient_id, visit.clinic_id, booked, completed, cancelled, late, no_show, moved)
    ON CONFLICT ON CONSTRAINT patient_metrics_pkey DO UPDATE
       SET booked = m.booked + EXCLUDED.booked, completed = m.completed + EXCLUDED.completed,
           cancelled = m.cancelled + EXCLUDED.cancelled, cancelled_late = m.cancelled_late + EXCLUDED.cancelled_late,
           no_show = m.no_show + EXCLUDED.no_show, rescheduled = m.rescheduled + EXCLUDED.rescheduled;
    IF told THEN
        PERFORM clinicdesk.read_visits_anew(ARRAY[visit.patient_id], visit.clinic_id);
    END IF;
END $$;

CREATE FUNCTION clinicdesk.keep_metrics() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.patient_id, OLD.clinic_id) = (NEW.patient_id, NEW.clinic_id) THEN
        PERFORM clinicdesk.add_to_metrics(NEW, 1, OLD);
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM clinicdesk.add_to_metrics(OLD, -1, NULL);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM clinicdesk.add_to_metrics(NEW, 1, NULL);
    END IF;
    RETURN NULL;
END $$;

-- Days and hours are those of the clinic's wall.
CREATE FUNCTION clinicdesk.keep_metrics_of_zone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM 1 FROM clinicdesk.patient_metrics WHERE clinic_id = NEW.id ORDER BY patient_id FOR NO KEY UPDATE;
    PERFORM clinicdesk.read_visits_anew(
        ARRAY (SELECT m.patient_id FROM clinicdesk.patient_metrics m WHERE m.clinic_id = NEW.id), NEW.id);
    RETURN NULL;
END $$;

-- Count everything again and write what is not so; how many rows were wrong. For the administrator: no login may.
CREATE FUNCTION clinicdesk.recount_metrics() RETURNS int
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    gone int;
    wrong int;
BEGIN
    LOCK TABLE clinicdesk.patient_metrics IN EXCLUSIVE MODE;
    WITH removed AS (
        DELETE FROM clinicdesk.patient_metrics m
         WHERE NOT EXISTS (SELECT 1 FROM clinicdesk.appointment a
                            WHERE a.patient_id = m.patient_id AND a.clinic_id = m.clinic_id)
        RETURNING m.booked)
    SELECT count(*) FROM removed WHERE booked <> 0 INTO gone;
    INSERT INTO clinicdesk.patient_metrics AS m
    SELECT v.* FROM clinicdesk.count_visits(ARRAY (SELECT id FROM clinicdesk.patient), NULL) v
    ON CONFLICT ON CONSTRAINT patient_metrics_pkey DO UPDATE
       SET (booked, completed, cancelled, cancelled_late, no_show, rescheduled, first_visit_at, last_visit_at,
            average_days, preferred_services, preferred_weekdays, preferred_hours)
         = (EXCLUDED.booked, EXCLUDED.completed, EXCLUDED.cancelled, EXCLUDED.cancelled_late, EXCLUDED.no_show,
            EXCLUDED.rescheduled, EXCLUDED.first_visit_at, EXCLUDED.last_visit_at, EXCLUDED.average_days,
            EXCLUDED.preferred_services, EXCLUDED.preferred_weekdays, EXCLUDED.preferred_hours)
     WHERE (m.*) IS DISTINCT FROM (EXCLUDED.*);
    GET DIAGNOSTICS wrong = ROW_COUNT;
    RETURN gone + wrong;
END $$;

CREATE CONSTRAINT TRIGGER y_metrics AFTER INSERT OR UPDATE OR DELETE ON clinicdesk.appointment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clinicdesk.keep_metrics();
CREATE TRIGGER y_metrics AFTER UPDATE OF zone ON clinicdesk.clinic
    FOR EACH ROW WHEN (OLD.zone <> NEW.zone) EXECUTE FUNCTION clinicdesk.keep_metrics_of_zone();
