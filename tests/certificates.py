"""Certificates for tests: an authority, a server's, a desk's files as an enrolment leaves them."""

import datetime as dt
from pathlib import Path
from uuid import UUID, uuid4

from clinicdesk.authority import Authority, make_authority, sign_desk
from clinicdesk.usecases import desk_files
from clinicdesk.usecases.desk_files import NewKey


def clinic_authority(now: dt.datetime | None = None) -> Authority:
    """A clinic's authority."""
    return make_authority("Ipê", now or dt.datetime.now(dt.UTC))


def signed(authority: Authority, key: NewKey, now: dt.datetime | None = None, desk_id: UUID | None = None) -> str:
    """The certificate of a desk's key."""
    return sign_desk(authority, key.request, desk_id or uuid4(), now or dt.datetime.now(dt.UTC)).certificate


def join(data_dir: Path, authority: Authority, name: str = "Recepção 1", now: dt.datetime | None = None) -> NewKey:
    """Leave in a data folder what an enrolment leaves there."""
    key = desk_files.new_key(name)
    desk_files.keep(data_dir, key, signed(authority, key, now), authority.pem)
    return key
