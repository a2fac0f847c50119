"""What a carrier is set up with: where it reaches its provider, its settings, and its secrets in the open."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.messages import ChannelKind, Provider
from sync.carrier import Refused, Verdict


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One channel as a carrier needs it. Whoever prints it sees no secret."""

    kind: ChannelKind
    provider: Provider
    address: str = ""  # empty: the provider's own
    settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    callback: str = ""  # where the provider reports what became of a message; empty: it reports nothing

    def text(self, name: str, default: str = "") -> str:
        """A setting as text; `default` where it was left empty."""
        value = self.settings.get(name)
        return default if value is None or not str(value).strip() else str(value).strip()

    def needed(self, name: str) -> str:
        """A setting that has to be there. Raises Refused, naming it."""
        if not (value := self.text(name)):
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_MISSING, detail=name)
        return value

    def secret(self, name: str) -> str:
        """A secret, or nothing."""
        return self.secrets.get(name, "")

    def needed_secret(self, name: str) -> str:
        """A secret that has to be there. Raises Refused, naming it."""
        if not (value := self.secret(name)):
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SECRET_MISSING, detail=name)
        return value
