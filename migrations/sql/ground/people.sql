-- Logins are made by these functions alone. They run as cd_logins, which may create roles and hand out the five group
-- roles, and they ask who is calling by session_user, which nothing but a new connection changes.

CREATE FUNCTION clinicdesk.require_owner() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF pg_has_role(session_user, 'cd_owner', 'USAGE') AND clinicdesk.my_person() IS NOT NULL THEN
        RETURN;
    END IF;
    -- The first person is made by the account that owns the server, or by a founder, who is one only until then.
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)
       OR pg_has_role(session_user, 'cd_founder', 'USAGE') AND NOT EXISTS (SELECT 1 FROM clinicdesk.person) THEN
        RETURN;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'owners only';
END $$;

-- An owner decides about who works where the owner does. Who could let somebody into another unit, or take a person's
-- place there by a new code, would soon be in that unit as well. To send somebody away, one unit in common is enough.
CREATE FUNCTION clinicdesk.require_clinics(asked uuid[]) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF clinicdesk.my_person() IS NOT NULL AND NOT asked <@ clinicdesk.my_clinics() THEN
        RAISE insufficient_privilege USING MESSAGE = 'of another unit', DETAIL = 'clinics';
    END IF;
END $$;

CREATE FUNCTION clinicdesk.require_reach(somebody uuid) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    theirs uuid[] := clinicdesk.clinics_of(somebody);
BEGIN
    IF clinicdesk.my_person() IS NOT NULL AND theirs <> '{}' AND NOT theirs && clinicdesk.my_clinics() THEN
        RAISE insufficient_privilege USING MESSAGE = 'of another unit', DETAIL = 'clinics';
    END IF;
END $$;

CREATE FUNCTION clinicdesk.clinics_of(somebody uuid) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(array_agg(clinic_id), '{}') FROM clinicdesk.person_clinic WHERE person_id = somebody
$$;

-- A verifier, never a password: what is sent in clear could be logged. What only begins like one is a password to the
-- server, and few rounds would make a stolen verifier cheap to guess.
CREATE FUNCTION clinicdesk.require_verifier(verifier text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
BEGIN
    IF verifier IS NULL
       OR verifier !~ '^SCRAM-SHA-256\$[0-9]{4,7}:[A-Za-z0-9+/]{16,}=*\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' THEN
        RAISE EXCEPTION 'not a verifier' USING ERRCODE = 'CD005';
    END IF;
END $$;

-- Without `code_expires` the verifier is of a password the person chose; with it, of a code that opens that choice.
CREATE FUNCTION clinicdesk.add_person(person_id uuid, person_login text, person_name text, person_role text,
    verifier text, clinics uuid[], person_hue int, person_profile uuid, code_expires timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    account text := current_database() || '_' || person_login;
BEGIN
    PERFORM clinicdesk.require_owner();
    PERFORM clinicdesk.require_verifier(verifier);
    PERFORM clinicdesk.require_clinics(clinics);
    PERFORM clinicdesk.give_login(account, person_role, verifier, code_expires);
    INSERT INTO clinicdesk.person (id, login, name, role, hue, profile_id, password_set_at, code_expires_at)
    VALUES (person_id, person_login, person_name, person_role, person_hue, person_profile,
            CASE WHEN code_expires IS NULL THEN clock_timestamp() END, code_expires);
    INSERT INTO clinicdesk.person_clinic (person_id, clinic_id) SELECT person_id, unnest(clinics);
END $$;

-- `may_enter` is false for somebody who is brought along and was closed or locked where they come from.
CREATE FUNCTION clinicdesk.give_login(account text, person_role text, verifier text, code_expires timestamptz,
    may_enter boolean DEFAULT true) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.require_owner();
    -- A founder could give a login to come back by without a certificate, or as founder once more.
    IF person_role NOT IN ('owner', 'manager', 'reception', 'professional') THEN
        RAISE EXCEPTION 'not a role of people' USING ERRCODE = 'CD005';
    END IF;
    EXECUTE format('CREATE ROLE %I LOGIN NOCREATEDB NOCREATEROLE INHERIT PASSWORD %L VALID UNTIL %L',
        account, verifier, coalesce(code_expires::text, 'infinity'));
    EXECUTE format('GRANT %I TO %I', 'cd_' || person_role, account);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), account);
    EXECUTE format('ALTER ROLE %I SET jit = off', account);
    EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', account, '3s');
    EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', account, '30s');
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', account, '10s');
    EXECUTE format('ALTER ROLE %I SET search_path = %L', account, '');
    IF NOT may_enter THEN
        EXECUTE format('ALTER ROLE %I NOLOGIN', account);
    END IF;
