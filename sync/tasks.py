"""What comes round in every process that sends, and how often."""

import datetime as dt

from clinicdesk.usecases import upkeep
from sync.schedule import Task


def usual_tasks() -> tuple[Task, ...]:
    """The tasks that need nothing but the database."""
    return (
        # Apart from the workers: one that hangs would keep its own remedy waiting.
        Task("revive_jobs", upkeep.revive_jobs, every=dt.timedelta(seconds=10), once_for_all=True),
        Task("requeue_messages", upkeep.requeue_messages, every=dt.timedelta(minutes=1), once_for_all=True),
        Task("tidy_queue", upkeep.tidy_queue, every=dt.timedelta(hours=6), once_for_all=True),
        Task("expire_media", upkeep.empty_expired_media, at=dt.time(3, 30)),
    )
