-- Messages: what may be sent by whom, and the jobs that send. A desk's login has no right on the queue's tables; jobs are
-- made by these triggers alone, in the transaction of what they speak of.

CREATE FUNCTION clinicdesk.count_version() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.version := CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE OLD.version + 1 END;
    RETURN NEW;
END $$;

-- The job carries an id and nothing else. One that waits for its time has no lock: it would keep every later one waiting.
CREATE FUNCTION clinicdesk.queue_job(queue_name text, task text, row_id uuid, at timestamptz, sequence text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, queue AS $$
DECLARE
    unique_name text := task || ':' || row_id;
BEGIN
    IF EXISTS (SELECT 1 FROM queue.procrastinate_jobs j WHERE j.queueing_lock = unique_name AND j.status = 'todo'
                  AND j.scheduled_at IS NOT DISTINCT FROM at) THEN
        RETURN;
    END IF;
    UPDATE queue.procrastinate_jobs SET status = 'cancelled' WHERE queueing_lock = unique_name AND status = 'todo';
    PERFORM queue.procrastinate_defer_jobs_v1(ARRAY[ROW(queue_name, task, 0, sequence, unique_name,
        jsonb_build_object('row_id', row_id), at)::queue.procrastinate_job_to_defer_v1]);
END $$;

CREATE FUNCTION clinicdesk.queue_message() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.planned_for > clock_timestamp() THEN
        PERFORM clinicdesk.queue_job('messages', 'send_message', NEW.id, NEW.planned_for, NULL);
    ELSE
        -- What is said in one conversation keeps its order.
        PERFORM clinicdesk.queue_job('messages', 'send_message', NEW.id, NULL, 'conversation:' || NEW.conversation_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION clinicdesk.queue_receipt() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.queue_job('receipts', 'read_receipt', NEW.id, NULL, NULL);
    RETURN NULL;
END $$;

-- A file that lies at the provider is fetched after what it came with was kept.
CREATE FUNCTION clinicdesk.queue_media() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.queue_job('media', 'fetch_media', NEW.id, NULL, NULL);
    RETURN NULL;
END $$;

-- What was taken in and lost its job: deliveries that nobody read, files that nobody fetched.
CREATE FUNCTION clinicdesk.requeue_receipts() RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    lost record;
    queued int := 0;
BEGIN
    FOR lost IN
        SELECT * FROM (
            SELECT 'receipts' AS queue_name, 'read_receipt' AS task, r.id, r.received_at AS since
              FROM clinicdesk.webhook_receipt r WHERE r.read_at IS NULL
            UNION ALL
            SELECT 'media', 'fetch_media', m.id, m.created_at FROM clinicdesk.media m
             WHERE m.fetch_from <> '' AND m.sealed IS NULL AND m.fault = '' AND m.expires_at > clock_timestamp()
        ) waiting
         WHERE waiting.since < clock_timestamp() - interval '1 minute'
           AND NOT EXISTS (SELECT 1 FROM queue.procrastinate_jobs j
                            WHERE j.queueing_lock = waiting.task || ':' || waiting.id AND j.status IN ('todo', 'doing'))
         ORDER BY waiting.since LIMIT 1000
    LOOP
        PERFORM clinicdesk.queue_job(lost.queue_name, lost.task, lost.id, NULL, NULL);
        queued := queued + 1;
    END LOOP;
    RETURN queued;
END $$;

-- A job that was lost with its queue, as after a move to another server or a copy brought back: the messages know better.
CREATE FUNCTION clinicdesk.requeue_messages() RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    lost record;
    queued int := 0;
BEGIN
    FOR lost IN
        SELECT m.id, m.planned_for FROM clinicdesk.outgoing_message m
         WHERE m.state = 'planned' AND m.planned_for < clock_timestamp() + interval '1 day'
           AND NOT EXISTS (SELECT 1 FROM queue.procrastinate_jobs j
                            WHERE j.queueing_lock = 'send_message:' || m.id AND j.status IN ('todo', 'doing'))
         ORDER BY m.planned_for LIMIT 1000
    LOOP
        PERFORM clinicdesk.queue_job('messages', 'send_message', lost.id,
            CASE WHEN lost.planned_for > clock_timestamp() THEN lost.planned_for END, NULL);
        queued := queued + 1;
    END LOOP;
    RETURN queued;
END $$;

-- A worker that was killed leaves its job as it was, and every later one of the same conversation behind it. One whose
-- connection broke as a job ended lives on and knows nothing of it: nothing that is sent takes three minutes.
CREATE FUNCTION clinicdesk.revive_jobs() RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, queue AS $$
DECLARE
    dead record;
    revived int := 0;
BEGIN
    FOR dead IN
        SELECT j.id FROM queue.procrastinate_jobs j LEFT JOIN queue.procrastinate_workers w ON w.id = j.worker_id
         WHERE j.status = 'doing'
           AND (w.id IS NULL OR w.last_heartbeat < clock_timestamp() - interval '30 seconds'
                OR (SELECT max(e.at) FROM queue.procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started')
                   < clock_timestamp() - interval '3 minutes')
         ORDER BY j.id FOR UPDATE OF j SKIP LOCKED
    LOOP
        -- Another of the same row may wait already; two may not.
        BEGIN
            PERFORM queue.procrastinate_retry_job_v2(dead.id, clock_timestamp(), NULL, NULL, NULL);
        EXCEPTION WHEN unique_violation THEN
            DELETE FROM queue.procrastinate_jobs WHERE id = dead.id;
        END;
        revived := revived + 1;
    END LOOP;
    DELETE FROM queue.procrastinate_workers WHERE last_heartbeat < clock_timestamp() - interval '1 day';
    RETURN revived;
END $$;

CREATE FUNCTION clinicdesk.remove_old_jobs(age interval) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, queue AS $$
DECLARE
    removed int;
BEGIN
    DELETE FROM queue.procrastinate_jobs j
     WHERE j.status NOT IN ('todo', 'doing')
       AND NOT EXISTS (SELECT FROM queue.procrastinate_events e WHERE e.job_id = j.id AND e.at > clock_timestamp() - age);
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
END $$;

-- Who owns a conversation speaks in it: while a person has it the robot answers nothing, and a person speaks as
-- themselves, in what they took over. What rules send goes out all the same.
CREATE FUNCTION clinicdesk.guard_outgoing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    spoken clinicdesk.conversation;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state <> OLD.state THEN
            IF NOT clinicdesk.message_step_allowed(OLD.state, NEW.state) THEN
                RAISE EXCEPTION 'no such step' USING ERRCODE = 'CD030', DETAIL = OLD.state || '>' || NEW.state;
            END IF;
            NEW.state_at := clock_timestamp();
        END IF;
        -- What somebody decided stands until something else happens to it, or whoever sends knows better.
        IF NEW.state NOT IN ('sent', 'failed', 'cancelled')
           OR NEW.state <> OLD.state AND clinicdesk.my_person() IS NULL THEN
            NEW.decided_by := NULL;
        END IF;
        RETURN NEW;
    END IF;
    NEW.state_at := clock_timestamp();
    NEW.person_id := CASE WHEN NEW.kind IN ('person', 'test', 'offer', 'check_in') THEN clinicdesk.my_person() END;
    IF NEW.kind IN ('answer', 'person') THEN
        SELECT * INTO spoken FROM clinicdesk.conversation WHERE id = NEW.conversation_id FOR NO KEY UPDATE;
        IF NEW.kind = 'answer' AND spoken.owner <> 'bot'
           OR NEW.kind = 'person' AND NEW.person_id IS NOT NULL AND spoken.person_id IS DISTINCT FROM NEW.person_id THEN
            RAISE EXCEPTION 'another speaks here' USING ERRCODE = 'CD031', DETAIL = spoken.owner;
        END IF;
        UPDATE clinicdesk.conversation SET last_at = clock_timestamp() WHERE id = spoken.id;
    END IF;
    -- The other kinds are made by rules: inside another trigger, or by sync.
    IF NEW.kind NOT IN ('person', 'test', 'offer', 'check_in') AND pg_trigger_depth() = 1
       AND clinicdesk.my_person() IS NOT NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'rules send this', DETAIL = 'kind';
    END IF;
    RETURN NEW;
END $$;

-- What a person reads in a reply the robot answers, once nobody takes it back any more: the desk chooses no words. They
-- are put together when it is sent, from what was read and the visit as it stands then.
CREATE FUNCTION clinicdesk.answer_reading() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    due timestamptz := clock_timestamp() + make_interval(mins => coalesce((
        SELECT p.grace_minutes FROM clinicdesk.messaging_policy p WHERE p.clinic_id = NEW.clinic_id), 3));
BEGIN
    UPDATE clinicdesk.outgoing_message SET state = 'cancelled', reason = 'taken_back'
     WHERE conversation_id = NEW.conversation_id AND question_id = NEW.question_id AND kind = 'answer'
       AND appointment_id IS NOT NULL AND state IN ('planned', 'claimed');
    IF NEW.handled_by IS NULL OR NEW.handled_at IS NULL OR NEW.outcome NOT IN ('confirmed', 'cancelled') THEN
        RETURN NULL;
    END IF;
    INSERT INTO clinicdesk.outgoing_message (id, clinic_id, kind, patient_id, appointment_id, visit_at, conversation_id,
           question_id, channel_id, quoted_id, planned_for, expires_at)
    SELECT gen_random_uuid(), NEW.clinic_id, 'answer', q.patient_id, a.id, a.starts_at, c.id, q.id, c.channel_id,
           split_part(NEW.provider_message_id, '#', 1), due, due + interval '12 hours'
      FROM clinicdesk.conversation c
      JOIN clinicdesk.message_channel h ON h.id = c.channel_id
      JOIN clinicdesk.question q ON q.id = NEW.question_id
      JOIN clinicdesk.appointment a ON a.id = q.appointment_id
     WHERE c.id = NEW.conversation_id AND c.owner = 'bot' AND c.opted_out_at IS NULL AND h.active
       AND (h.kind <> 'whatsapp' OR h.provider NOT IN ('meta', 'twilio') OR c.window_until > due);
    RETURN NULL;
END $$;

-- One service of a coming speaks for all. What it will not say after all, the next one says.
CREATE FUNCTION clinicdesk.give_way_back() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    waiting uuid[];
BEGIN
    -- Whoever looks at one of them at this moment is waited for.
    SELECT array_agg(m.id) INTO waiting FROM (
        SELECT o.id FROM clinicdesk.outgoing_message o
          JOIN clinicdesk.appointment said ON said.id = NEW.appointment_id
          JOIN clinicdesk.appointment a ON a.id = o.appointment_id AND a.visit_id = said.visit_id AND a.id <> said.id
          JOIN clinicdesk.clinic c ON c.id = said.clinic_id
         WHERE o.kind = NEW.kind AND o.rule_id = NEW.rule_id AND a.starts_at >= said.starts_at
           AND (a.starts_at AT TIME ZONE c.zone)::date = (said.starts_at AT TIME ZONE c.zone)::date
         ORDER BY o.id FOR NO KEY UPDATE OF o) m;
    UPDATE clinicdesk.outgoing_message SET state = 'planned', reason = ''
     WHERE id = ANY (waiting) AND state = 'cancelled' AND reason = 'together' AND expires_at > clock_timestamp();
    RETURN NULL;
END $$;

-- A message that may have gone out is never simply planned again: somebody has to say that it did not.
CREATE FUNCTION clinicdesk.message_step_allowed(present text, wanted text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT wanted = ANY (CASE present
        WHEN 'planned' THEN '{claimed,sending,cancelled,failed,sent,delivered,read}'::text[]
        WHEN 'claimed' THEN '{planned,sending,cancelled,failed}'
        WHEN 'sending' THEN '{planned,sent,delivered,read,failed,unknown}'
        WHEN 'unknown' THEN '{planned,sent,delivered,read,failed,cancelled}'
        WHEN 'sent' THEN '{delivered,read,failed,unknown,planned}'
        WHEN 'delivered' THEN '{read}'
        WHEN 'failed' THEN '{planned,cancelled,unknown,sent,delivered,read}'
        WHEN 'cancelled' THEN '{planned,failed}'
        ELSE '{}' END)
$$;

CREATE FUNCTION clinicdesk.require_sender() RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
BEGIN
    IF clinicdesk.my_person() IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody here';
    END IF;
    PERFORM clinicdesk.require_may('send_messages');
END $$;

-- What a person decides about a message that needs one.
CREATE FUNCTION clinicdesk.retry_message(retried uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.require_sender();
    UPDATE clinicdesk.outgoing_message
       SET state = 'planned', reason = '', detail = '', attempts = 0, planned_for = clock_timestamp(),
           expires_at = greatest(expires_at, clock_timestamp() + interval '1 hour')
     WHERE id = retried AND state = 'failed' AND clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such message' USING ERRCODE = 'CD004';
    END IF;
    -- Whoever sends it again has seen to what stood in the way: every channel is worth a try again.
    UPDATE clinicdesk.delivery SET verdict = '' WHERE message_id = retried AND state = 'failed';
END $$;

CREATE FUNCTION clinicdesk.discard_message(discarded uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.require_sender();
    -- One that failed keeps why it did.
    UPDATE clinicdesk.outgoing_message
       SET reason = CASE state WHEN 'planned' THEN 'discarded' ELSE reason END, state = 'cancelled',
           decided_by = clinicdesk.my_person()
     WHERE id = discarded AND state IN ('planned', 'failed')
       AND clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such message' USING ERRCODE = 'CD004';
    END IF;
END $$;

-- Whether a message whose outcome nobody knows went out: somebody looked.
CREATE FUNCTION clinicdesk.settle_message(settled uuid, went_out boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.require_sender();
    UPDATE clinicdesk.delivery d SET state = CASE WHEN went_out THEN 'sent' ELSE 'failed' END, fault = CASE WHEN went_out
           THEN '' ELSE 'settled' END, ended_at = clock_timestamp()
      FROM clinicdesk.outgoing_message m
     WHERE m.id = settled AND m.state = 'unknown' AND d.message_id = m.id AND d.state IN ('sending', 'unknown')
       AND m.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]);
    UPDATE clinicdesk.outgoing_message
       SET state = CASE WHEN went_out THEN 'sent' ELSE 'failed' END,
           reason = CASE WHEN went_out THEN '' ELSE 'settled' END, decided_by = clinicdesk.my_person()
     WHERE id = settled AND state = 'unknown' AND clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such message' USING ERRCODE = 'CD004';
    END IF;
END $$;

-- Take back what somebody decided about a message, while nothing else has happened to it since.
CREATE FUNCTION clinicdesk.reopen_message(reopened uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    decided clinicdesk.outgoing_message;
BEGIN
    PERFORM clinicdesk.require_sender();
    SELECT * INTO decided FROM clinicdesk.outgoing_message
     WHERE id = reopened AND decided_by IS NOT NULL AND clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[])
       FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such message' USING ERRCODE = 'CD004';
    END IF;
    IF decided.state <> 'cancelled' THEN
        UPDATE clinicdesk.delivery SET state = 'unknown', fault = '', ended_at = NULL
         WHERE id = (SELECT id FROM clinicdesk.delivery WHERE message_id = reopened ORDER BY started_at DESC LIMIT 1);
    END IF;
    UPDATE clinicdesk.outgoing_message
       SET state = CASE WHEN decided.state <> 'cancelled' THEN 'unknown'
                        WHEN decided.reason = 'discarded' THEN 'planned' ELSE 'failed' END,
           reason = CASE WHEN decided.state <> 'cancelled' THEN 'no_answer'
                         WHEN decided.reason = 'discarded' THEN '' ELSE decided.reason END,
           decided_by = NULL
     WHERE id = reopened;
END $$;

-- A credential was typed for the server it goes to. Sent elsewhere it would be whoever's who named the other server, and
-- nobody but sync may read one: so it has to be typed again.
CREATE FUNCTION clinicdesk.forget_secrets() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM clinicdesk.channel_secret WHERE channel_id = NEW.id;
    RETURN NULL;
END $$;

-- Nobody decides about a reply in another's name.
CREATE FUNCTION clinicdesk.sign_handling() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    NEW.handled_by := clinicdesk.my_person();
    RETURN NEW;
END $$;

-- Revoked once and for good; a new consent is a new row.
CREATE FUNCTION clinicdesk.guard_consent() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.revoked_at IS NOT NULL THEN
        IF (NEW.revoked_at, NEW.revoked_source) IS DISTINCT FROM (OLD.revoked_at, OLD.revoked_source) THEN
            RAISE EXCEPTION 'revoked already' USING ERRCODE = 'CD032';
        END IF;
    ELSIF NEW.revoked_at IS NOT NULL THEN
        NEW.revoked_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;

-- Nobody writes a note in another's name.
CREATE FUNCTION clinicdesk.sign_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    NEW.person_id := clinicdesk.my_person();
    RETURN NEW;
END $$;

-- Whether any clinic sends, and how long ago a process that does gave a sign: all that the server's unit may know of it.
CREATE FUNCTION clinicdesk.sync_standing(OUT sends boolean, OUT seen int) RETURNS record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM clinicdesk.messaging_policy WHERE active),
           (SELECT extract(epoch FROM clock_timestamp() - max(seen_at))::int FROM clinicdesk.sync_process
             WHERE stopped_at IS NULL)
$$;
