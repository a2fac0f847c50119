-- Desks and their certificates, sessions, and what the unit beside a clinic's server may do. What makes or changes a login
-- runs as cd_logins, what looks at other people's connections or ends them as cd_watch.

-- The desk whose certificate this connection showed, the present one or the one before; null on one computer.
CREATE FUNCTION clinicdesk.my_desk() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT d.id FROM clinicdesk.desk d
      JOIN pg_stat_ssl s ON s.pid = pg_backend_pid() AND s.client_serial::text IN (d.serial, d.former_serial)
     WHERE d.revoked_at IS NULL
$$;

-- Ends connections: of an account at a desk (an empty desk: at all), or of everybody at a certificate. Never one's own.
CREATE FUNCTION clinicdesk.end_backends(account text, at_desk text, at_serial text) RETURNS int
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid))::int
      FROM pg_stat_activity a LEFT JOIN pg_stat_ssl s ON s.pid = a.pid
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
       AND clinicdesk.login_of(a.usename) IS NOT NULL
       AND (a.usename = account AND (at_desk = '' OR a.application_name IN (
                clinicdesk.connection_name(at_desk), clinicdesk.connection_name(at_desk || ' listens')))
            OR s.client_serial::text = at_serial)
$$;

-- --- sessions --------------------------------------------------------------------------------------------------------

