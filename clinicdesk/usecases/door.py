"""The way in at a desk: tries counted, the server asked, and what was kept here opened when nobody answers."""

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from clinicdesk import logs
from clinicdesk.errors import (
    AccountLocked,
    ClinicUnreachable,
    KeyUnavailable,
    PasswordToChoose,
    RecoveryRefused,
    SignInRefused,
)
from clinicdesk.keychain import one_time_code_of
from clinicdesk.usecases import snapshot
from clinicdesk.usecases.own_key import OwnFiles, open_own_key, own_files, rewrap_own_key
from clinicdesk.usecases.passwords import change_password, choose_password, recover
from clinicdesk.usecases.place import Place
from clinicdesk.usecases.staff import SignedIn, knows_password, new_proof, sign_in
from clinicdesk.usecases.tries import Tries


@dataclass(frozen=True)
class Door:
    """One desk's door. `reach` gives the address of the database, or raises what keeps it from being reached."""

    data_dir: Path
    reach: Callable[[], Mapping[str, str]]
    desk: str
    tries: Tries

    def enter(self, login: str, password: str) -> SignedIn:
        """Sign somebody in; without the server over what was kept for them here, to read and not to write.

        Raises what `sign_in` and opening the place do, ClinicUnreachable among them when nothing was kept.
        """
        self.tries.check(login)
        aside = ThreadPoolExecutor(1)
        # It takes as long as the server's answer, so it is opened meanwhile.
        opening = aside.submit(open_own_key, self.data_dir, login, password)
        try:
            signed_in = self._ask_the_server(login, password)
        except SignInRefused:
            raise self.tries.failed(login) from None
        except PasswordToChoose:
            self.tries.succeeded(login)
            raise
        except AccountLocked:
            snapshot.forget(self.data_dir, login)
            raise
        except ClinicUnreachable:
            away = self.enter_away(login, password)
            if away is None:
                raise
            return away
        finally:
            # A refusal waits for nobody: who keeps files here would be known by the time it takes.
            aside.shutdown(wait=False)
        self.tries.succeeded(login)
        return replace(signed_in, own=self._own(opening, login, password))

    def choose(self, login: str, code: str, new_password: str) -> SignedIn:
        """Put a password in the place of a one-time code, and sign in with it.

        Raises what `choose_password` does; a code that is not right counts as a try.
        """
        self.tries.check(login)
        try:
            signed_in = choose_password(self.reach(), login, code, new_password, self.desk)
        except SignInRefused:
            raise self.tries.failed(login) from None
        self.tries.succeeded(login)
        return replace(signed_in, own=self._begun(login, new_password))

    def change(self, signed_in: SignedIn, old: str, new: str) -> SignedIn:
        """Another password for who is at work here; what they keep at this desk opens with it from now on.

        Raises what `change_password` does; an old password that is not right counts as a try.
        """
        login = signed_in.clinic.person.login
        self.tries.check(login)
        try:
            change_password(signed_in.clinic, old, new)
        except SignInRefused:
            raise self.tries.failed(login) from None
        self.tries.succeeded(login)
        try:
            rewrap_own_key(self.data_dir, login, old, new)
        except (KeyUnavailable, OSError) as error:
            logs.log(__name__).warning("own_key_not_rewrapped", exc_info=error)
        return replace(signed_in, proof=new_proof(new))

    def recover(self, place: Place, login: str, recovery_key: str, new_password: str) -> SignedIn:
        """An owner's way back by the recovery key, where the clinic's data are; then they sign in.

        Raises RecoveryRefused, WeakPassword, and what `enter` does.
        """
        if place.local is None:
            raise RecoveryRefused
        recover(place.local.admin, place.local.database, login, recovery_key, new_password)
        self.tries.unlock(login)
        return self.enter(login, new_password)

    def enter_away(self, login: str, password: str) -> SignedIn | None:
        """Open what was kept here for somebody; None when nothing was. Raises SignInRefused or AccountLocked."""
        self.tries.check(login)
        now = dt.datetime.fromtimestamp(time.time(), dt.UTC)
        try:
            signed_in = snapshot.sign_in_away(self.data_dir, {}, login, password, self.desk, now)
        except SignInRefused:
            raise self.tries.failed(login) from None
        except ClinicUnreachable:
            return None
        self.tries.succeeded(login)
        return replace(signed_in, again=lambda: self._ask_the_server(login, password))

    def prove(self, signed_in: SignedIn, password: str) -> None:
        """Whether somebody at the locked desk is who was at work; the server is not asked, tries count as any.

        Raises SignInRefused or AccountLocked.
        """
        login = signed_in.clinic.person.login
        self.tries.check(login)
        if not knows_password(signed_in, password):
            raise self.tries.failed(login)
        self.tries.succeeded(login)

    def _ask_the_server(self, login: str, password: str) -> SignedIn:
        try:
            return sign_in(self.reach(), login, password, self.desk)
        except SignInRefused:
            # A one-time code may be typed small and without its hyphens; a password is taken as it is.
            code = one_time_code_of(password)
            if code in ("", password):
                raise
            return sign_in(self.reach(), login, code, self.desk)

    def _own(self, opening: "Future[OwnFiles | None]", login: str, password: str) -> OwnFiles | None:
        """What they keep here, begun when it is their first time; None while this desk's disk takes nothing."""
        with contextlib.suppress(KeyUnavailable, OSError):
            found = opening.result()
            if found is not None:
                return found
        return self._begun(login, password)

    def _begun(self, login: str, password: str) -> OwnFiles | None:
        try:
            return own_files(self.data_dir, login, password)
        except OSError as error:
            logs.log(__name__).warning("own_files_not_made", exc_info=error)
            return None
