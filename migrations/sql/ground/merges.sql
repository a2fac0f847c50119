-- Two entries of the register that are one person. The one given up stays as a row that points to the other; whatever
-- spoke of it speaks of the other from then on, and which rows those were is kept, so that an undo takes back those alone.

-- What of a register entry is chosen when two become one; all else stays with the entry that is kept.
CREATE FUNCTION clinicdesk.with_values(entry clinicdesk.patient, chosen jsonb) RETURNS clinicdesk.patient
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
    wanted clinicdesk.patient := jsonb_populate_record(entry, chosen);
BEGIN
    entry.full_name := wanted.full_name;
    entry.social_name := wanted.social_name;
    entry.phone := wanted.phone;
    entry.email := wanted.email;
    entry.birth_date := wanted.birth_date;
    entry.cpf_ciphertext := wanted.cpf_ciphertext;
    entry.cpf_index := wanted.cpf_index;
    entry.cpf_key_version := wanted.cpf_key_version;
    entry.guardian_id := wanted.guardian_id;
    entry.guardian_kinship := wanted.guardian_kinship;
    entry.address := wanted.address;
    entry.source := wanted.source;
    entry.referred_by := wanted.referred_by;
    entry.priority := wanted.priority;
    entry.priority_until := wanted.priority_until;
    entry.custom := wanted.custom;
    entry.vip := wanted.vip;
    entry.note := wanted.note;
    RETURN entry;
END $$;

CREATE FUNCTION clinicdesk.write_entry(entry clinicdesk.patient) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog AS $$
    UPDATE clinicdesk.patient SET
        (full_name, social_name, phone, email, birth_date, cpf_ciphertext, cpf_index, cpf_key_version, guardian_id,
         guardian_kinship, address, source, referred_by, priority, priority_until, custom, vip, note)
      = ((entry).full_name, (entry).social_name, (entry).phone, (entry).email, (entry).birth_date,
         (entry).cpf_ciphertext, (entry).cpf_index, (entry).cpf_key_version, (entry).guardian_id,
         (entry).guardian_kinship, (entry).address, (entry).source, (entry).referred_by, (entry).priority,
         (entry).priority_until, (entry).custom, (entry).vip, (entry).note)
     WHERE id = (entry).id
$$;

-- The rows that a merge or its undo will write, taken in the order in which desks take them: visits by their ids, the
-- waiting list, the register. Recalls come last: a booking writes them when it holds its patient's row already.
CREATE FUNCTION clinicdesk.lock_entries(visits uuid[], waiting uuid[], entries uuid[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM 1 FROM clinicdesk.appointment WHERE id = ANY (visits) ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM clinicdesk.waiting_entry WHERE id = ANY (waiting) ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM clinicdesk.patient WHERE id = ANY (entries) ORDER BY id FOR UPDATE;
END $$;

-- Every column that names a patient whom a merge may give up, in the order in which desks take these rows, and under
-- which word a merge remembers the ones it changed.
CREATE FUNCTION clinicdesk.names_of_patients() RETURNS TABLE (remembered_as text, table_name text, column_name text)
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    VALUES ('appointment', 'appointment', 'patient_id'), ('guardian_of_visit', 'appointment', 'guardian_id'),
           ('dependant', 'patient', 'guardian_id'), ('referred', 'patient', 'referred_by'),
           ('alert', 'patient_alert', 'patient_id'), ('waiting_entry', 'waiting_entry', 'patient_id'),
           ('recall', 'recall', 'patient_id'), ('consent', 'consent', 'patient_id'),
           ('conversation', 'conversation', 'patient_id'), ('question', 'question', 'patient_id'),
           ('message', 'outgoing_message', 'patient_id')
$$;

-- Name somebody else in the rows of one column, in `only` these where that is given; the ids of those that changed. A
-- consent stays where the other has the same already: one may stand of each.
CREATE FUNCTION clinicdesk.name_instead(table_name text, column_name text, gone uuid, stands uuid, only_these jsonb)
    RETURNS jsonb
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    spared text := CASE table_name WHEN 'consent' THEN
        'AND (t.revoked_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM clinicdesk.consent o WHERE o.patient_id = $1
              AND o.purpose = t.purpose AND o.channel = t.channel AND o.revoked_at IS NULL))' ELSE '' END;
    changed jsonb;
