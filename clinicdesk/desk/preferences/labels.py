"""What each field of the settings is called: on its form, in its history and in the search."""

from typing import Any

from clinicdesk.desk.wording_people import CAPABILITIES
from clinicdesk.domain.clinics import SchedulingPolicy
from clinicdesk.domain.message_settings import ChannelForm, MessagingForm, RuleForm, TemplateForm
from clinicdesk.domain.preferences import (
    CategoryForm,
    ClinicForm,
    EquipmentForm,
    FieldForm,
    HolidayForm,
    HoursForm,
    ProfessionalForm,
    RoomForm,
    ServiceForm,
)
from clinicdesk.domain.team import FORM_FIELDS, PersonForm, ProfileForm
from clinicdesk.words import _, marked

_LABELS: dict[type[Any], dict[str, str]] = {
    ClinicForm: {
        "name": marked("Name of the clinic"),
        "cnpj": marked("CNPJ"),
        "phone": marked("Phone"),
        "email": marked("E-mail"),
        "address": marked("Address"),
        "city": marked("City"),
        "state": marked("State"),
        "zone": marked("Time zone"),
        "logo": marked("Logo"),
        "business_template": marked("How the clinic sells"),
    },
    SchedulingPolicy: {
        "slot_duration_minutes": marked("Grid of the free times"),
        "min_advance_hours": marked("Least notice, in hours"),
        "max_advance_days": marked("Furthest ahead, in days"),
        "max_daily_appointments": marked("Visits a day for each professional"),
        "max_daily_overbookings": marked("Overbookings a day for each professional"),
        "late_cancellation_hours": marked("Late cancellation, in hours"),
    },
    RoomForm: {"name": marked("Name of the room"), "active": marked("In use")},
    EquipmentForm: {"name": marked("Name of the equipment"), "active": marked("In use")},
    ProfessionalForm: {
        "name": marked("Name with title"),
        "specialty": marked("Specialty"),
        "council": marked("Council"),
        "council_number": marked("Number in the council"),
        "council_state": marked("State of the council"),
        "hue": marked("Colour"),
        "default_duration": marked("Usual duration"),
        "bio": marked("About"),
        "clinic_ids": marked("Works in"),
        "active": marked("Receives visits"),
    },
    CategoryForm: {"name": marked("Name of the category"), "icon": marked("Icon"), "hue": marked("Colour")},
    ServiceForm: {
        "name": marked("Name for the patient"),
        "category_id": marked("Category"),
        "duration_minutes": marked("Duration"),
        "buffer_before": marked("Interval before"),
        "buffer_after": marked("Interval after"),
        "price": marked("Price"),
        "professional_ids": marked("Who does it"),
        "room_ids": marked("In which rooms"),
        "equipment_ids": marked("With what"),
        "description": marked("Description for the patient"),
        "promotions": marked("Promotions"),
        "custom": marked("Own fields"),
        "active": marked("Offered"),
    },
    HoursForm: {"days": marked("Days of the week"), "exceptions": marked("Days that differ")},
    FieldForm: {
        "entity": marked("Of what"),
        "name": marked("Name of the field"),
        "kind": marked("What it holds"),
        "choices": marked("Choices, one in each line"),
        "active": marked("Asked"),
    },
    PersonForm: {
        "name": marked("Name"),
        "login": marked("Login name"),
        "role": marked("Role"),
        "profile_id": marked("Profile"),
        "clinic_ids": marked("Units where they work"),
        "hue": marked("Colour"),
        "active": marked("Account"),
    },
    ProfileForm: {
        "name": marked("Name of the profile"),
        "role": marked("Narrows the role"),
        **{FORM_FIELDS[one]: words for one, (words, _detail) in CAPABILITIES.items()},
    },
    MessagingForm: {
        "active": marked("Write to patients by itself"),
        "quiet_from": marked("Nobody is written to from"),
        "quiet_to": marked("until"),
        "on_sundays": marked("On Sundays too"),
        "grace_minutes": marked("Grace after booking, in minutes"),
        "offer_minutes": marked("How long an offered time is held, in minutes"),
        "media_days": marked("How long files are kept, in days"),
        "public_address": marked("Public address of the gateway"),
    },
    ChannelForm: {
        "kind": marked("Road"),
        "provider": marked("Provider"),
        "name": marked("Name of the channel"),
        "settings": marked("Account"),
        "secrets": marked("Credentials"),
        "address": marked("Base address"),
        "receives": marked("How replies arrive"),
        "per_minute": marked("Most messages a minute"),
        "price": marked("Price of one message, in R$"),
        "active": marked("In use"),
    },
    RuleForm: {
        "event": marked("Occasion"),
        "offset_minutes": marked("How long before or after"),
        "template_id": marked("Text"),
        "asks": marked("Asks for an answer"),
        "channels": marked("By which channels, the first first"),
        "recipient": marked("To whom"),
        "late_minutes": marked("Not sent when later than"),
        "service_ids": marked("Only these services"),
        "excluded_service_ids": marked("But not these services"),
        "professional_ids": marked("Only these professionals"),
        "active": marked("Switched on"),
    },
    TemplateForm: {
        "name": marked("Name of the text"),
        "purpose": marked("What it is for"),
        "subject": marked("Subject of the e-mail"),
        "body": marked("Words"),
        "provider_name": marked("Approved by Meta under the name"),
        "provider_language": marked("Language of the approval"),
        "provider_variables": marked("Its variables in their order"),
        "active": marked("Offered to rules"),
    },
    HolidayForm: {"day": marked("Day"), "name": marked("Name of the holiday"), "works": marked("Worked here")},
}


def labels(kind: type[Any]) -> dict[str, str]:
    """The fields of a form with what they are called, in the form's order."""
    return {name: _(word) for name, word in _LABELS[kind].items()}


def label(kind: type[Any], name: str) -> str:
    """What one field is called."""
    return _(_LABELS[kind][name])
