-- Who is asking. session_user is the login that opened the connection: SET ROLE and SECURITY DEFINER do not change it.

CREATE FUNCTION clinicdesk.login_of(account name) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT CASE WHEN starts_with(account::text, current_database() || '_')
                THEN substr(account::text, length(current_database()) + 2) END
$$;

CREATE FUNCTION clinicdesk.my_person() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT id FROM clinicdesk.person
     WHERE login = clinicdesk.login_of(session_user) AND active AND locked_at IS NULL AND password_set_at IS NOT NULL
$$;

-- The process that sends has a login and nobody behind it. It works for every clinic, within what its group may do.
CREATE FUNCTION clinicdesk.is_sync() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT coalesce(clinicdesk.login_of(session_user) = 'sync', false) AND pg_has_role(session_user, 'cd_sync', 'USAGE')
$$;

-- Whether a person is behind this connection who may work now, or the process that sends.
CREATE FUNCTION clinicdesk.at_work() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT clinicdesk.my_person() IS NOT NULL OR clinicdesk.is_sync()
$$;

CREATE FUNCTION clinicdesk.my_clinics() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN clinicdesk.is_sync() THEN
        (SELECT coalesce(array_agg(id), '{}') FROM clinicdesk.clinic)
    ELSE
        (SELECT coalesce(array_agg(pc.clinic_id), '{}')
           FROM clinicdesk.person_clinic pc JOIN clinicdesk.person p ON p.id = pc.person_id
          WHERE p.login = clinicdesk.login_of(session_user) AND p.active AND p.locked_at IS NULL
            AND p.password_set_at IS NOT NULL)
    END
$$;

CREATE FUNCTION clinicdesk.my_professional() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT f.id FROM clinicdesk.professional f JOIN clinicdesk.person p ON p.id = f.person_id
     WHERE p.login = clinicdesk.login_of(session_user) AND p.active AND p.locked_at IS NULL
       AND p.password_set_at IS NOT NULL
$$;

-- What a profile takes away from a role. Who has none is denied nothing by it; the role's privileges stand all the same.
CREATE FUNCTION clinicdesk.may(capability text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM clinicdesk.person p JOIN clinicdesk.profile f ON f.id = p.profile_id
         WHERE p.login = clinicdesk.login_of(session_user) AND capability = ANY (f.denied))
$$;

-- True or an error that says what is missing, so that whoever is refused at a desk is told why.
CREATE FUNCTION clinicdesk.require_may(capability text) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
BEGIN
    IF NOT clinicdesk.may(capability) THEN
        RAISE insufficient_privilege USING MESSAGE = 'not in this profile', DETAIL = 'profile.' || capability;
    END IF;
    RETURN true;
END $$;

