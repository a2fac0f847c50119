"""Who is told what of one visit, in plain Python: what the plan in SQL is held against after every random step."""

import datetime as dt
from dataclasses import dataclass, field, replace

from clinicdesk.domain.message_rules import QuietHours

GONE_OUT = ("sending", "sent", "delivered", "read", "unknown")
STANDING = ("pending", "confirmed")
BEFORE = ("reminder", "check_in")


@dataclass(frozen=True)
class Rule:
    """A rule as far as the plan goes."""

    name: str
    event: str
    offset: int = 0
    late: int = 240
    asks: bool = False
    service: str = ""  # of these visits alone; empty: of all

    def speaks(self, service: str) -> bool:
        return self.service in ("", service)


@dataclass(frozen=True)
class Planned:
    """A message; what the database keeps of it besides is not the plan's."""

    kind: str
    rule: str
    visit_at: dt.datetime
    planned_for: dt.datetime
    state: str = "planned"
    reason: str = ""


@dataclass
class Visit:
    """A visit with everything that was planned for it."""

    rules: tuple[Rule, ...]
    quiet: QuietHours
    grace: dt.timedelta
    imported: bool = False
    starts_at: dt.datetime | None = None
    first_at: dt.datetime | None = None
    minutes: int = 30
    service: str = "visit"
    status: str = ""
    messages: dict[tuple[str, dt.datetime], Planned] = field(default_factory=dict)

    # --- what happens to it ---

    def book(self, now: dt.datetime, starts_at: dt.datetime) -> None:
        self.starts_at = self.first_at = starts_at
        self.status = "pending"
        if starts_at > now:
            if not self.imported:
                self._tell("booked", now)
            self._remind(now)

    def change(
        self, now: dt.datetime, *, status: str = "", starts_at: dt.datetime | None = None, service: str = "",
        by_clinic: bool = True,
    ) -> None:  # fmt: skip
        assert self.starts_at is not None
        before = (self.status, self.starts_at, self.service)
        self.status, self.starts_at = status or self.status, starts_at or self.starts_at
        self.service = service or self.service
        if (self.status, self.starts_at, self.service) == before:
            return
        ahead = self.starts_at > now
        if self.status in STANDING and ahead:
            self._take_back(("cancelled",), "stands_again")
            self._take_back(("follow_up",), "not_completed")
            moved = self.starts_at != before[1]
            if moved or before[0] not in STANDING:
                self._tell_change(now, moved)
            self._remind(now)
            return
        over = "cancelled" if self.status == "cancelled" else "happened_already"
        self._take_back(("booked", "moved", *BEFORE), over)
        if self.status == "completed" and before[0] != "completed":
            if not any(one.kind == "follow_up" and one.state != "cancelled" for one in self.messages.values()):
                self._tell("follow_up", now)
        elif self.status != "completed":
            self._take_back(("follow_up",), "not_completed")
        if self.status == "cancelled" and before[0] != "cancelled" and by_clinic and ahead:
            last = self._last_told()
            booked = any(one.kind == "booked" for one in self.messages.values())
            if (last is not None and last.kind != "cancelled") or (last is None and not booked):
                self._tell("cancelled", now)
        elif self.status != "cancelled":
            self._take_back(("cancelled",), "stands_again")

    def send_due(self, now: dt.datetime) -> list[Planned]:
        """Everything that is due goes out, as whoever sends would have it; what was sent."""
        due = [one for one in self.messages.values() if one.state == "planned" and one.planned_for <= now]
        for one in due:
            self._keep(replace(one, state="sent", reason=""))
        return due

    # --- what follows ---

    def _tell_change(self, now: dt.datetime, moved: bool) -> None:
        assert self.starts_at is not None
        last = self._last_told()
        known = last.visit_at if last else self.first_at
        own = list(self.messages.values())
        interrupted = ("cancelled", "happened_already")
        news = ""
        if (last is not None and last.kind == "cancelled") or (
            last is None
            and any(one.kind == "booked" and (one.state == "planned" or one.reason in interrupted) for one in own)
        ):
            news = "booked"
        elif known != self.starts_at and (
            moved or any(one.kind == "moved" and one.visit_at == self.starts_at and one.reason in interrupted
                         for one in own)
        ):  # fmt: skip
            news = "moved"
        why = "moved_back" if known == self.starts_at else "moved"
        for one in own:
            stays = one.kind == news and one.visit_at == self.starts_at
            if one.kind in ("booked", "moved") and one.state == "planned" and not stays:
                self._keep(replace(one, state="cancelled", reason=why))
        if news and not any(one.kind == news and one.state == "planned" for one in self.messages.values()):
            self._tell(news, now)

    def _tell(self, news: str, now: dt.datetime) -> None:
        assert self.starts_at is not None
        said = [one for one in self.rules if one.event == news and one.speaks(self.service)]
        for rule in sorted(said, key=lambda one: (-one.asks, one.offset, one.name)):
            due, late = now + self.grace + dt.timedelta(minutes=rule.offset), dt.timedelta(minutes=rule.late)
            if news == "follow_up":
                after = self.starts_at + dt.timedelta(minutes=self.minutes + rule.offset)
                if after + late <= now + self.grace:
                    continue
                due = max(after, now + self.grace)
            due = self.quiet.next_allowed(due)
            if news == "follow_up" or min(due + late, self.starts_at) > due:
                self._plan(news, rule, due)

    def _remind(self, now: dt.datetime) -> None:
        assert self.starts_at is not None
        wanted: dict[tuple[str, dt.datetime], Rule] = {}
        said = [one for one in self.rules if one.event in BEFORE and one.speaks(self.service)]
        for rule in sorted(said, key=lambda one: (-one.asks, one.offset, one.name)):
            due = self.starts_at - dt.timedelta(minutes=rule.offset)
            if rule.event == "reminder":
                due = self.quiet.last_allowed(due)
            if now + self.grace < due < self.starts_at:
                wanted.setdefault((rule.event, due), rule)
        names = {one.name for one in self.rules if one.speaks(self.service)}
        for key, one in list(self.messages.items()):
            if one.kind not in BEFORE or one.state != "planned":
                continue
            if one.visit_at != self.starts_at:
                self._keep(replace(one, state="cancelled", reason="moved"))
            elif one.rule not in names or (one.planned_for > now + self.grace and key not in wanted):
                self._keep(replace(one, state="cancelled", reason="rule_inactive"))
        for (_event, due), rule in wanted.items():
            self._plan(rule.event, rule, due)

    def _plan(self, kind: str, rule: Rule, due: dt.datetime) -> None:
        assert self.starts_at is not None
        there = self.messages.get((kind, due))
        if there is None or there.state == "cancelled":
            self._keep(Planned(kind, rule.name, self.starts_at, due))

    def _take_back(self, kinds: tuple[str, ...], why: str) -> None:
        for one in list(self.messages.values()):
            if one.kind in kinds and one.state == "planned":
                self._keep(replace(one, state="cancelled", reason=why))

    def _last_told(self) -> Planned | None:
        told = [one for one in self.messages.values() if one.kind != "follow_up" and one.state in GONE_OUT]
        return max(told, key=lambda one: one.planned_for, default=None)

    def _keep(self, one: Planned) -> None:
        self.messages[one.kind, one.planned_for] = one
