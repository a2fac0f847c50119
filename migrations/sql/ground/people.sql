-- Logins are made by these functions alone. They run as cd_logins, which may create roles and hand out the five group
-- roles, and they ask who is calling by session_user, which nothing but a new connection changes.

CREATE FUNCTION clinicdesk.require_owner() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- Only the account that owns the server may make the first person.
    IF NOT (pg_has_role(session_user, 'cd_owner', 'USAGE') AND clinicdesk.my_person() IS NOT NULL)
       AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN
        RAISE insufficient_privilege USING MESSAGE = 'owners only';
    END IF;
END $$;

CREATE FUNCTION clinicdesk.add_person(person_id uuid, person_login text, person_name text, person_role text,
    verifier text, clinics uuid[], person_hue int) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    account text := current_database() || '_' || person_login;
BEGIN
    PERFORM clinicdesk.require_owner();
    -- A verifier, never a password: what is sent in clear could be logged.
    IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
        RAISE EXCEPTION 'not a verifier' USING ERRCODE = 'CD005';
    END IF;
    INSERT INTO clinicdesk.person (id, login, name, role, hue)
    VALUES (person_id, person_login, person_name, person_role, person_hue);
    INSERT INTO clinicdesk.person_clinic (person_id, clinic_id) SELECT person_id, unnest(clinics);
    PERFORM clinicdesk.give_login(account, person_role, verifier);
END $$;

CREATE FUNCTION clinicdesk.give_login(account text, person_role text, verifier text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM clinicdesk.require_owner();
    EXECUTE format('CREATE ROLE %I LOGIN NOCREATEDB NOCREATEROLE INHERIT PASSWORD %L', account, verifier);
    EXECUTE format('GRANT %I TO %I', 'cd_' || person_role, account);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), account);
    EXECUTE format('ALTER ROLE %I SET jit = off', account);
    EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', account, '3s');
    EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', account, '30s');
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', account, '10s');
    EXECUTE format('ALTER ROLE %I SET search_path = %L', account, '');
END $$;

-- Closing an account ends its sessions' rights at once (every policy asks for an active person) and its login for good.
CREATE FUNCTION clinicdesk.close_person(closed uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    account text;
BEGIN
    PERFORM clinicdesk.require_owner();
    UPDATE clinicdesk.person SET active = false WHERE id = closed AND active
        RETURNING current_database() || '_' || login INTO account;
    IF account IS NULL THEN
        RAISE EXCEPTION 'no such person' USING ERRCODE = 'CD004';
    END IF;
    EXECUTE format('ALTER ROLE %I NOLOGIN', account);
END $$;

CREATE FUNCTION clinicdesk.keep_wrapped_key(key uuid, owner uuid, wrapping text, blob bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF clinicdesk.my_person() IS NULL OR owner IS DISTINCT FROM clinicdesk.my_person() THEN
        PERFORM clinicdesk.require_owner();
    END IF;
    INSERT INTO clinicdesk.wrapped_key (data_key_id, person_id, kind, wrapped) VALUES (key, owner, wrapping, blob)
    ON CONFLICT (data_key_id, person_id, kind) DO UPDATE SET wrapped = excluded.wrapped, created_at = clock_timestamp();
END $$;

REVOKE ALL ON FUNCTION clinicdesk.require_owner, clinicdesk.add_person, clinicdesk.give_login, clinicdesk.close_person,
    clinicdesk.keep_wrapped_key FROM PUBLIC;
ALTER FUNCTION clinicdesk.require_owner() OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.add_person(uuid, text, text, text, text, uuid[], int) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.give_login(text, text, text) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.close_person(uuid) OWNER TO cd_logins;
ALTER FUNCTION clinicdesk.keep_wrapped_key(uuid, uuid, text, bytea) OWNER TO cd_logins;
GRANT EXECUTE ON FUNCTION clinicdesk.add_person, clinicdesk.close_person TO cd_owner;
GRANT EXECUTE ON FUNCTION clinicdesk.keep_wrapped_key TO cd_owner, cd_manager, cd_reception, cd_professional;
