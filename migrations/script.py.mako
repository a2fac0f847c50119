"""${message}"""

from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None
release = ""  # of ClinicDesk, the first that needs this revision
oldest_desk = ${repr(down_revision)}  # the oldest revision whose desks work on this one; raised by what contracts alone


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