-- The form in which names are searched and sorted: lower case, without accents and apostrophes.
CREATE FUNCTION clinicdesk.folded(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT btrim(regexp_replace(translate(
        lower(clinicdesk.unaccent('clinicdesk.unaccent'::regdictionary, words)), '''`’', ''), '\s+', ' ', 'g'))
$$;

-- --- rows keep their own stamps --------------------------------------------------------------------------------------

CREATE FUNCTION clinicdesk.stamp_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.created_at := clock_timestamp();
        NEW.created_by := clinicdesk.my_person();
    ELSE
        NEW.version := OLD.version + 1;
        NEW.created_at := OLD.created_at;
        NEW.created_by := OLD.created_by;
    END IF;
    NEW.updated_at := clock_timestamp();
    NEW.updated_by := CASE WHEN TG_OP = 'INSERT' THEN NEW.created_by ELSE clinicdesk.my_person() END;
    RETURN NEW;
END $$;

CREATE FUNCTION clinicdesk.index_patient() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.sort_name := clinicdesk.folded(coalesce(nullif(NEW.social_name, ''), NEW.full_name));
    -- Words are kept apart by single spaces and the whole is padded, so that ' an' finds words that begin so.
    NEW.search_text := ' ' || clinicdesk.folded(concat_ws(' ', nullif(NEW.social_name, ''), NEW.full_name)) || ' '
        || regexp_replace(NEW.phone, '^\+55', '') || ' ';
    RETURN NEW;
END $$;

-- --- what happened ---------------------------------------------------------------------------------------------------

-- The desk's name as it was given: the server keeps what is not ASCII in a connection's name as \xc3\xa3.
CREATE FUNCTION clinicdesk.this_desk() RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
    named text := current_setting('application_name');
    parts text[];
    part text;
    bytes bytea;
BEGIN
    IF named !~ '\\x[0-9a-f]{2}' THEN
        RETURN named;
    END IF;
    BEGIN
        parts := string_to_array(named, '\x');
        bytes := convert_to(parts[1], 'UTF8');
        FOREACH part IN ARRAY parts[2:] LOOP
            bytes := bytes || decode(left(part, 2), 'hex') || convert_to(substr(part, 3), 'UTF8');
        END LOOP;
        RETURN convert_from(bytes, 'UTF8');
    EXCEPTION WHEN data_exception THEN
        RETURN named;  -- whoever names a connection by hand may write anything
    END;
END $$;

-- The other way: the name of a desk as the list of connections has it.
CREATE FUNCTION clinicdesk.connection_name(desk text) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT left(coalesce(string_agg(
               CASE WHEN byte BETWEEN 32 AND 126 THEN chr(byte) ELSE '\x' || lpad(to_hex(byte), 2, '0') END, ''
               ORDER BY place), ''), 63)
      FROM (SELECT place, get_byte(convert_to(desk, 'UTF8'), place) AS byte
              FROM generate_series(0, octet_length(convert_to(desk, 'UTF8')) - 1) AS place) AS bytes
$$;

-- Every change is written down and told to all desks. The note carries no name: every login may listen.
CREATE FUNCTION clinicdesk.record_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    unkept text[] := '{search_text,sort_name,photo,logo,image,wrapped}';
    previous jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - unkept END;
    current jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - unkept END;
    either jsonb := coalesce(current, previous);
BEGIN
    INSERT INTO clinicdesk.audit (desk, address, action, table_name, row_id, clinic_id, before, after)
    VALUES (clinicdesk.this_desk(), inet_client_addr(), lower(TG_OP), TG_TABLE_NAME,
            (either ->> 'id')::uuid,
            CASE WHEN TG_TABLE_NAME = 'clinic' THEN (either ->> 'id')::uuid ELSE (either ->> 'clinic_id')::uuid END,
            previous, current);
    PERFORM pg_notify('clinicdesk', (jsonb_build_object(
        'kind', TG_TABLE_NAME, 'id', either ->> 'id', 'version', (either ->> 'version')::int)
        -- When it is, so that a desk with other days on its screen need not ask.
        || CASE WHEN TG_TABLE_NAME = 'appointment' THEN jsonb_build_object('at', either ->> 'starts_at')
                ELSE '{}' END)::text);
    RETURN NULL;
END $$;

-- --- appointments ----------------------------------------------------------------------------------------------------

-- What is counted after a lock was waited for has to be what its holder left behind. A transaction that keeps its first
-- snapshot would count as if it had never waited, so nothing is decided in one.
CREATE FUNCTION clinicdesk.require_fresh_reads() RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'read committed only' USING ERRCODE = 'CD006';
    END IF;
END $$;

-- Resource rows are locked in one order before anything is decided about their time: desks that race wait instead of
-- dying in a deadlock. A trigger may always ask, for its row has policies of its own; a login when a person is behind it.
CREATE FUNCTION clinicdesk.lock_resources(resource_ids uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.require_fresh_reads();
    IF pg_trigger_depth() = 0 AND NOT clinicdesk.at_work() THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody here';
    END IF;
    PERFORM 1 FROM clinicdesk.resource WHERE id = ANY (resource_ids) ORDER BY id FOR NO KEY UPDATE;
END $$;

CREATE FUNCTION clinicdesk.step_allowed(present text, wanted text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT wanted = ANY (CASE present
        WHEN 'pending' THEN '{confirmed,checked_in,completed,cancelled,no_show}'::text[]
        WHEN 'confirmed' THEN '{pending,checked_in,completed,cancelled,no_show}'
        WHEN 'checked_in' THEN '{pending,confirmed,in_progress,completed,cancelled,no_show}'
        WHEN 'in_progress' THEN '{checked_in,completed}'
        WHEN 'completed' THEN '{pending,confirmed,checked_in,in_progress}'
        WHEN 'no_show' THEN '{pending,confirmed,checked_in}'
        WHEN 'cancelled' THEN '{pending,confirmed}'
        ELSE '{}' END)
$$;

-- Time kept free is nobody's, an overbooking's neither; a person's is kept free in every clinic they work in. Buffers may
-- pass into a person's time off as they may pass closing; a room or machine is not there for them. What a visit held
-- already it keeps, and one brought back is let in where it stood when the block was written: a slip can be undone.
CREATE FUNCTION clinicdesk.refuse_kept_free(wanted clinicdesk.appointment, before clinicdesk.appointment) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    held_from timestamptz := wanted.starts_at - make_interval(mins => wanted.buffer_before);
    held_to timestamptz := wanted.ends_at + make_interval(mins => wanted.buffer_after);
    had_from timestamptz := before.starts_at - make_interval(mins => before.buffer_before);
    had_to timestamptz := before.ends_at + make_interval(mins => before.buffer_after);
    refused text;
BEGIN
    SELECT CASE WHEN b.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]) THEN b.kind ELSE 'block' END
      INTO refused
      FROM (VALUES
               (wanted.professional_id, before.professional_id, wanted.starts_at, wanted.ends_at, before.starts_at,
                before.ends_at),
               (wanted.room_id, before.room_id, held_from, held_to, had_from, had_to),
               (wanted.equipment_id, before.equipment_id, held_from, held_to, had_from, had_to)
           ) AS claim (resource_id, had, starts_at, ends_at, had_from, had_to)
      JOIN clinicdesk.time_block b ON b.resource_id = claim.resource_id AND b.active
           AND b.starts_at < claim.ends_at AND b.ends_at > claim.starts_at
     WHERE NOT coalesce(claim.had = claim.resource_id
                        AND claim.starts_at >= claim.had_from AND claim.ends_at <= claim.had_to
                        AND (before.status NOT IN ('cancelled', 'no_show') OR b.updated_at <= before.status_at), false)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'kept free' USING ERRCODE = 'CD007', DETAIL = refused;
    END IF;
END $$;

CREATE FUNCTION clinicdesk.guard_appointment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    zone text;
    allowed int;
    present int;
    -- Steps that claim no time take no lock: the row itself is locked already, and a move takes the two the other way.
    claims boolean := NEW.status NOT IN ('cancelled', 'no_show') AND (TG_OP = 'INSERT'
        OR (NEW.professional_id, NEW.room_id, NEW.equipment_id, NEW.starts_at, NEW.ends_at, NEW.buffer_before,
            NEW.buffer_after, NEW.overbooking_reason = '')
           IS DISTINCT FROM
           (OLD.professional_id, OLD.room_id, OLD.equipment_id, OLD.starts_at, OLD.ends_at, OLD.buffer_before,
            OLD.buffer_after, OLD.overbooking_reason = '')
        OR OLD.status IN ('cancelled', 'no_show'));
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.status <> OLD.status THEN
            IF NOT clinicdesk.step_allowed(OLD.status, NEW.status) THEN
                RAISE EXCEPTION 'no such step' USING ERRCODE = 'CD001', DETAIL = OLD.status || '>' || NEW.status;
            END IF;
            NEW.status_at := clock_timestamp();
            -- By the policy of the day it was said on, whatever the policy becomes.
            NEW.cancelled_late := NEW.status = 'cancelled' AND NEW.cancelled_by = 'patient'
                AND NEW.starts_at - NEW.status_at < make_interval(hours => coalesce((
                    SELECT p.late_cancellation_hours FROM clinicdesk.scheduling_policy p
                     WHERE p.clinic_id = NEW.clinic_id), 0));
        ELSE
            NEW.status_at := OLD.status_at;
            NEW.cancelled_late := OLD.cancelled_late;
        END IF;
    ELSE
        NEW.status_at := clock_timestamp();
        NEW.cancelled_late := false;
    END IF;
    IF NOT claims THEN
        RETURN NEW;
    END IF;
    PERFORM clinicdesk.lock_resources(ARRAY[NEW.professional_id, NEW.room_id, NEW.equipment_id]);
    PERFORM clinicdesk.refuse_kept_free(NEW, OLD);
    IF NEW.overbooking_reason <> ''
       AND (TG_OP = 'INSERT' OR OLD.overbooking_reason = '' OR OLD.starts_at <> NEW.starts_at
            OR OLD.professional_id <> NEW.professional_id OR OLD.status IN ('cancelled', 'no_show')) THEN
        PERFORM clinicdesk.require_may('overbook');
        SELECT c.zone, p.max_daily_overbookings INTO zone, allowed
          FROM clinicdesk.clinic c LEFT JOIN clinicdesk.scheduling_policy p ON p.clinic_id = c.id
         WHERE c.id = NEW.clinic_id;
        SELECT count(*) INTO present FROM clinicdesk.appointment a
         WHERE a.clinic_id = NEW.clinic_id AND a.professional_id = NEW.professional_id AND a.id <> NEW.id
           AND a.starts_at >= date_trunc('day', NEW.starts_at, zone)
           AND a.starts_at < date_trunc('day', NEW.starts_at, zone) + interval '25 hours'
           AND (a.starts_at AT TIME ZONE zone)::date = (NEW.starts_at AT TIME ZONE zone)::date
           AND a.overbooking_reason <> '' AND a.status NOT IN ('cancelled', 'no_show');
        IF present >= coalesce(allowed, 3) THEN
            RAISE EXCEPTION 'too many overbookings' USING ERRCODE = 'CD002', DETAIL = coalesce(allowed, 3)::text;
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- What an appointment holds follows from its row, so nobody can have the one without the other.
CREATE FUNCTION clinicdesk.hold_resources() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    held tstzrange := tstzrange(NEW.starts_at - make_interval(mins => NEW.buffer_before),
                                NEW.ends_at + make_interval(mins => NEW.buffer_after));
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.professional_id, NEW.room_id, NEW.equipment_id, NEW.starts_at, NEW.ends_at, NEW.buffer_before,
            NEW.buffer_after, NEW.overbooking_reason = '', NEW.status IN ('cancelled', 'no_show'))
           IS NOT DISTINCT FROM
           (OLD.professional_id, OLD.room_id, OLD.equipment_id, OLD.starts_at, OLD.ends_at, OLD.buffer_before,
            OLD.buffer_after, OLD.overbooking_reason = '', OLD.status IN ('cancelled', 'no_show')) THEN
            RETURN NULL;
        END IF;
        DELETE FROM clinicdesk.resource_hold WHERE appointment_id = NEW.id;
    END IF;
    IF NEW.status IN ('cancelled', 'no_show') THEN
        RETURN NULL;
    END IF;
    PERFORM clinicdesk.clear_expired_holds(ARRAY[NEW.professional_id, NEW.room_id, NEW.equipment_id], held);
    INSERT INTO clinicdesk.resource_hold (clinic_id, resource_id, during, appointment_id, exempt)
    SELECT NEW.clinic_id, wanted.id, held, NEW.id, wanted.exempt
      FROM (VALUES (NEW.professional_id, NEW.overbooking_reason <> ''), (NEW.room_id, false), (NEW.equipment_id, false))
           AS wanted (id, exempt)
     WHERE wanted.id IS NOT NULL;
    RETURN NULL;
END $$;

-- Read off paper or a telephone by a scanner that types: letters and figures alone, without those that are mistaken for
-- each other. Sixty random bits, so that nobody guesses another patient's.
CREATE FUNCTION clinicdesk.give_check_in_code() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.code := (SELECT 'CD' || string_agg(
                        substr('ABCDEFGHJKLMNPQRSTUVWXYZ23456789', 1 + get_byte(bytes, place) % 32, 1), '')
                   FROM uuid_send(gen_random_uuid()) AS bytes,
                        unnest('{0,1,2,3,4,5,9,10,11,12,13,14}'::int[]) AS place);
    RETURN NEW;
END $$;

CREATE FUNCTION clinicdesk.keep_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO clinicdesk.appointment_version (
        appointment_id, version, clinic_id, patient_id, guardian_id, professional_id, room_id, equipment_id, service_id,
        starts_at, ends_at, buffer_before, buffer_after, status, status_at, status_channel, overbooking_reason,
        reschedule_count, cancelled_by, cancel_reason, cancelled_late, visit_id, series_id, series_day, price, note,
        recorded_at, recorded_by, desk)
    VALUES (
        NEW.id, NEW.version, NEW.clinic_id, NEW.patient_id, NEW.guardian_id, NEW.professional_id, NEW.room_id,
        NEW.equipment_id, NEW.service_id, NEW.starts_at, NEW.ends_at, NEW.buffer_before, NEW.buffer_after, NEW.status,
        NEW.status_at, NEW.status_channel, NEW.overbooking_reason, NEW.reschedule_count, NEW.cancelled_by,
        NEW.cancel_reason, NEW.cancelled_late, NEW.visit_id, NEW.series_id, NEW.series_day, NEW.price, NEW.note,
        NEW.updated_at, NEW.updated_by, clinicdesk.this_desk());
    RETURN NULL;
END $$;

-- What is taken, also by another unit of the organisation; of that one only the time is told. Resource by resource, and
-- the overbooked apart, because that is how the two GiST indexes can be asked: they know no = ANY.
CREATE FUNCTION clinicdesk.busy(resource_ids uuid[], from_time timestamptz, to_time timestamptz)
    RETURNS TABLE (resource_id uuid, starts_at timestamptz, ends_at timestamptz, appointment_id uuid, hold_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT h.resource_id, lower(h.during), upper(h.during),
           CASE WHEN h.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]) THEN h.appointment_id END,
           CASE WHEN h.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]) THEN h.slot_hold_id END
      FROM unnest(resource_ids) AS wanted (id)
     CROSS JOIN LATERAL (
           SELECT * FROM clinicdesk.resource_hold sole
            WHERE sole.resource_id = wanted.id AND sole.during && tstzrange(from_time, to_time) AND NOT sole.exempt
            UNION ALL
           SELECT * FROM clinicdesk.resource_hold beside
            WHERE beside.resource_id = wanted.id AND beside.during && tstzrange(from_time, to_time) AND beside.exempt) AS h
      LEFT JOIN clinicdesk.slot_hold s ON s.id = h.slot_hold_id
     WHERE (s.id IS NULL OR s.expires_at > clock_timestamp()) AND (SELECT clinicdesk.at_work())
$$;

-- What is kept free on purpose, also by another unit of the organisation; of that one only the time is told.
CREATE FUNCTION clinicdesk.kept_free(resource_ids uuid[], from_time timestamptz, to_time timestamptz)
    RETURNS TABLE (id uuid, resource_id uuid, starts_at timestamptz, ends_at timestamptz, kind text, reason text,
                   version int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN own.clinic THEN b.id END, b.resource_id, b.starts_at, b.ends_at,
           CASE WHEN own.clinic THEN b.kind ELSE 'block' END, CASE WHEN own.clinic THEN b.reason ELSE '' END,
           CASE WHEN own.clinic THEN b.version ELSE 1 END
      FROM clinicdesk.time_block b
     CROSS JOIN LATERAL (SELECT b.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[])) AS own (clinic)
     WHERE b.active AND b.resource_id = ANY (resource_ids) AND b.starts_at < to_time AND b.ends_at > from_time
       AND (SELECT clinicdesk.at_work())
$$;

-- Patients whose search text is like every pattern, or whose CPF it is; by name, those whose name begins as was typed
-- first. Row security would keep LIKE from its index (the operator is not leakproof), so the policy's question is asked
-- here once and the index afterwards. Patterns come longest first: three of them are looked up in the index.
CREATE FUNCTION clinicdesk.find_patients(patterns text[], beginning text, cpf bytea, most int, skipped int)
    RETURNS TABLE (id uuid, place bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = pg_catalog SET plan_cache_mode = force_custom_plan SET jit = off AS $$
DECLARE
    found uuid[];
    others uuid[];
    lacking int;
BEGIN
    IF clinicdesk.my_person() IS NULL THEN
        RETURN;
    END IF;
    -- A name that begins as was typed holds every word that was typed.
    found := ARRAY (SELECT p.id FROM clinicdesk.patient p WHERE p.merged_into IS NULL AND p.sort_name LIKE beginning
                     ORDER BY p.sort_name, p.id LIMIT most + skipped);
    lacking := most + skipped - cardinality(found);
    -- What many people are called is found among the first of the register; sorting all of them would take far longer.
    IF lacking > 0 AND cpf IS NULL THEN
        others := ARRAY (SELECT p.id FROM (SELECT q.id, q.sort_name, q.search_text FROM clinicdesk.patient q
                                            WHERE q.merged_into IS NULL ORDER BY q.sort_name, q.id LIMIT 2000) p
                          WHERE p.sort_name NOT LIKE beginning AND p.search_text LIKE ALL (patterns)
                          ORDER BY p.sort_name, p.id LIMIT lacking);
    END IF;
    IF lacking > coalesce(cardinality(others), 0) THEN
        others := ARRAY (SELECT p.id FROM clinicdesk.patient p
                          WHERE p.merged_into IS NULL AND p.sort_name NOT LIKE beginning
                            AND (p.search_text LIKE patterns[1] AND p.search_text LIKE coalesce(patterns[2], '%')
                                 AND p.search_text LIKE coalesce(patterns[3], '%') AND p.search_text LIKE ALL (patterns)
                                 OR p.cpf_index = cpf)
                          ORDER BY p.sort_name, p.id LIMIT lacking);
    END IF;
    RETURN QUERY SELECT one.id, one.place FROM unnest(found || others) WITH ORDINALITY AS one (id, place)
                  WHERE one.place > skipped;
END $$;

-- A professional, room or machine is what its resource says it is, and of the clinic that the resource is of.
CREATE FUNCTION clinicdesk.guard_thing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM clinicdesk.resource r
                    WHERE r.id = NEW.id AND r.kind = TG_TABLE_NAME
                      AND r.clinic_id IS NOT DISTINCT FROM (to_jsonb(NEW) ->> 'clinic_id')::uuid) THEN
        RAISE foreign_key_violation USING MESSAGE = 'not such a resource', CONSTRAINT = 'resource_kind';
    END IF;
    RETURN NEW;
END $$;

-- A time block is decided under the same locks as a booking, and only about people and things of its clinic. A block is
-- not laid over a visit, in whichever clinic; time off is, and somebody finds the visits another time.
CREATE FUNCTION clinicdesk.guard_time_block() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    wanted tstzrange;
    visited_in uuid;
BEGIN
    PERFORM clinicdesk.lock_resources(ARRAY[NEW.resource_id]);
    IF NOT EXISTS (SELECT 1 FROM clinicdesk.resource r WHERE r.id = NEW.resource_id AND r.clinic_id = NEW.clinic_id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.professional_clinic pc
                        WHERE pc.clinic_id = NEW.clinic_id AND pc.professional_id = NEW.resource_id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'not of this clinic', CONSTRAINT = 'time_block_resource';
    END IF;
    IF NOT NEW.active OR NEW.kind <> 'block' OR TG_OP = 'UPDATE' AND OLD.active
       AND NEW.resource_id = OLD.resource_id AND NEW.kind = OLD.kind
       AND NEW.starts_at >= OLD.starts_at AND NEW.ends_at <= OLD.ends_at THEN
        RETURN NEW;
    END IF;
    wanted := tstzrange(NEW.starts_at, NEW.ends_at);
    -- Twice, because each of the two GiST indexes knows one kind of rows.
    SELECT a.clinic_id INTO visited_in
      FROM (SELECT h.appointment_id FROM clinicdesk.resource_hold h
             WHERE h.resource_id = NEW.resource_id AND h.during && wanted AND NOT h.exempt
            UNION ALL
            SELECT h.appointment_id FROM clinicdesk.resource_hold h
             WHERE h.resource_id = NEW.resource_id AND h.during && wanted AND h.exempt) AS held
      JOIN clinicdesk.appointment a ON a.id = held.appointment_id
     WHERE a.starts_at < NEW.ends_at AND a.ends_at > NEW.starts_at
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a visit stands there' USING ERRCODE = 'CD008',
            DETAIL = (SELECT r.kind FROM clinicdesk.resource r WHERE r.id = NEW.resource_id)
                     || CASE WHEN visited_in = NEW.clinic_id THEN '>here' ELSE '>elsewhere' END;
    END IF;
    RETURN NEW;
END $$;

-- --- people ----------------------------------------------------------------------------------------------------------

CREATE FUNCTION clinicdesk.keep_an_owner() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.require_fresh_reads();
    IF TG_OP = 'UPDATE' AND NEW.role = 'owner' AND NEW.active AND NEW.password_set_at IS NOT NULL THEN
        RETURN NULL;  -- nobody was lost; one who is locked can be unlocked
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('clinicdesk.owners'));
    IF NOT EXISTS (
        SELECT 1 FROM clinicdesk.person
         WHERE role = 'owner' AND active AND locked_at IS NULL AND password_set_at IS NOT NULL) THEN
        RAISE EXCEPTION 'no owner left' USING ERRCODE = 'CD003';
    END IF;
    RETURN NULL;
END $$;

-- Undoing an import takes back only what nobody has touched since.
CREATE FUNCTION clinicdesk.undo_patient_import(batch uuid) RETURNS TABLE (removed int, kept int)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.require_may('import');
    UPDATE clinicdesk.import_batch SET undone_at = clock_timestamp()
     WHERE id = batch AND undone_at IS NULL AND kind = 'patients'
       AND clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such import' USING ERRCODE = 'CD004';
    END IF;
    DELETE FROM clinicdesk.patient p
     WHERE p.import_id = batch AND p.version = 1
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.appointment a WHERE a.patient_id = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.appointment a WHERE a.guardian_id = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.patient_alert t WHERE t.patient_id = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.patient d WHERE d.guardian_id = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.patient d WHERE d.merged_into = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.patient d WHERE d.referred_by = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.patient_tag t WHERE t.patient_id = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.patient_metrics m WHERE m.patient_id = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.patient_merge m WHERE p.id IN (m.kept_id, m.merged_id))
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.patient_distinct d WHERE p.id IN (d.first_id, d.second_id))
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.waiting_entry w WHERE w.patient_id = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.recall r WHERE r.patient_id = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.consent c WHERE c.patient_id = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.conversation t WHERE t.patient_id = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.question q WHERE q.patient_id = p.id)
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.outgoing_message o WHERE o.patient_id = p.id);
    GET DIAGNOSTICS removed = ROW_COUNT;
    SELECT count(*) INTO kept FROM clinicdesk.patient p WHERE p.import_id = batch;
    RETURN NEXT;
END $$;
