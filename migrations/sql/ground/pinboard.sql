-- A card that was placed anew, or that nobody will place any more, is on no pinboard.
CREATE FUNCTION clinicdesk.unpin_placed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM clinicdesk.pinned_card WHERE appointment_id = NEW.id;
    RETURN NULL;
END $$;
