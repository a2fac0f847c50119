"""Deliveries on disk: one thread writes what the others gathered meanwhile, so that a rush shares its commits."""

import threading
from dataclasses import dataclass, field

from clinicdesk.domain.hooks import HookChannel, TakenIn
from clinicdesk.errors import ClinicUnreachable
from clinicdesk.usecases import receipts
from clinicdesk.usecases.clinic import Clinic

MOST_TOGETHER = 50


@dataclass
class _Waiting:
    channel: HookChannel
    taken: TakenIn
    kept: bool | None = None
    error: Exception | None = None

    @property
    def done(self) -> bool:
        return self.kept is not None or self.error is not None


@dataclass
class Keeping:
    """Keeps deliveries. Safe from many threads; each hears of its own once that is on disk."""

    sync: Clinic
    _gathered: list[_Waiting] = field(default_factory=list)
    _gathering: threading.Lock = field(default_factory=threading.Lock)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, channel: HookChannel, taken: TakenIn) -> bool:
        """Keep one; False for one that is kept already. Raises ClinicError, as NotFound for a channel that is gone."""
        own = _Waiting(channel, taken)
        with self._gathering:
            self._gathered.append(own)
        while not own.done:
            with self._writing:
                if not own.done:
                    self._write(self._next())
        if own.error is not None:
            raise own.error
        return own.kept is True

    def _next(self) -> list[_Waiting]:
        with self._gathering:
            batch, self._gathered = self._gathered[:MOST_TOGETHER], self._gathered[MOST_TOGETHER:]
        return batch

    def _write(self, batch: list[_Waiting]) -> None:
        try:
            kept = self._written(batch)
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, ClinicUnreachable):
                for one in batch:  # one of them may be of a channel that is gone; the others are not to pay for it
                    self._write([one])
                return
            for one in batch:
                one.error = error
        else:
            for one, new in zip(batch, kept, strict=True):
                one.kept = new

    def _written(self, batch: list[_Waiting]) -> list[bool]:
        everything = [(one.channel, one.taken) for one in batch]
        try:
            return receipts.take_in(self.sync, everything)
        except ClinicUnreachable:
            # What lay idle died with a server that is back by now; the digest makes the second try harmless.
            return receipts.take_in(self.sync, everything)
