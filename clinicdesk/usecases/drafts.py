"""What a person typed at this desk and did not save, sealed with their own key until it is saved or thrown away."""

import datetime as dt
import json
from collections.abc import Iterator
from uuid import UUID

from clinicdesk.domain.drafts import Draft
from clinicdesk.usecases.own_key import OwnFiles

_BEGINNING = "draft-"
_FORMAT = 1


def keep(files: OwnFiles, draft: Draft) -> None:
    """Keep a draft in place of the same form's last one. Raises OSError."""
    told = [
        _FORMAT,
        draft.kind,
        draft.key,
        str(draft.clinic_id),
        draft.about,
        draft.kept_at.isoformat(),
        draft.values,
    ]
    files.keep(_name(draft.kind, draft.key), json.dumps(told, ensure_ascii=False).encode())


def forget(files: OwnFiles, kind: str, key: str) -> None:
    """It was saved, or is not wanted any more."""
    files.forget(_name(kind, key))


def kept(files: OwnFiles, clinic_id: UUID, now: dt.datetime) -> list[Draft]:
    """What was typed in one clinic, the latest first; what is too old or of another release is removed."""
    return [draft for draft in _read(files, now) if draft.clinic_id == clinic_id]


def _read(files: OwnFiles, now: dt.datetime) -> Iterator[Draft]:
    for name in files.kinds(_BEGINNING):
        content = files.read(name)
        try:
            draft = _draft(content or b"")
        except (ValueError, TypeError):
            files.forget(name)
            continue
        if draft.too_old(now):
            files.forget(name)
        else:
            yield draft


def _draft(content: bytes) -> Draft:
    version, kind, key, clinic_id, about, kept_at, values = json.loads(content)
    if version != _FORMAT:
        raise ValueError(version)
    return Draft(str(kind), str(key), UUID(clinic_id), str(about), dt.datetime.fromisoformat(kept_at), values)


def _name(kind: str, key: str) -> str:
    return f"{_BEGINNING}{kind}-{key}"
