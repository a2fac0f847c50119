"""The names of the places one goes to in a workspace."""

AGENDA_PLACE = "agenda"
PATIENTS_PLACE = "patients"
RECALLS_PLACE = "recalls"
INBOX_PLACE = "inbox"
QUEUE_PLACE = "queue"  # what waits to be sent; it has no place of its own on the rail
SETTINGS_PLACE = "settings"
