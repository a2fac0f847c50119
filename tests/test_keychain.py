"""Secrets, protected fields and wrapped keys: what opens, and above all what does not."""

import dataclasses
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicdesk.errors import KeyUnavailable
from clinicdesk.keychain import (
    SECRETS_FILE,
    FieldPlace,
    Keychain,
    WrappedUnder,
    blind_index,
    decrypt_field,
    encrypt_field,
    key_version_of,
    needs_rewrapping,
    new_data_key,
    new_one_time_code,
    new_recovery_key,
    same_code,
    unwrap_key,
    unwrap_keys,
    wrap_key,
    wrap_keys,
)

KEY = new_data_key()
PLACE = FieldPlace(uuid4(), "patient", uuid4(), "cpf")

places = st.builds(
    FieldPlace,
    scope=st.uuids(),
    table=st.text(max_size=20),
    row_id=st.uuids(),
    column=st.text(max_size=20),
    key_version=st.integers(0, 2**32 - 1),
)
texts = st.text(max_size=300)


class TestFields:
    @given(place=places, text=texts)
    def test_what_was_sealed_opens(self, place: FieldPlace, text: str) -> None:
        assert decrypt_field(KEY, place, encrypt_field(KEY, place, text)) == text

    @given(place=places, other=places, text=texts)
    def test_a_value_moved_elsewhere_does_not_open(self, place: FieldPlace, other: FieldPlace, text: str) -> None:
        sealed = encrypt_field(KEY, place, text)
        for field in dataclasses.fields(FieldPlace):
            moved = dataclasses.replace(place, **{field.name: getattr(other, field.name)})
            if moved != place:
                with pytest.raises(KeyUnavailable):
                    decrypt_field(KEY, moved, sealed)

    @given(text=texts, where=st.integers(min_value=0), bit=st.integers(0, 7))
    def test_a_flipped_bit_is_noticed(self, text: str, where: int, bit: int) -> None:
        sealed = bytearray(encrypt_field(KEY, PLACE, text))
        sealed[where % len(sealed)] ^= 1 << bit
        with pytest.raises(KeyUnavailable):
            decrypt_field(KEY, PLACE, bytes(sealed))

    @given(key=st.binary(min_size=32, max_size=32), text=texts)
    def test_another_key_does_not_open(self, key: bytes, text: str) -> None:
        with pytest.raises(KeyUnavailable):
            decrypt_field(key, PLACE, encrypt_field(KEY, PLACE, text))

    @given(noise=st.binary(max_size=80))
    def test_noise_does_not_open(self, noise: bytes) -> None:
        with pytest.raises(KeyUnavailable):
            decrypt_field(KEY, PLACE, noise)

    @pytest.mark.parametrize("length", [0, 16, 31, 33])
    def test_a_key_of_the_wrong_length_is_refused(self, length: int) -> None:
        with pytest.raises(KeyUnavailable):
            encrypt_field(bytes(length), PLACE, "x")

    def test_the_same_text_never_looks_the_same(self) -> None:
        assert len({encrypt_field(KEY, PLACE, "52998224725") for _ in range(200)}) == 200

    def test_parts_of_a_place_cannot_run_together(self) -> None:
        first = dataclasses.replace(PLACE, table="ab", column="c")
        second = dataclasses.replace(PLACE, table="a", column="bc")
        assert first.associated_data() != second.associated_data()

    def test_a_value_says_which_key_version_sealed_it(self) -> None:
        assert key_version_of(encrypt_field(KEY, dataclasses.replace(PLACE, key_version=7), "x")) == 7


class TestTheCpfIndex:
    SCOPE = UUID("018f3f60-0000-7000-8000-000000000001")

    def test_finds_a_cpf_however_it_is_written(self) -> None:
        assert blind_index(KEY, self.SCOPE, "529.982.247-25") == blind_index(KEY, self.SCOPE, "52998224725")
        assert len(blind_index(KEY, self.SCOPE, "52998224725")) == 32

    def test_tells_people_keys_and_organisations_apart(self) -> None:
        index = blind_index(KEY, self.SCOPE, "52998224725")
        assert index != blind_index(KEY, self.SCOPE, "52998224726")
        assert index != blind_index(new_data_key(), self.SCOPE, "52998224725")
        assert index != blind_index(KEY, uuid4(), "52998224725")

    def test_stays_the_same_from_release_to_release(self) -> None:
        fixed = blind_index(bytes(range(32)), self.SCOPE, "52998224725").hex()
        assert fixed == "ffd785682235e69d20232ed33bc9de969e04bf91373afdcec87990ab24f966a1"


