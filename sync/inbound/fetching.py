"""A file that a patient sent is fetched after its message was kept, and sealed at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.media import MediaFault
from clinicdesk.domain.outbox import SendingChannel
from clinicdesk.logs import log
from clinicdesk.usecases import media
from clinicdesk.usecases.clinic import Clinic
from sync.carrier import Carrier, FetchedMedia, Refused, Verdict

Carriers = Callable[[SendingChannel], AbstractContextManager[Carrier]]

# What the same question may be answered otherwise in a while, for an hour; then it counts as gone.
_LATER = frozenset({Verdict.RETRY, Verdict.UNKNOWN, Verdict.PAUSE_CHANNEL})


class NotYet(Exception):
    """The provider did not give the file now; it is asked again."""


@dataclass(frozen=True)
class Fetcher:
    """Fetches files. `carriers` lends whoever carries for a channel."""

    sync: Clinic
    carriers: Carriers

    def fetch_media(self, row_id: UUID) -> None:
        """Fetch one, unless that was done or given up. Raises NotYet for what is to be asked again."""
        wanted = media.to_fetch(self.sync, row_id)
        if wanted is None:
            return
        try:
            fetched = self._fetched(wanted)
        except Refused as refused:
            log(__name__).warning("media_not_fetched", media_id=row_id, reason=refused.fault)
            if refused.verdict in _LATER and not wanted.long_ago:
                raise NotYet from refused
            media.give_up(self.sync, row_id, MediaFault.NOT_FETCHED)
            return
        media.keep_fetched(self.sync, wanted, fetched.content, fetched.file_name)

    def _fetched(self, wanted: media.ToFetch) -> FetchedMedia:
        with self.carriers(wanted.channel) as carrier:
            return carrier.fetch(wanted.fetch_from)