CREATE FUNCTION clinicdesk.open_session(session uuid, at_desk text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF clinicdesk.my_person() IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody here';
    END IF;
    INSERT INTO clinicdesk.desk_session (id, person_id, desk_id, desk_name, application, address)
    VALUES (session, clinicdesk.my_person(), clinicdesk.my_desk(), left(at_desk, 60), current_setting('application_name'),
            inet_client_addr());
END $$;

-- Says that the session is alive; false when it was ended, and whoever asks leaves then.
CREATE FUNCTION clinicdesk.touch_session(session uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE clinicdesk.desk_session SET last_seen_at = clock_timestamp()
     WHERE id = session AND person_id = clinicdesk.my_person() AND ended_at IS NULL;
    RETURN FOUND;
END $$;

-- One's own, or anybody's by an owner. The desk hears of it and leaves; connections are ended by a call of its own, after
-- this was committed, because what ends them asks no transaction.
CREATE FUNCTION clinicdesk.end_session(session uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    ended clinicdesk.desk_session;
BEGIN
    SELECT * INTO ended FROM clinicdesk.desk_session WHERE id = session;
    IF clinicdesk.my_person() IS NULL OR ended.person_id IS DISTINCT FROM clinicdesk.my_person() THEN
        PERFORM clinicdesk.require_owner();
        PERFORM clinicdesk.require_reach(ended.person_id);
    END IF;
    UPDATE clinicdesk.desk_session SET ended_at = clock_timestamp(), ended_by = clinicdesk.my_person()
     WHERE id = session AND ended_at IS NULL;
    IF FOUND THEN
        PERFORM clinicdesk.tell_session(session);
    END IF;
END $$;

CREATE FUNCTION clinicdesk.end_sessions_of(somebody uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    each uuid;
BEGIN
    FOR each IN UPDATE clinicdesk.desk_session SET ended_at = clock_timestamp(), ended_by = clinicdesk.my_person()
                 WHERE person_id = somebody AND ended_at IS NULL RETURNING id LOOP
        PERFORM clinicdesk.tell_session(each);
    END LOOP;
END $$;

-- An owner ends everything that somebody has open.
CREATE FUNCTION clinicdesk.end_connections(somebody uuid) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.require_owner();
    PERFORM clinicdesk.require_reach(somebody);
    RETURN clinicdesk.end_backends(clinicdesk.account_of(somebody), '', '');
END $$;

-- The same for one session that was ended. The server writes a desk's name in its own letters, and so does the session.
CREATE FUNCTION clinicdesk.end_session_connections(session uuid) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    ended clinicdesk.desk_session;
BEGIN
    PERFORM clinicdesk.require_owner();
    SELECT * INTO ended FROM clinicdesk.desk_session WHERE id = session AND ended_at IS NOT NULL AND application <> '';
    PERFORM clinicdesk.require_reach(ended.person_id);
    RETURN clinicdesk.end_backends(clinicdesk.account_of(ended.person_id), ended.application, '');
END $$;

-- What a revoked desk still has open ends at once: by the owner who revoked it, and by the server's unit once more, after
-- the server knows the list by which nothing new begins.
CREATE FUNCTION clinicdesk.end_revoked_connections() RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    each text;
    ended int := 0;
BEGIN
    IF session_user <> 'cd_guard' THEN
        PERFORM clinicdesk.require_owner();
    END IF;
    FOR each IN SELECT serial FROM clinicdesk.revoked_serials() LOOP
        ended := ended + clinicdesk.end_backends('', '', each);
    END LOOP;
    RETURN ended;
END $$;

CREATE FUNCTION clinicdesk.tell_session(session uuid) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT pg_notify('clinicdesk', json_build_object('kind', 'desk_session', 'id', session, 'version', NULL)::text)
$$;

CREATE FUNCTION clinicdesk.account_of(somebody uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT current_database() || '_' || login FROM clinicdesk.person WHERE id = somebody
$$;

-- --- certificates ----------------------------------------------------------------------------------------------------

-- An owner's invitation: a login of one use whose password is the code. A plus sign stands in no person's login.
CREATE FUNCTION clinicdesk.invite_desk(request uuid, part text, verifier text, minutes int) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.require_owner();
    PERFORM clinicdesk.give_code_login(request, part, verifier, minutes, false);
END $$;

-- The first desk of a server without a clinic; said on the server itself.
CREATE FUNCTION clinicdesk.invite_founder(request uuid, part text, verifier text, minutes int) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.give_code_login(request, part, verifier, minutes, NOT EXISTS (SELECT 1 FROM clinicdesk.person));
END $$;

CREATE FUNCTION clinicdesk.give_code_login(request uuid, part text, verifier text, minutes int, founding boolean)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    account text := current_database() || '_+' || part;
    ends timestamptz := clock_timestamp() + make_interval(mins => least(greatest(minutes, 1), 60));
BEGIN
    PERFORM clinicdesk.require_verifier(verifier);
    IF part !~ '^[0-9A-Z]{4}$' THEN
        RAISE EXCEPTION 'not a code' USING ERRCODE = 'CD005';
    END IF;
    EXECUTE format('CREATE ROLE %I LOGIN NOCREATEDB NOCREATEROLE INHERIT CONNECTION LIMIT 4 PASSWORD %L VALID UNTIL %L',
                   account, verifier, ends);
    EXECUTE format('GRANT cd_enrol TO %I', account);
    IF founding THEN
        EXECUTE format('GRANT cd_founder TO %I', account);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), account);
    EXECUTE format('ALTER ROLE %I SET search_path = %L', account, '');
    INSERT INTO clinicdesk.desk_request (id, login, desk_id, founder, expires_at, invited_by)
    VALUES (request, account, gen_random_uuid(), founding, ends, clinicdesk.my_person());
END $$;

-- What a code opens: once to ask with a signing request, then to fetch the answer. Null columns: not answered yet.
CREATE FUNCTION clinicdesk.enrol_desk(asked text, called text)
    RETURNS TABLE (desk_id uuid, certificate text, authority text, refusal text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    mine clinicdesk.desk_request;
BEGIN
    SELECT * INTO mine FROM clinicdesk.desk_request r
     WHERE r.login = session_user AND NOT r.renewal AND r.expires_at > clock_timestamp() FOR UPDATE;
    IF NOT FOUND OR mine.csr <> '' AND mine.csr <> asked THEN
        RAISE insufficient_privilege USING MESSAGE = 'this code was used';
    END IF;
    IF mine.csr = '' THEN
        UPDATE clinicdesk.desk_request r SET csr = asked, desk_name = left(called, 60) WHERE r.id = mine.id;
        NOTIFY clinicdesk_server;
    ELSIF mine.answered_at IS NOT NULL THEN
        UPDATE clinicdesk.desk_request r SET fetched_at = clock_timestamp() WHERE r.id = mine.id;
    END IF;
    RETURN QUERY SELECT r.desk_id, nullif(r.certificate, ''), nullif(r.authority, ''), nullif(r.refusal, '')
                   FROM clinicdesk.desk_request r WHERE r.id = mine.id;
END $$;

-- A desk's own next certificate, asked for by whoever works there, under the present one. What was asked once is answered
-- to whoever asked, though the answer has made another certificate the desk's.
CREATE FUNCTION clinicdesk.renew_desk(asked text)
    RETURNS TABLE (desk_id uuid, certificate text, authority text, refusal text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    place clinicdesk.desk;
BEGIN
    IF clinicdesk.my_person() IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody here';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM clinicdesk.desk_request r
                    WHERE r.login = session_user AND r.renewal AND r.csr = asked) THEN
        SELECT * INTO place FROM clinicdesk.desk d WHERE d.id = clinicdesk.my_desk() FOR UPDATE;
        IF NOT FOUND THEN
            RAISE insufficient_privilege USING MESSAGE = 'no desk here';
        END IF;
        INSERT INTO clinicdesk.desk_request (id, login, desk_id, renewal, desk_name, csr, expires_at)
        VALUES (gen_random_uuid(), session_user, place.id, true, place.name, asked,
                clock_timestamp() + interval '10 minutes');
        NOTIFY clinicdesk_server;
    END IF;
    RETURN QUERY SELECT r.desk_id, nullif(r.certificate, ''), nullif(r.authority, ''), nullif(r.refusal, '')
                   FROM clinicdesk.desk_request r WHERE r.login = session_user AND r.renewal AND r.csr = asked;
END $$;

CREATE FUNCTION clinicdesk.revoke_desk(revoked uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    gone text;
    each uuid;
BEGIN
    PERFORM clinicdesk.require_owner();
    UPDATE clinicdesk.desk SET revoked_at = clock_timestamp(), revoked_by = clinicdesk.my_person()
     WHERE id = revoked AND revoked_at IS NULL RETURNING serial INTO gone;
    IF gone IS NULL THEN
        RAISE EXCEPTION 'no such desk' USING ERRCODE = 'CD004';
    END IF;
    FOR each IN UPDATE clinicdesk.desk_session SET ended_at = clock_timestamp(), ended_by = clinicdesk.my_person()
                 WHERE desk_id = revoked AND ended_at IS NULL RETURNING id LOOP
        PERFORM clinicdesk.tell_session(each);
    END LOOP;
    NOTIFY clinicdesk_server;
END $$;

-- --- the server's own unit -------------------------------------------------------------------------------------------

CREATE FUNCTION clinicdesk.waiting_requests() RETURNS SETOF clinicdesk.desk_request
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT r.* FROM clinicdesk.desk_request r
     WHERE r.csr <> '' AND r.answered_at IS NULL AND r.expires_at > clock_timestamp()
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.desk d WHERE d.id = r.desk_id AND d.revoked_at IS NOT NULL)
     ORDER BY r.created_at
$$;

-- The signed certificate, or why there is none. `signed_serial` is the certificate's serial number in decimal.
CREATE FUNCTION clinicdesk.answer_request(request uuid, signed text, signed_by text, refused text, signed_serial text,
    ends timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    asked clinicdesk.desk_request;
BEGIN
    UPDATE clinicdesk.desk_request SET certificate = signed, authority = signed_by, refusal = refused,
           serial = signed_serial, answered_at = clock_timestamp()
     WHERE id = request AND answered_at IS NULL RETURNING * INTO asked;
    IF NOT FOUND OR refused <> '' THEN
        RETURN;
    END IF;
    INSERT INTO clinicdesk.desk AS known (id, name, serial, expires_at, enrolled_by)
    VALUES (asked.desk_id, coalesce(nullif(asked.desk_name, ''), left(asked.desk_id::text, 8)), signed_serial, ends,
            asked.invited_by)
    ON CONFLICT (id) DO UPDATE
        SET former_serial = known.serial, serial = excluded.serial, expires_at = excluded.expires_at;
END $$;

-- Every certificate a desk was ever given: whoever works there may renew it when they like, and keep the last one aside.
CREATE FUNCTION clinicdesk.revoked_serials() RETURNS TABLE (serial text, revoked_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT shown.serial, d.revoked_at
      FROM clinicdesk.desk d CROSS JOIN LATERAL (
           SELECT d.serial UNION ALL SELECT d.former_serial
            UNION ALL SELECT r.serial FROM clinicdesk.desk_request r WHERE r.desk_id = d.id) AS shown
     WHERE d.revoked_at IS NOT NULL AND shown.serial IS NOT NULL
$$;

-- Code logins that were used or whose time is over are removed; how many there were.
CREATE FUNCTION clinicdesk.remove_code_logins() RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    each text;
    removed int := 0;
BEGIN
    FOR each IN SELECT r.rolname FROM pg_roles r JOIN clinicdesk.desk_request q ON q.login = r.rolname
                 WHERE starts_with(r.rolname, current_database() || '_+')
                   AND (q.expires_at <= clock_timestamp()
                        -- A founder who is bringing a clinic along takes as long as it takes.
                        AND NOT (q.founder AND EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.usename = r.rolname))
                        OR q.fetched_at < clock_timestamp() - interval '10 seconds' AND NOT q.founder
                        OR q.founder AND EXISTS (SELECT 1 FROM clinicdesk.person)) LOOP
        PERFORM clinicdesk.end_backends(each, '', '');
        EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), each);
        EXECUTE format('DROP ROLE %I', each);
        removed := removed + 1;
    END LOOP;
    RETURN removed;
END $$;

-- With the first person nobody is a founder any more, whether the server's unit runs or not. Who moved a clinic here wrote
-- it without triggers; this one is always awake.
CREATE FUNCTION clinicdesk.end_founding() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    each text;
BEGIN
    FOR each IN SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
                 WHERE m.roleid = 'cd_founder'::regrole AND starts_with(r.rolname, current_database() || '_+') LOOP
        EXECUTE format('REVOKE cd_founder FROM %I', each);
        PERFORM clinicdesk.end_backends(each, '', '');
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER y_founded AFTER INSERT ON clinicdesk.person
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clinicdesk.end_founding();
ALTER TABLE clinicdesk.person ENABLE ALWAYS TRIGGER y_founded;

-- A wrong password that the log told of. The tenth in a row locks the account until an owner unlocks it.
CREATE FUNCTION clinicdesk.count_refusal(account text, came_from inet) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    tried int;
    locked uuid;
    known text := left(coalesce(clinicdesk.login_of(account), '@' || account), 63);  -- no login has an @
BEGIN
    -- Names out of the air are counted too, so that trying tells nobody who exists, but they fill no disk.
    IF NOT EXISTS (SELECT 1 FROM clinicdesk.person WHERE login = known)
       AND (SELECT count(*) FROM clinicdesk.refused_sign_in) >= 1000 THEN
        DELETE FROM clinicdesk.refused_sign_in r WHERE r.login IN (
            SELECT o.login FROM clinicdesk.refused_sign_in o
             WHERE NOT EXISTS (SELECT 1 FROM clinicdesk.person p WHERE p.login = o.login)
             ORDER BY o.last_at LIMIT 500);
    END IF;
    INSERT INTO clinicdesk.refused_sign_in (login, tries, address) VALUES (known, 1, came_from)
    ON CONFLICT (login) DO UPDATE SET tries = refused_sign_in.tries + 1, last_at = clock_timestamp(), address = came_from
    RETURNING tries INTO tried;
    IF tried >= 10 THEN
        UPDATE clinicdesk.person SET locked_at = clock_timestamp() WHERE login = known AND active AND locked_at IS NULL
            RETURNING id INTO locked;
        IF FOUND THEN
            PERFORM clinicdesk.end_sessions_of(locked);
            EXECUTE format('ALTER ROLE %I NOLOGIN', current_database() || '_' || known);
        END IF;
    END IF;
    RETURN tried;
END $$;

CREATE FUNCTION clinicdesk.count_success(account text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DELETE FROM clinicdesk.refused_sign_in WHERE login = clinicdesk.login_of(account) AND tries < 10
$$;

REVOKE ALL ON FUNCTION clinicdesk.my_desk, clinicdesk.end_backends, clinicdesk.open_session,
    clinicdesk.touch_session, clinicdesk.end_session, clinicdesk.end_sessions_of,
    clinicdesk.end_connections, clinicdesk.end_session_connections, clinicdesk.end_revoked_connections,
    clinicdesk.tell_session,
    clinicdesk.account_of, clinicdesk.invite_desk, clinicdesk.invite_founder, clinicdesk.give_code_login,
    clinicdesk.enrol_desk, clinicdesk.renew_desk, clinicdesk.revoke_desk, clinicdesk.waiting_requests,
    clinicdesk.answer_request, clinicdesk.revoked_serials, clinicdesk.remove_code_logins, clinicdesk.end_founding,
    clinicdesk.count_refusal, clinicdesk.count_success FROM PUBLIC;
ALTER FUNCTION clinicdesk.end_founding() OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.my_desk() OWNER TO cd_watch;
ALTER FUNCTION clinicdesk.end_backends(text, text, text) OWNER TO cd_watch;
ALTER FUNCTION clinicdesk.open_session(uuid, text) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.touch_session(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.end_session(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.end_sessions_of(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.end_connections(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.end_session_connections(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.end_revoked_connections() OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.tell_session(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.account_of(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.invite_desk(uuid, text, text, int) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.invite_founder(uuid, text, text, int) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.give_code_login(uuid, text, text, int, boolean) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.enrol_desk(text, text) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.renew_desk(text) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.revoke_desk(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.waiting_requests() OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.answer_request(uuid, text, text, text, text, timestamptz) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.revoked_serials() OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.remove_code_logins() OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.count_refusal(text, inet) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.count_success(text) OWNER TO cd_logins;
GRANT EXECUTE ON FUNCTION clinicdesk.my_desk, clinicdesk.end_backends TO cd_logins;
GRANT EXECUTE ON FUNCTION clinicdesk.my_desk, clinicdesk.open_session, clinicdesk.touch_session, clinicdesk.end_session,
    clinicdesk.renew_desk TO cd_owner, cd_manager, cd_reception, cd_professional;
GRANT EXECUTE ON FUNCTION clinicdesk.invite_desk, clinicdesk.revoke_desk, clinicdesk.end_connections,
    clinicdesk.end_session_connections,
    clinicdesk.end_revoked_connections TO cd_owner;
GRANT EXECUTE ON FUNCTION clinicdesk.enrol_desk TO cd_enrol;
GRANT EXECUTE ON FUNCTION clinicdesk.invite_founder, clinicdesk.waiting_requests, clinicdesk.answer_request,
    clinicdesk.revoked_serials, clinicdesk.remove_code_logins, clinicdesk.count_refusal, clinicdesk.count_success,
    clinicdesk.end_revoked_connections TO cd_guard;
