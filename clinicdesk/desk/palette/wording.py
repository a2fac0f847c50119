"""How the palette says what it offers: days, times, people and rooms in a few words."""

import datetime as dt
from uuid import UUID

from clinicdesk import formats
from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.wording import spoken_time
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.one_line import Days, Hours
from clinicdesk.domain.patients import NewPatient, PatientMatch, show_phone
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.words import _, language


class PaletteWords:
    """Words over one catalogue, seen from the desk's present."""

    def __init__(self, clock: DeskClock, catalogue: Catalogue) -> None:
        self._clock = clock
        self._names: dict[UUID, str] = {one.id: one.name for one in catalogue.professionals}
        self._names |= {one.id: one.name for one in catalogue.rooms}
        self._names |= {one.id: one.name for one in catalogue.equipment}

    def name(self, key: UUID | None) -> str:
        """What a person, a room or a machine is called; empty for none."""
        return self._names.get(key, "") if key else ""

    def day(self, day: dt.date) -> str:
        """`hoje`, `amanhã`, else `qui, 26 nov`, with the year when it is another one."""
        today = self._clock.today()
        if abs((day - today).days) <= 1:
            return dates.relative_day(day, today)
        return formats.short_date(day) + ("" if day.year == today.year else f" {day.year}")

    def days(self, days: Days) -> str:
        """A day, or a stretch by its ends."""
        return self.day(days.first) if days.is_one else f"{self.day(days.first)} – {self.day(days.last)}"

    def hours(self, hours: Hours) -> str:
        """`15:00`, `12:00–17:59`; empty for any time."""
        if hours.start:
            return f"{hours.start:%H:%M}"
        if hours == Hours():
            return ""
        if hours.earliest == dt.time(0):
            return _("until {time}").format(time=f"{hours.latest:%H:%M}")
        if hours.latest == dt.time(23, 59):
            return _("from {time}").format(time=f"{hours.earliest:%H:%M}")
        return f"{hours.earliest:%H:%M}–{hours.latest:%H:%M}"

    def when(self, free: FreeSlot) -> str:
        """`qui, 26 nov, 15:00`."""
        local = free.slot.starts_at.astimezone(self._clock.zone)
        return f"{self.day(local.date())}, {local:%H:%M}"

    def spoken(self, free: FreeSlot) -> str:
        """The time as one reads it aloud."""
        return spoken_time(free.slot.starts_at.astimezone(self._clock.zone).time())

    def where(self, free: FreeSlot) -> str:
        """With whom and in which room."""
        return " · ".join(filter(None, (self.name(free.professional_id), self.name(free.room_id))))


def who(patient: PatientMatch | NewPatient) -> str:
    """A patient's name; somebody new with the phone that is registered with it."""
    if isinstance(patient, PatientMatch):
        return patient.name
    return " ".join(filter(None, (patient.name, show_phone(patient.phone))))


def day_as_typed(day: dt.date) -> str:
    """A date as it can stand in a line."""
    return f"{day:%d/%m/}{day.year:04d}"


def time_as_typed(time: dt.time) -> str:
    """A time as it can stand in a line; early hours say that they are."""
    morning = {"pt_BR": " da manhã", "es": " de la mañana", "en": " in the morning"}[language()]
    return f"{time.hour}h{time.minute:02d}" + (morning if time.hour < 7 else "")
