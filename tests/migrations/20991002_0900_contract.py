"""A later release's step, for tests: something older desks ask for is gone, and the revision says so."""

from alembic import op

revision = "20991002_0900"
down_revision = "20991001_0900"
branch_labels = None
depends_on = None
release = "9.2.0"
oldest_desk = "20991001_0900"


def upgrade() -> None:
    op.execute("ALTER TABLE clinicdesk.recall_attempt RENAME TO recall_contact")


def downgrade() -> None:
    op.execute("ALTER TABLE clinicdesk.recall_contact RENAME TO recall_attempt")