class TestWrapping:
    @pytest.mark.parametrize(
        ("under", "secret"),
        [
            (WrappedUnder.PASSWORD, "correta cavalo 7 bateria"),
            (WrappedUnder.ONE_TIME_CODE, new_one_time_code()),
            (WrappedUnder.RECOVERY_KEY, new_recovery_key()),
        ],
        ids=["password", "one-time code", "recovery key"],  # the workers of a run must agree on the names
    )
    def test_only_the_same_secret_of_the_same_kind_opens(self, under: WrappedUnder, secret: str) -> None:
        wrapped = wrap_key(KEY, under, secret)
        assert unwrap_key(wrapped, under, secret) == KEY
        assert KEY not in wrapped
        with pytest.raises(KeyUnavailable):
            unwrap_key(wrapped, under, secret + "2")
        for other in set(WrappedUnder) - {under}:
            with pytest.raises(KeyUnavailable):
                unwrap_key(wrapped, other, secret)

    def test_a_password_is_the_same_composed_or_not(self) -> None:
        wrapped = wrap_key(KEY, WrappedUnder.PASSWORD, unicodedata.normalize("NFD", "recepção 123"))
        assert unwrap_key(wrapped, WrappedUnder.PASSWORD, unicodedata.normalize("NFC", "recepção 123")) == KEY

    def test_case_and_spaces_count_in_a_password_and_not_in_a_code(self) -> None:
        wrapped = wrap_key(KEY, WrappedUnder.PASSWORD, "Senha Longa 1")
        with pytest.raises(KeyUnavailable):
            unwrap_key(wrapped, WrappedUnder.PASSWORD, "senhalonga1")
        code = new_one_time_code()
        wrapped = wrap_key(KEY, WrappedUnder.ONE_TIME_CODE, code)
        typed = f"  {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
        assert unwrap_key(wrapped, WrappedUnder.ONE_TIME_CODE, typed) == KEY

    @settings(max_examples=12, deadline=None)
    @given(where=st.integers(min_value=0), bit=st.integers(0, 7))
    def test_a_flipped_bit_is_noticed(self, where: int, bit: int) -> None:
        changed = bytearray(WRAPPED)
        changed[where % len(changed)] ^= 1 << bit
        with pytest.raises(KeyUnavailable):
            unwrap_key(bytes(changed), WrappedUnder.PASSWORD, "uma senha 123")

    @pytest.mark.parametrize(("memory", "passes"), [(2**32 - 1, 3), (65536, 65535), (0, 3), (65536, 0)])
    def test_absurd_costs_are_refused_before_they_are_paid(self, memory: int, passes: int) -> None:
        changed = WRAPPED[:2] + memory.to_bytes(4, "big") + passes.to_bytes(2, "big") + WRAPPED[8:]
        with pytest.raises(KeyUnavailable):
            unwrap_key(changed, WrappedUnder.PASSWORD, "uma senha 123")

    def test_keys_of_one_person_open_together_and_alone_and_look_unlike(self) -> None:
        keys = [new_data_key(), new_data_key(), KEY]
        wrapped = wrap_keys(keys, WrappedUnder.PASSWORD, "janela 47 aberta")
        older = wrap_key(KEY, WrappedUnder.PASSWORD, "janela 47 aberta")
        assert unwrap_keys([*wrapped, older], WrappedUnder.PASSWORD, "janela 47 aberta") == [*keys, KEY]
        assert unwrap_key(wrapped[1], WrappedUnder.PASSWORD, "janela 47 aberta") == keys[1]
        assert len({blob[:-48] for blob in wrapped}) == 3  # the salt is shared, no nonce is
        with pytest.raises(KeyUnavailable):
            unwrap_keys([*wrapped, older[:-1] + bytes([older[-1] ^ 1])], WrappedUnder.PASSWORD, "janela 47 aberta")
        assert unwrap_keys([], WrappedUnder.PASSWORD, "janela 47 aberta") == []

    def test_the_costs_stand_in_the_wrap_and_weak_ones_are_renewed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert WRAPPED[2:9] == (64 * 1024).to_bytes(4, "big") + (3).to_bytes(2, "big") + b"\x01"
        assert not needs_rewrapping(WRAPPED)
        monkeypatch.setattr("clinicdesk.keychain.ARGON_PASSES", 4)
        assert needs_rewrapping(WRAPPED)
        assert unwrap_key(WRAPPED, WrappedUnder.PASSWORD, "uma senha 123") == KEY

    @pytest.mark.parametrize("wrapped", [b"", b"x", bytes(200)])
    def test_noise_does_not_open(self, wrapped: bytes) -> None:
        with pytest.raises(KeyUnavailable):
            unwrap_key(wrapped, WrappedUnder.PASSWORD, "uma senha 123")