BEGIN
    EXECUTE format('WITH changed AS (UPDATE clinicdesk.%1$I t SET %2$I = $1
                                      WHERE t.%2$I = $2 AND ($3 IS NULL OR $3 ? t.id::text) %3$s RETURNING t.id)
                    SELECT coalesce(jsonb_agg(id), ''[]'') FROM changed', table_name, column_name, spared)
       INTO changed USING stands, gone, only_these;
    RETURN changed;
END $$;

CREATE FUNCTION clinicdesk.merge_patients(
    merge uuid, kept uuid, kept_version int, merged uuid, merged_version int, chosen jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    stays clinicdesk.patient;
    goes clinicdesk.patient;
    became clinicdesk.patient;
    moved jsonb := '{}';
    named record;
    rows jsonb;
BEGIN
    PERFORM clinicdesk.require_fresh_reads();
    IF clinicdesk.my_person() IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody here';
    END IF;
    PERFORM clinicdesk.require_may('merge_patients');
    PERFORM clinicdesk.lock_entries(
        ARRAY (SELECT a.id FROM clinicdesk.appointment a WHERE a.patient_id = merged OR a.guardian_id = merged),
        ARRAY (SELECT w.id FROM clinicdesk.waiting_entry w WHERE w.patient_id = merged),
        ARRAY (SELECT p.id FROM clinicdesk.patient p
                WHERE p.id IN (kept, merged) OR p.guardian_id = merged OR p.referred_by = merged));
    SELECT * INTO stays FROM clinicdesk.patient WHERE id = kept;
    SELECT * INTO goes FROM clinicdesk.patient WHERE id = merged;
    IF stays.id IS NULL OR goes.id IS NULL THEN
        RAISE EXCEPTION 'no such patient' USING ERRCODE = 'CD004';
    END IF;
    IF stays.merged_into IS NOT NULL OR goes.merged_into IS NOT NULL OR kept = merged THEN
        RAISE EXCEPTION 'merged already' USING ERRCODE = 'CD020', DETAIL = 'merged';
    END IF;
    IF stays.version <> kept_version OR goes.version <> merged_version THEN
        RAISE EXCEPTION 'changed meanwhile' USING ERRCODE = 'CD020', DETAIL = 'changed';
    END IF;

    -- First, for a CPF belongs to one entry that is in use.
    UPDATE clinicdesk.patient SET merged_into = kept WHERE id = merged;
    became := clinicdesk.with_values(stays, chosen);
    IF became.guardian_id IN (kept, merged) THEN
        became.guardian_id := NULL;
        became.guardian_kinship := '';
    END IF;
    IF became.referred_by IN (kept, merged) THEN
        became.referred_by := NULL;
    END IF;
    PERFORM clinicdesk.write_entry(became);

    FOR named IN SELECT * FROM clinicdesk.names_of_patients() LOOP
        moved := moved || jsonb_build_object(named.remembered_as,
            clinicdesk.name_instead(named.table_name, named.column_name, merged, kept, NULL));
    END LOOP;
    WITH added AS (INSERT INTO clinicdesk.patient_tag (patient_id, tag_id)
                   SELECT kept, tag_id FROM clinicdesk.patient_tag WHERE patient_id = merged
                   ON CONFLICT DO NOTHING RETURNING tag_id)
        SELECT coalesce(jsonb_agg(tag_id), '[]') INTO rows FROM added;
    moved := moved || jsonb_build_object('tag', rows);

    INSERT INTO clinicdesk.patient_merge (id, kept_id, merged_id, before, moved)
    VALUES (merge, kept, merged, to_jsonb(stays), moved || jsonb_build_object('became', to_jsonb(became)));
END $$;

-- Takes back what the merge moved and nobody has moved since; what was booked for the person meanwhile stays with the
-- entry that was kept, and a value that was changed meanwhile stays as it was changed.
CREATE FUNCTION clinicdesk.undo_merge(merge uuid) RETURNS TABLE (visits_back int, visits_kept int)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    done clinicdesk.patient_merge;
    stays clinicdesk.patient;
    was jsonb;
    became jsonb;
    named record;
    back jsonb;
BEGIN
    PERFORM clinicdesk.require_fresh_reads();
    IF clinicdesk.my_person() IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody here';
    END IF;
    PERFORM clinicdesk.require_may('merge_patients');
    SELECT * INTO done FROM clinicdesk.patient_merge WHERE id = merge AND undone_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such merge' USING ERRCODE = 'CD004';
    END IF;
    PERFORM clinicdesk.lock_entries(
        ARRAY (SELECT jsonb_array_elements_text(
                          (done.moved -> 'appointment') || (done.moved -> 'guardian_of_visit')))::uuid[],
        ARRAY (SELECT jsonb_array_elements_text(done.moved -> 'waiting_entry'))::uuid[],
        ARRAY (SELECT jsonb_array_elements_text((done.moved -> 'dependant') || (done.moved -> 'referred')))::uuid[]
            || done.kept_id || done.merged_id);
    SELECT * INTO stays FROM clinicdesk.patient WHERE id = done.kept_id;
    IF stays.merged_into IS NOT NULL THEN
        RAISE EXCEPTION 'merged further' USING ERRCODE = 'CD020', DETAIL = 'further';
    END IF;

    -- A value goes back where it is still the one that the merge gave.
    became := done.moved -> 'became';
    SELECT coalesce(jsonb_object_agg(was_then.key, was_then.value), '{}') INTO was
      FROM jsonb_each(done.before) AS was_then
     WHERE became -> was_then.key IS NOT DISTINCT FROM to_jsonb(stays) -> was_then.key;
    -- The three columns of a CPF are one value.
    IF NOT was ?& '{cpf_ciphertext,cpf_index,cpf_key_version}' THEN
        was := was - '{cpf_ciphertext,cpf_index,cpf_key_version}'::text[];
    END IF;
    PERFORM clinicdesk.write_entry(clinicdesk.with_values(stays, was));
    UPDATE clinicdesk.patient SET merged_into = NULL WHERE id = done.merged_id;

    FOR named IN SELECT * FROM clinicdesk.names_of_patients() LOOP
        back := clinicdesk.name_instead(named.table_name, named.column_name, done.kept_id, done.merged_id,
                                        done.moved -> named.remembered_as);
        IF named.remembered_as = 'appointment' THEN
            visits_back := jsonb_array_length(back);
        END IF;
    END LOOP;
    DELETE FROM clinicdesk.patient_tag
     WHERE patient_id = done.kept_id AND done.moved -> 'tag' ? tag_id::text;
    UPDATE clinicdesk.patient_merge SET undone_at = clock_timestamp() WHERE id = merge;
    SELECT count(*) INTO visits_kept FROM clinicdesk.appointment a
     WHERE a.patient_id = done.kept_id AND a.created_at > done.created_at;
    RETURN NEXT;
END $$;

-- A form that was opened before a merge still names the entry that was given up; what it writes would be seen by nobody.
-- The row is waited for: a merge that is being written decides first.
CREATE FUNCTION clinicdesk.who_stands(entry uuid) RETURNS uuid
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    further uuid;
BEGIN
    LOOP
        SELECT p.merged_into INTO further FROM clinicdesk.patient p WHERE p.id = entry FOR KEY SHARE;
        EXIT WHEN further IS NULL;
        entry := further;
    END LOOP;
    RETURN entry;
END $$;

CREATE FUNCTION clinicdesk.name_who_stands() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    NEW.patient_id := clinicdesk.who_stands(NEW.patient_id);
    IF TG_TABLE_NAME = 'appointment' THEN
        NEW.guardian_id := clinicdesk.who_stands(NEW.guardian_id);
    END IF;
    RETURN NEW;
END $$;

-- After the guard: what is to be held is locked before anybody's row.
CREATE TRIGGER c_stands BEFORE INSERT OR UPDATE OF guardian_id ON clinicdesk.appointment
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.name_who_stands();
CREATE TRIGGER c_stands BEFORE INSERT ON clinicdesk.waiting_entry
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.name_who_stands();
CREATE TRIGGER c_stands BEFORE INSERT ON clinicdesk.recall
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.name_who_stands();
CREATE TRIGGER c_stands BEFORE INSERT ON clinicdesk.patient_alert
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.name_who_stands();
CREATE TRIGGER c_stands BEFORE INSERT ON clinicdesk.patient_tag
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.name_who_stands();
CREATE TRIGGER c_stands BEFORE INSERT ON clinicdesk.consent
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.name_who_stands();
CREATE TRIGGER c_stands BEFORE INSERT ON clinicdesk.question
    FOR EACH ROW EXECUTE FUNCTION clinicdesk.name_who_stands();
CREATE TRIGGER c_stands BEFORE INSERT ON clinicdesk.outgoing_message
    FOR EACH ROW WHEN (NEW.patient_id IS NOT NULL) EXECUTE FUNCTION clinicdesk.name_who_stands();
CREATE TRIGGER c_stands BEFORE INSERT OR UPDATE OF patient_id ON clinicdesk.conversation
    FOR EACH ROW WHEN (NEW.patient_id IS NOT NULL) EXECUTE FUNCTION clinicdesk.name_who_stands();

-- Pairs of entries that look like one person, likeliest first. Whoever was said to be two is not brought up again, and two
-- with a CPF each are two. Three equalities find the pairs and likeness of the names decides: comparing every name with
-- every other would take hours. What is cheap to know drops a pair before its names are compared.
CREATE FUNCTION clinicdesk.likely_duplicates(most int)
    RETURNS TABLE (first_id uuid, second_id uuid, likeness real, same_phone boolean, same_birth boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog SET jit = off SET work_mem = '32MB' AS $$
    WITH person AS MATERIALIZED (
        SELECT p.id, p.sort_name, left(p.sort_name, 2) AS beginning, nullif(p.phone, '') AS phone, p.birth_date AS born,
               p.cpf_index IS NOT NULL AS has_cpf
          FROM clinicdesk.patient p WHERE p.merged_into IS NULL
    ), pair AS (
        SELECT a.id AS first_id, b.id AS second_id, a.sort_name AS one, b.sort_name AS other,
               coalesce(a.phone = b.phone, false) AS same_phone, a.born = b.born AS same_birth
          FROM person a JOIN person b ON b.phone = a.phone AND a.id < b.id AND NOT (a.has_cpf AND b.has_cpf)
        UNION
        SELECT a.id, b.id, a.sort_name, b.sort_name, coalesce(a.phone = b.phone, false), a.born = b.born
          FROM person a JOIN person b ON b.sort_name = a.sort_name AND a.id < b.id AND NOT (a.has_cpf AND b.has_cpf)
           AND coalesce(a.born = b.born, true)
        UNION
        SELECT a.id, b.id, a.sort_name, b.sort_name, coalesce(a.phone = b.phone, false), true
          FROM person a JOIN person b ON b.born = a.born AND b.beginning = a.beginning AND a.id < b.id
           AND NOT (a.has_cpf AND b.has_cpf)
    ), judged AS (
        SELECT pair.*, clinicdesk.similarity(pair.one, pair.other) AS likeness FROM pair
    )
    SELECT j.first_id, j.second_id, j.likeness, j.same_phone, j.same_birth FROM judged j
     WHERE (SELECT clinicdesk.my_person()) IS NOT NULL
       AND CASE WHEN j.same_birth THEN j.likeness >= 0.5
                WHEN j.same_birth IS NULL THEN j.likeness >= 0.95 OR j.same_phone AND j.likeness >= 0.45
                ELSE j.same_phone AND j.likeness >= 0.95 END
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.patient_distinct d
                        WHERE d.first_id = j.first_id AND d.second_id = j.second_id)
     ORDER BY j.likeness + j.same_phone::int * 0.5 + coalesce(j.same_birth::int, 0) * 0.5 DESC, j.first_id, j.second_id
     LIMIT most
$$;

-- What leaves the clinic in a file leaves a line in the audit.
CREATE FUNCTION clinicdesk.record_export(kind text, lines int) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF clinicdesk.my_person() IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody here';
    END IF;
    PERFORM clinicdesk.require_may('export_patients');
    INSERT INTO clinicdesk.audit (desk, address, action, table_name, after)
    VALUES (clinicdesk.this_desk(), inet_client_addr(), 'export', 'patient',
            jsonb_build_object('kind', left(kind, 40), 'lines', lines));
END $$;
