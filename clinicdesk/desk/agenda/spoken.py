"""What an appointment is called when it is read aloud or shown whole: nothing shortened."""

import datetime as dt

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.widgets.status import STATUS_LOOKS
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.words import _


def clock(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """The time on the clinic's wall: `10:45`."""
    return moment.astimezone(zone).strftime("%H:%M")


def status_word(status: Status) -> str:
    """The status in the language in use."""
    return _(STATUS_LOOKS[status.value].word)


def time_range(starts_at: dt.datetime, ends_at: dt.datetime, zone: dt.tzinfo) -> str:
    """A stretch of time as cards show it: `10:45–11:30`."""
    return f"{clock(starts_at, zone)}–{clock(ends_at, zone)}"


def minutes_waiting(appointment: Appointment, now: dt.datetime) -> int:
    """Whole minutes since the status was set; never negative, clocks of desks differ a little."""
    return max(int((now - appointment.status_at).total_seconds() // 60), 0)


def spoken(appointment: Appointment, zone: dt.tzinfo) -> str:
    """The accessible name of a card: “10:45 to 11:30, Dulce Fontoura, Consulta, confirmed, alert: …”."""
    appointment = privacy.shown(appointment)
    time = _("{start} to {end}").format(start=clock(appointment.starts_at, zone), end=clock(appointment.ends_at, zone))
    parts = [time, appointment.patient_name, appointment.service_name, status_word(appointment.status).lower()]
    if appointment.alert:
        parts.append(_("alert: {text}").format(text=appointment.alert))
    if appointment.first_visit:
        parts.append(_("first visit"))
    if appointment.overbooked:
        parts.append(_("overbooking: {reason}").format(reason=appointment.overbooking_reason))
    if appointment.series_id:
        parts.append(_("part of a series"))
    if appointment.visit_id:
        parts.append(_("one of several services"))
    if appointment.cancel_reason:
        parts.append(_("reason: {text}").format(text=appointment.cancel_reason))
    return ", ".join(part for part in parts if part)


def tooltip_lines(appointment: Appointment, zone: dt.tzinfo) -> list[str]:
    """The lines of the full text that a card's tooltip shows; the first is the patient's whole name."""
    appointment = privacy.shown(appointment)
    range_ = time_range(appointment.starts_at, appointment.ends_at, zone)
    lines = [
        appointment.patient_name,
        " · ".join(part for part in (appointment.service_name, appointment.professional_name) if part),
        " · ".join(part for part in (range_, appointment.room_name, appointment.equipment_name) if part),
        status_word(appointment.status),
    ]
    if appointment.alert:
        lines.append(_("Alert: {text}").format(text=appointment.alert))
    if appointment.first_visit:
        lines.append(_("First visit"))
    if appointment.overbooked:
        lines.append(_("Overbooking: {reason}").format(reason=appointment.overbooking_reason))
    if appointment.cancel_reason:
        lines.append(_("Reason: {text}").format(text=appointment.cancel_reason))
    if appointment.note:
        lines.append(appointment.note)
    return [line for line in lines if line]