END $$;

-- The login of the process that sends: made, or given another password, by an owner or whoever owns the server.
CREATE FUNCTION clinicdesk.give_sync_login(verifier text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    account text := current_database() || '_sync';
BEGIN
    PERFORM clinicdesk.require_owner();
    PERFORM clinicdesk.require_verifier(verifier);
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = account) THEN
        EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', account, verifier);
        RETURN;
    END IF;
    EXECUTE format('CREATE ROLE %I LOGIN NOCREATEDB NOCREATEROLE INHERIT PASSWORD %L', account, verifier);
    EXECUTE format('GRANT cd_sync TO %I', account);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), account);
    EXECUTE format('ALTER ROLE %I SET jit = off', account);
    EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', account, '3s');
    EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', account, '30s');
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', account, '10s');
    EXECUTE format('ALTER ROLE %I SET search_path = %L', account, '');
END $$;

-- Closing an account ends its rights (every policy asks for an active person), its sessions and its login for good.
CREATE FUNCTION clinicdesk.close_person(closed uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    account text;
BEGIN
    PERFORM clinicdesk.require_owner();
    PERFORM clinicdesk.require_reach(closed);
    UPDATE clinicdesk.person SET active = false, closed_at = clock_timestamp() WHERE id = closed AND active
        RETURNING current_database() || '_' || login INTO account;
    IF account IS NULL THEN
        RAISE EXCEPTION 'no such person' USING ERRCODE = 'CD004';
    END IF;
    EXECUTE format('ALTER ROLE %I NOLOGIN', account);
    PERFORM clinicdesk.end_sessions_of(closed);
END $$;

-- What a person is: role, profile and clinics. Rights change at once, for open sessions too.
CREATE FUNCTION clinicdesk.set_access(changed uuid, new_role text, new_profile uuid, clinics uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    old clinicdesk.person;
    account text;
    theirs uuid[] := clinicdesk.clinics_of(changed);
BEGIN
    PERFORM clinicdesk.require_owner();
    SELECT * INTO old FROM clinicdesk.person WHERE id = changed AND active FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such person' USING ERRCODE = 'CD004';
    END IF;
    account := current_database() || '_' || old.login;
    -- Units that come or go are the owner's own; what somebody is counts in each of theirs.
    PERFORM clinicdesk.require_clinics(ARRAY (
        SELECT unnest(clinics) EXCEPT SELECT unnest(theirs)) || ARRAY (SELECT unnest(theirs) EXCEPT SELECT unnest(clinics)));
    IF (old.role, old.profile_id) IS DISTINCT FROM (new_role, new_profile) THEN
        PERFORM clinicdesk.require_clinics(theirs || clinics);
    END IF;
    -- Always, so that the version tells of units that changed too.
    UPDATE clinicdesk.person SET role = new_role, profile_id = new_profile WHERE id = changed;
    IF old.role <> new_role THEN
        EXECUTE format('REVOKE %I FROM %I', 'cd_' || old.role, account);
        EXECUTE format('GRANT %I TO %I', 'cd_' || new_role, account);
    END IF;
    DELETE FROM clinicdesk.person_clinic WHERE person_id = changed AND clinic_id <> ALL (clinics);
    INSERT INTO clinicdesk.person_clinic (person_id, clinic_id) SELECT changed, unnest(clinics) ON CONFLICT DO NOTHING;
    DELETE FROM clinicdesk.wrapped_key w USING clinicdesk.data_key k
     WHERE k.id = w.data_key_id AND w.person_id = changed AND k.clinic_id <> ALL (clinics);
END $$;

-- A person who cannot sign in gets a code in place of the password; who was closed or locked is let in again by it. The
-- keys come with it, wrapped anew: what the forgotten password wrapped opens for nobody.
CREATE FUNCTION clinicdesk.reset_access(reset uuid, verifier text, expires timestamptz, keys uuid[],
    wrapped bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    account text;
BEGIN
    PERFORM clinicdesk.require_owner();
    PERFORM clinicdesk.require_verifier(verifier);
    IF reset IS NOT DISTINCT FROM clinicdesk.my_person() THEN
        RAISE insufficient_privilege USING MESSAGE = 'not one''s own';
    END IF;
    PERFORM clinicdesk.require_clinics(clinicdesk.clinics_of(reset));
    UPDATE clinicdesk.person
       SET active = true, closed_at = NULL, locked_at = NULL, password_set_at = NULL, code_expires_at = expires
     WHERE id = reset RETURNING current_database() || '_' || login INTO account;
    IF account IS NULL THEN
        RAISE EXCEPTION 'no such person' USING ERRCODE = 'CD004';
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L VALID UNTIL %L', account, verifier, expires);
    DELETE FROM clinicdesk.wrapped_key WHERE person_id = reset AND kind IN ('password', 'one_time_code');
    INSERT INTO clinicdesk.wrapped_key (data_key_id, person_id, kind, wrapped)
    SELECT given.key, reset, 'one_time_code', given.blob FROM unnest(keys, wrapped) AS given (key, blob);
    DELETE FROM clinicdesk.refused_sign_in WHERE login = clinicdesk.login_of(account);
    PERFORM clinicdesk.end_sessions_of(reset);
END $$;

-- What somebody who has only a code may read: who they are, and their own keys as the code wrapped them.
CREATE FUNCTION clinicdesk.my_invitation()
    RETURNS TABLE (person_id uuid, name text, role text, data_key_id uuid, clinic_id uuid, key_version int, wrapped bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT p.id, p.name, p.role, k.id, k.clinic_id, k.key_version, w.wrapped
      FROM clinicdesk.person p
      LEFT JOIN clinicdesk.wrapped_key w ON w.person_id = p.id AND w.kind = 'one_time_code'
      LEFT JOIN clinicdesk.data_key k ON k.id = w.data_key_id
     WHERE p.login = clinicdesk.login_of(session_user) AND p.active AND p.password_set_at IS NULL
       AND p.code_expires_at > clock_timestamp()
$$;

-- Whether this connection was opened by the login it acts for, before that moment.
CREATE FUNCTION clinicdesk.signed_in_before(moment timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT 1 FROM pg_stat_activity a
                    WHERE a.pid = pg_backend_pid() AND a.usename = session_user AND a.backend_start < moment)
$$;

-- The person's own choice, at the first sign-in and at any later one: the password and every key under it, or nothing.
CREATE FUNCTION clinicdesk.choose_password(verifier text, keys uuid[], wrapped bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    me clinicdesk.person;
BEGIN
    PERFORM clinicdesk.require_verifier(verifier);
    SELECT * INTO me FROM clinicdesk.person
     WHERE login = clinicdesk.login_of(session_user) AND active AND locked_at IS NULL FOR UPDATE;
    -- What was open before the code was given was opened by what the code took the place of.
    IF NOT FOUND OR me.password_set_at IS NULL AND (
       coalesce(me.code_expires_at, '-infinity') <= clock_timestamp() OR clinicdesk.signed_in_before(me.updated_at)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody here';
    END IF;
    IF EXISTS (SELECT 1 FROM clinicdesk.wrapped_key w
                WHERE w.person_id = me.id AND w.kind IN ('password', 'one_time_code') AND w.data_key_id <> ALL (keys))
       OR EXISTS (SELECT 1 FROM unnest(keys) AS given (key) WHERE NOT EXISTS (
                SELECT 1 FROM clinicdesk.wrapped_key w WHERE w.person_id = me.id AND w.data_key_id = given.key)) THEN
        RAISE EXCEPTION 'not these keys' USING ERRCODE = 'CD005';
    END IF;
    DELETE FROM clinicdesk.wrapped_key WHERE person_id = me.id AND kind IN ('password', 'one_time_code');
    INSERT INTO clinicdesk.wrapped_key (data_key_id, person_id, kind, wrapped)
    SELECT given.key, me.id, 'password', given.blob FROM unnest(keys, wrapped) AS given (key, blob);
    UPDATE clinicdesk.person SET password_set_at = clock_timestamp(), code_expires_at = NULL WHERE id = me.id;
    EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL %L', session_user, verifier, 'infinity');
END $$;

CREATE FUNCTION clinicdesk.unlock_person(unlocked uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    freed text;
BEGIN
    PERFORM clinicdesk.require_owner();
    PERFORM clinicdesk.require_reach(unlocked);
    UPDATE clinicdesk.person SET locked_at = NULL WHERE id = unlocked AND active AND locked_at IS NOT NULL
        RETURNING login INTO freed;
    IF freed IS NOT NULL THEN
        EXECUTE format('ALTER ROLE %I LOGIN', current_database() || '_' || freed);
        DELETE FROM clinicdesk.refused_sign_in WHERE login = freed;
    END IF;
END $$;

-- One's own, in place of an older one; somebody else's by an owner, where there is none yet.
CREATE FUNCTION clinicdesk.keep_wrapped_key(key uuid, owner uuid, wrapping text, blob bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF clinicdesk.my_person() IS NULL OR owner IS DISTINCT FROM clinicdesk.my_person() THEN
        PERFORM clinicdesk.require_owner();
        PERFORM clinicdesk.require_clinics(clinicdesk.clinics_of(owner));
        IF EXISTS (SELECT 1 FROM clinicdesk.wrapped_key w
                    WHERE w.data_key_id = key AND w.person_id = owner AND w.kind = wrapping) THEN
            RAISE insufficient_privilege USING MESSAGE = 'another''s key';
        END IF;
    END IF;
    INSERT INTO clinicdesk.wrapped_key (data_key_id, person_id, kind, wrapped) VALUES (key, owner, wrapping, blob)
    ON CONFLICT (data_key_id, person_id, kind) DO UPDATE SET wrapped = excluded.wrapped, created_at = clock_timestamp();
END $$;

REVOKE ALL ON FUNCTION clinicdesk.require_owner, clinicdesk.require_clinics, clinicdesk.require_reach,
    clinicdesk.clinics_of, clinicdesk.require_verifier, clinicdesk.add_person, clinicdesk.give_login,
    clinicdesk.give_sync_login,
    clinicdesk.close_person, clinicdesk.set_access, clinicdesk.reset_access, clinicdesk.my_invitation,
    clinicdesk.signed_in_before, clinicdesk.choose_password, clinicdesk.unlock_person, clinicdesk.keep_wrapped_key
    FROM PUBLIC;
ALTER FUNCTION clinicdesk.signed_in_before(timestamptz) OWNER TO cd_watch;
GRANT EXECUTE ON FUNCTION clinicdesk.signed_in_before TO cd_logins;
ALTER FUNCTION clinicdesk.require_owner() OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.require_clinics(uuid[]) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.require_reach(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.clinics_of(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.require_verifier(text) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.add_person(uuid, text, text, text, text, uuid[], int, uuid, timestamptz) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.give_login(text, text, text, timestamptz, boolean) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.give_sync_login(text) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.close_person(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.set_access(uuid, text, uuid, uuid[]) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.reset_access(uuid, text, timestamptz, uuid[], bytea[]) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.my_invitation() OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.choose_password(text, uuid[], bytea[]) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.unlock_person(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.keep_wrapped_key(uuid, uuid, text, bytea) OWNER TO cd_logins;
GRANT EXECUTE ON FUNCTION clinicdesk.add_person, clinicdesk.close_person, clinicdesk.set_access, clinicdesk.reset_access,
    clinicdesk.unlock_person, clinicdesk.give_sync_login TO cd_owner;
GRANT EXECUTE ON FUNCTION clinicdesk.add_person, clinicdesk.give_login, clinicdesk.keep_wrapped_key TO cd_founder;
GRANT EXECUTE ON FUNCTION clinicdesk.my_invitation, clinicdesk.choose_password, clinicdesk.keep_wrapped_key
    TO cd_owner, cd_manager, cd_reception, cd_professional;
