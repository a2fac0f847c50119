"""How fast a channel may speak, and how long one that does not answer is left alone."""

import datetime as dt

MINUTE = dt.timedelta(minutes=1)
FAILURES = 5  # in a row, until a channel is taken to be away
FIRST_REST, LONGEST_REST = dt.timedelta(minutes=1), dt.timedelta(minutes=30)

# Why the program paused a channel by itself, and may open it again once the provider answers. Whatever a person paused,
# or a provider refused for good, a person opens.
AWAY = "channel_away"


def wait_for_turn(per_minute: int, oldest_age: dt.timedelta, sent: int, waiting: int, chance: float) -> dt.timedelta:
    """How long until the next try may begin: nothing while fewer than `per_minute` began within the last minute.

    Those who wait come back spread over the minutes they will take anyway (`chance` in [0, 1)), and not all at once.
    """
    if sent < per_minute:
        return dt.timedelta(0)
    until_free = max(MINUTE - oldest_age, dt.timedelta(milliseconds=50))
    return until_free + MINUTE * (chance * waiting / per_minute)


def rest(times: int) -> dt.timedelta:
    """How long a channel that is away is left alone, the `times`-th time in a row."""
    return min(FIRST_REST * (1 << max(0, min(times - 1, 10))), LONGEST_REST)