WRAPPED = wrap_key(KEY, WrappedUnder.PASSWORD, "uma senha 123")


class TestCodes:
    def test_a_one_time_code_has_a_hundred_bits_in_groups(self) -> None:
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){4}", new_one_time_code())

    def test_a_recovery_key_has_a_hundred_and_sixty(self) -> None:
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){7}", new_recovery_key())

    def test_no_two_are_alike(self) -> None:
        assert len({new_one_time_code() for _ in range(500)}) == 500

    def test_typing_it_back_forgives_spacing_and_nothing_else(self) -> None:
        assert same_code("7k2m o1ab", "7K2M-01AB")
        assert not same_code("7k2m o1ac", "7K2M-01AB")
        assert not same_code("", "7K2M-01AB")


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that works, as a desktop's does."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


class LockedKeyring(MemoryKeyring):
    """A keyring nobody unlocks, as over SSH."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.InitError

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.InitError


@pytest.fixture
def own_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


PlainTextKeyring = type("PlaintextKeyring", (MemoryKeyring,), {"__module__": "keyrings.alt.file"})


@pytest.mark.usefixtures("own_keyring")
class TestSecrets:
    def test_a_keyring_keeps_them(self, tmp_path: Path) -> None:
        keyring.set_keyring(MemoryKeyring())
        keychain = Keychain(tmp_path)
        assert keychain.where() == "keyring"
        assert keychain.keep_secret("smtp", "s3cret") == "keyring"
        assert keychain.secret("smtp") == "s3cret"
        assert list(tmp_path.iterdir()) == []
        keychain.forget_secret("smtp")
        assert keychain.secret("smtp") is None

    def test_two_data_folders_have_their_own(self, tmp_path: Path) -> None:
        keyring.set_keyring(MemoryKeyring())
        Keychain(tmp_path / "a").keep_secret("smtp", "a")
        assert Keychain(tmp_path / "b").secret("smtp") is None

    @pytest.mark.parametrize(
        "backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring, LockedKeyring, PlainTextKeyring]
    )
    def test_without_a_keyring_a_closed_file_keeps_them(
        self, tmp_path: Path, backend: type[keyring.backend.KeyringBackend]
    ) -> None:
        keyring.set_keyring(backend())
        keychain = Keychain(tmp_path)
        assert keychain.where() == "file"
        assert keychain.keep_secret("smtp", "s3cret") == "file"
        assert keychain.keep_secret("token", "ç") == "file"
        assert (tmp_path / SECRETS_FILE).stat().st_mode & 0o777 == 0o600
        assert (keychain.secret("smtp"), keychain.secret("token")) == ("s3cret", "ç")
        keychain.forget_secret("smtp")
        keychain.forget_secret("smtp")
        assert (keychain.secret("smtp"), keychain.secret("token")) == (None, "ç")
        assert [path.name for path in tmp_path.iterdir()] == [SECRETS_FILE]

    def test_a_secret_moves_to_the_keyring_once_there_is_one(self, tmp_path: Path) -> None:
        keyring.set_keyring(LockedKeyring())
        Keychain(tmp_path).keep_secret("smtp", "old")
        keyring.set_keyring(MemoryKeyring())
        assert Keychain(tmp_path).secret("smtp") == "old"
        Keychain(tmp_path).keep_secret("smtp", "new")
        assert "smtp" not in (tmp_path / SECRETS_FILE).read_text(encoding="utf-8")


def test_the_module_is_cheap_to_import() -> None:
    code = (
        "import sys, clinicdesk.keychain; sys.exit(any(m in sys.modules for m in ('cryptography','argon2','keyring')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])
