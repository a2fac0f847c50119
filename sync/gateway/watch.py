"""For those who watch over sync: /health, /metrics and /schedule, at a port of their own that nobody forwards."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from clinicdesk import __version__
from clinicdesk.domain.sync_process import SyncProcess
from clinicdesk.domain.watching import Standing
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import watching
from clinicdesk.usecases.clinic import Clinic
from sync.gateway.figures import Figures

AWAY = 503


class _Gauges(Collector):
    """Asks the database when it is asked itself, so that no number is older than the question."""

    def __init__(self, sync: Clinic) -> None:
        self._sync = sync

    def collect(self) -> Iterator[Metric]:
        """How everything stands; only that the database is away, where it is."""
        try:
            found: Standing | None = watching.standing(self._sync)
        except ClinicError:
            found = None
        yield GaugeMetricFamily("clinicdesk_database_up", "Whether it answers", value=float(found is not None))
        if found is not None:
            yield from _gauges(found)


def watch_app(sync: Clinic, figures: Figures) -> Starlette:
    """The pages over one process's handle and counters."""
    figures.registry.register(_Gauges(sync))

    async def health(_request: Request) -> Response:
        try:
            found = await asyncio.to_thread(watching.standing, sync)
        except ClinicError:
            return JSONResponse({"ok": False, "database": False, "version": __version__}, status_code=AWAY)
        told = _health(found)
        return JSONResponse(told, status_code=200 if told["ok"] else AWAY)

    async def metrics(_request: Request) -> Response:
        text = await asyncio.to_thread(generate_latest, figures.registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    async def schedule(_request: Request) -> Response:
        try:
            found = await asyncio.to_thread(watching.standing, sync)
        except ClinicError:
            return JSONResponse({"processes": []}, status_code=AWAY)
        return JSONResponse({"processes": [_process(one, found.now) for one in found.processes]})

    return Starlette(routes=[Route("/health", health), Route("/metrics", metrics), Route("/schedule", schedule)])


def _health(found: Standing) -> dict[str, Any]:
    return {
        "ok": found.at_work > 0,
        "database": True,
        "version": __version__,
        "processes": [_process(one, found.now) | {"status": None} for one in found.processes],
        "queue": {f"{queue}/{state}": count for (queue, state), count in sorted(found.jobs.items())},
        "oldest_due_seconds": round(found.oldest_due.total_seconds(), 1),
        "unread_receipts": found.unread_receipts,
        "paused_channels": [str(one) for one in found.paused_channels],
    }


def _process(one: SyncProcess, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "release": one.release,
        "alive": one.alive(now),
        "started_at": one.started_at.isoformat(),
        "seen_at": one.seen_at.isoformat(),
        "status": dict(one.status),
    }


def _gauges(found: Standing) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("clinicdesk_jobs", "Jobs in the queue", labels=["queue", "state"])
    for (queue, state), count in found.jobs.items():
        jobs.add_metric([queue, state], count)
    messages = GaugeMetricFamily("clinicdesk_messages", "Messages without an end", labels=["channel", "state"])
    for (channel, message_state), count in found.messages.items():
        messages.add_metric([str(channel or ""), message_state.value], count)
    paused = GaugeMetricFamily("clinicdesk_channel_paused", "Channels at rest", labels=["channel"])
    for channel in found.paused_channels:
        paused.add_metric([str(channel)], 1)
    yield from (jobs, messages, paused)
    for name, about, value in (
        ("processes", "Processes at work", found.at_work),
        ("oldest_due_seconds", "How late the oldest message is that is due", found.oldest_due.total_seconds()),
        ("receipts_unread", "Deliveries nobody has read", found.unread_receipts),
        ("receipts_oldest_seconds", "Age of the oldest unread delivery", found.oldest_unread.total_seconds()),
        ("receipts_with_fault", "Deliveries of the last day with a part that was not read", found.receipts_with_fault),
        ("media_waiting", "Files to be fetched", found.media_waiting),
    ):
        yield GaugeMetricFamily(f"clinicdesk_{name}", about, value=float(value))
