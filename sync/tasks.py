"""What comes round in every process that sends, and how often."""

import datetime as dt

from clinicdesk.usecases import message_plan, offers, outbox, receipts, upkeep
from sync.gateway.standing import Gateway
from sync.inbound.polling import EVERY, Poller
from sync.outbox.breaker import Breaker
from sync.schedule import Task


def usual_tasks(breaker: Breaker, poller: Poller, gateway: Gateway | None = None) -> tuple[Task, ...]:
    """All of them."""
    standing = Task("gateway", lambda _clinic: gateway.stand() if gateway else 0, every=dt.timedelta(seconds=30),
                    once_for_all=True)  # fmt: skip
    return (
        *((standing,) if gateway else ()),
        # Apart from the workers: one that hangs would keep its own remedy waiting.
        Task("revive_jobs", upkeep.revive_jobs, every=dt.timedelta(seconds=10), once_for_all=True),
        Task("settle_stuck", outbox.settle_stuck, every=dt.timedelta(minutes=1)),
        Task("requeue_messages", outbox.requeue, every=dt.timedelta(minutes=1), once_for_all=True),
        Task("requeue_receipts", receipts.requeue, every=dt.timedelta(minutes=1), once_for_all=True),
        Task("poll_replies", lambda _clinic: poller.poll(), every=EVERY, once_for_all=True),
        Task("channels_away", breaker.look, every=dt.timedelta(seconds=15)),
        Task("clear_receipts", receipts.clear_read, every=dt.timedelta(hours=6), once_for_all=True),
        Task("tidy_queue", upkeep.tidy_queue, every=dt.timedelta(hours=6), once_for_all=True),
        Task("expire_offers", offers.expire_offers, every=dt.timedelta(minutes=1)),
        Task("replan", message_plan.replan, every=dt.timedelta(hours=1)),
        Task("wish_birthdays", upkeep.wish_birthdays, at=dt.time(0, 10)),
        Task("expire_media", upkeep.empty_expired_media, at=dt.time(3, 30)),
    )
