"""What the gateway counts, for Prometheus: by channel's id, never by a name."""

from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Histogram


class Figures:
    """The counters of one gateway, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self._received = Counter(
            "clinicdesk_webhooks", "Deliveries taken in", ["channel", "repeated"], registry=self.registry
        )
        self._refused = Counter(
            "clinicdesk_webhooks_refused", "Deliveries refused", ["channel", "reason"], registry=self.registry
        )
        self._seconds = Histogram(
            "clinicdesk_webhook_seconds",
            "Time to an answer",
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
        )

    def received(self, channel_id: UUID, *, repeated: bool) -> None:
        """A delivery was kept, or was there already."""
        self._received.labels(str(channel_id), "yes" if repeated else "no").inc()

    def refused(self, channel_id: UUID, reason: str) -> None:
        """A delivery was not believed; `reason` is a word of ours."""
        self._refused.labels(str(channel_id), reason).inc()

    def answered(self, seconds: float) -> None:
        """A delivery was answered after so long."""
        self._seconds.observe(seconds)
