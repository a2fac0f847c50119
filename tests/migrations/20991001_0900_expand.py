"""A next release's first step, for tests: a column, a table, a trigger and a function beside what was there."""

from alembic import op

revision = "20991001_0900"
down_revision = "20261122_0900"
branch_labels = None
depends_on = None
release = "9.1.0"
oldest_desk = "20261122_0900"


def upgrade() -> None:
    op.execute("ALTER TABLE clinicdesk.patient ADD COLUMN pronoun text")
    op.execute("ALTER TABLE clinicdesk.appointment ADD COLUMN mood text DEFAULT 'calm'")
    op.execute(
        "CREATE TABLE clinicdesk.mood (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " appointment_id uuid NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())"
    )
    op.execute("ALTER TABLE clinicdesk.mood ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE clinicdesk.mood FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY migrator ON clinicdesk.mood TO cd_schema USING (true) WITH CHECK (true)")
    op.execute(
        "CREATE FUNCTION clinicdesk.note_mood() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = pg_catalog AS $$"
        " BEGIN INSERT INTO clinicdesk.mood (appointment_id) VALUES (NEW.id); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER n_mood AFTER INSERT OR UPDATE ON clinicdesk.appointment"
        " FOR EACH ROW EXECUTE FUNCTION clinicdesk.note_mood()"
    )
    op.execute(
        "CREATE FUNCTION clinicdesk.may(capability text, mood text) RETURNS boolean LANGUAGE sql STABLE"
        " SET search_path = pg_catalog AS $$ SELECT clinicdesk.may(capability) $$"
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION clinicdesk.may(text, text)")
    op.execute("DROP TRIGGER n_mood ON clinicdesk.appointment")
    op.execute("DROP FUNCTION clinicdesk.note_mood()")
    op.execute("DROP TABLE clinicdesk.mood")
    op.execute("ALTER TABLE clinicdesk.appointment DROP COLUMN mood")
    op.execute("ALTER TABLE clinicdesk.patient DROP COLUMN pronoun")
