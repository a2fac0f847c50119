"""How each state of an appointment and each flag looks: icon, word and tone, in this order of importance."""

from dataclasses import dataclass

from clinicdesk.words import marked


@dataclass(frozen=True)
class StatusLook:
    """`word` is a msgid: translate it where it is shown."""

    icon: str
    word: str
    tone: str


STATUS_LOOKS = {
    "pending": StatusLook("circle-dashed", marked("To confirm"), "warn"),
    "confirmed": StatusLook("circle-check", marked("Confirmed"), "ok"),
    "checked_in": StatusLook("armchair", marked("At reception"), "info"),
    "in_progress": StatusLook("stethoscope", marked("In consultation"), "accent"),
    "completed": StatusLook("check-check", marked("Completed"), "muted"),
    "no_show": StatusLook("user-x", marked("Did not come"), "danger"),
    "cancelled": StatusLook("ban", marked("Cancelled"), "muted"),
}

FLAG_ICONS = {
    "alert": "shield-alert",
    "first_time": "sparkles",
    "package": "package",
    "online": "video",
    "owing": "circle-dollar-sign",
    "overbooked": "zap",
}
