"""What a person keeps at a desk opens with their password and no other way."""

import stat
from pathlib import Path

import pytest

from clinicdesk import keychain
from clinicdesk.errors import KeyUnavailable
from clinicdesk.usecases.own_key import folders, forget_own_files, open_own_key, own_files, rewrap_own_key

PASSWORD, ANOTHER = "janela 47 aberta", "porta 12 fechada"


def test_what_was_kept_comes_back_with_the_password_alone(tmp_path: Path) -> None:
    assert open_own_key(tmp_path, "renata", PASSWORD) is None
    own_files(tmp_path, "renata", PASSWORD).keep("snapshot", b"Ana Souza")
    again = open_own_key(tmp_path, "renata", PASSWORD)
    assert again is not None and again.read("snapshot") == b"Ana Souza"
    assert own_files(tmp_path, "renata", PASSWORD).key == again.key
    with pytest.raises(KeyUnavailable):
        open_own_key(tmp_path, "renata", ANOTHER)


def test_nothing_of_it_can_be_read_on_the_disk_or_by_another_account(tmp_path: Path) -> None:
    files = own_files(tmp_path, "renata", PASSWORD)
    files.keep("draft-booking", b"Ana Souza")
    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700
    for path in files.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert b"Ana" not in path.read_bytes() and files.key not in path.read_bytes()


def test_a_file_opens_as_nothing_but_what_it_is(tmp_path: Path) -> None:
    """Moved to another kind, to another person, or with one byte changed, it is as if it were not there."""
    files, others = own_files(tmp_path, "renata", PASSWORD), own_files(tmp_path, "bruno", PASSWORD)
    files.keep("draft-a", b"Ana")
    sealed = (files.folder / "draft-a.sealed").read_bytes()
    (files.folder / "draft-b.sealed").write_bytes(sealed)
    (others.folder / "draft-a.sealed").write_bytes(sealed)
    assert files.read("draft-b") is None and others.read("draft-a") is None
    with pytest.raises(KeyUnavailable):
        keychain.open_file(files.key, "bruno", "draft-a", sealed)
    for place in (0, 5, len(sealed) - 1):
        (files.folder / "draft-a.sealed").write_bytes(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])
        assert files.read("draft-a") is None
    (files.folder / "draft-a.sealed").write_bytes(sealed[:9])
    assert files.read("draft-a") is None


def test_another_password_opens_the_same_files_once_the_key_is_wrapped_anew(tmp_path: Path) -> None:
    own_files(tmp_path, "renata", PASSWORD).keep("draft-a", b"Ana")
    with pytest.raises(KeyUnavailable):
        rewrap_own_key(tmp_path, "renata", ANOTHER, PASSWORD)
    rewrap_own_key(tmp_path, "renata", PASSWORD, ANOTHER)
    with pytest.raises(KeyUnavailable):
        open_own_key(tmp_path, "renata", PASSWORD)
    assert own_files(tmp_path, "renata", ANOTHER).read("draft-a") == b"Ana"
    rewrap_own_key(tmp_path, "nobody", PASSWORD, ANOTHER)
    assert [path.name for path in folders(tmp_path)] == ["renata"]


def test_a_forgotten_password_loses_the_files_and_says_so_once(tmp_path: Path) -> None:
    own_files(tmp_path, "renata", PASSWORD).keep("draft-a", b"Ana")
    anew = own_files(tmp_path, "renata", ANOTHER)
    assert anew.lost and anew.kinds() == []
    assert not own_files(tmp_path, "renata", ANOTHER).lost
    forget_own_files(tmp_path, "renata")
    assert list(folders(tmp_path)) == []


@pytest.mark.parametrize("login", ["../renata", "", "a/b", "..", "Renata", "x" * 40, "r\0x"])
def test_a_name_that_is_none_never_reaches_the_disk(login: str, tmp_path: Path) -> None:
    assert open_own_key(tmp_path, login, PASSWORD) is None
    forget_own_files(tmp_path, login)
    with pytest.raises(ValueError):
        own_files(tmp_path, login, PASSWORD)
    assert list(tmp_path.iterdir()) == []


def test_the_latest_kept_is_named_first_and_what_is_no_kind_is_refused(tmp_path: Path) -> None:
    files = own_files(tmp_path, "renata", PASSWORD)
    for kind in ("draft-a", "snapshot", "draft-b"):
        files.keep(kind, kind.encode())
    assert set(files.kinds("draft-")) == {"draft-a", "draft-b"}
    files.forget("draft-a")
    files.forget("draft-a")
    assert files.kinds("draft-") == ["draft-b"] and files.read("draft-a") is None
    with pytest.raises(ValueError):
        files.keep("../key", b"")
