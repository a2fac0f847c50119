"""What is wrong with a field of a form: short under the field itself, whole in a sentence."""

from clinicdesk.desk.wording_messages import channel_field_word
from clinicdesk.errors import InvalidField, InvalidForm
from clinicdesk.words import _, marked, ngettext

FIELDS = {
    "full_name": marked("Name"),
    "name": marked("Name"),
    "social_name": marked("Social name"),
    "phone": marked("Phone"),
    "email": marked("E-mail"),
    "cpf": marked("CPF"),
    "cnpj": marked("CNPJ"),
    "birth_date": marked("Birth date"),
    "guardian_id": marked("Guardian"),
    "guardian_kinship": marked("Kinship"),
    "address": marked("Address"),
    "source": marked("Source"),
    "note": marked("Note"),
    "to_time": marked("Not after"),
    "referred_by": marked("Referred by"),
    "number": marked("Number"),
    "priority": marked("Goes first by law"),
    "priority_until": marked("Until"),
    "conditions": marked("Conditions"),
    "role": marked("Role"),
    "login": marked("Login name"),
    "password": marked("Password"),
    "organisation": marked("Organisation"),
    "clinic": marked("Clinic"),
    "state": marked("State"),
    "zone": marked("Time zone"),
    "starts_at": marked("Start"),
    "ends_at": marked("End"),
    "date": marked("Date"),
    "overbooking_reason": marked("Reason for the overbooking"),
    "cancelled_by": marked("Who cancelled"),
    "reason": marked("Reason"),
    "professional": marked("Professional"),
    "patient": marked("Patient"),
    "service": marked("Service"),
    "status": marked("Status"),
    "code": marked("Code"),
    "server_address": marked("Address of the server"),
    "desk_code": marked("Code of invitation"),
    "desk_name": marked("Name of the desk"),
    "due_month": marked("Month"),
    "active": marked("In use"),
    "choices": marked("Choices"),
    "text": marked("Text"),
    "city": marked("City"),
    "clinic_ids": marked("Works in"),
    "council": marked("Council"),
    "council_state": marked("State of the council"),
    "day": marked("Day"),
    "duration_minutes": marked("Duration"),
    "days": marked("Days of the week"),
    "exceptions": marked("Days that differ"),
    "first_day": marked("First day"),
    "file": marked("File"),
    "hours": marked("Hours"),
    "hue": marked("Colour"),
    "images": marked("Pictures"),
    "last_day": marked("Last day"),
    "logo": marked("Logo"),
    "percent_off": marked("Percent off"),
    "price": marked("Price"),
    "promotions": marked("Promotions"),
    "specialty": marked("Specialty"),
    "line": marked("Line"),
    "interval": marked("Interval"),
    "weekdays": marked("Days of the week"),
    "month_day": marked("Day of the month"),
    "series_end": marked("End of the series"),
    "series_count": marked("Number of visits"),
    "event": marked("Event"),
    "position": marked("Position"),
    "words": marked("Words of the consent"),
    "body": marked("Text"),
    "subject": marked("Subject"),
    "template_id": marked("Template"),
    "channels": marked("Channels"),
    "offset_minutes": marked("How long before or after"),
    "late_minutes": marked("Not later than"),
    "excluded_service_ids": marked("But not these"),
    "provider": marked("Provider"),
    "provider_name": marked("Name of the approved template"),
    "provider_variables": marked("Variables in their order"),
    "per_minute": marked("Messages a minute"),
    "receives": marked("How replies arrive"),
    "grace_minutes": marked("Grace after booking"),
    "offer_minutes": marked("How long an offer stands"),
    "media_days": marked("Days that files are kept"),
    "public_address": marked("Public address"),
    "recipient": marked("To"),
    "proof": marked("Proof"),
    "shortcut": marked("Shortcut"),
}
PROBLEMS = {
    "missing": marked("Fill this in"),
    "type_again": marked("Type it again: it was given to another server"),
    "control_characters": marked("Has invisible characters; type it again"),
    "missing_digits": marked("Digits are missing"),
    "extra_digits": marked("There are too many digits"),
    "not_a_phone": marked("This is not a phone number; type it with the area code"),
    "not_a_cpf": marked("A CPF has eleven digits"),
    "not_an_email": marked("This is not an e-mail address; it looks like name@example.com"),
    "in_the_future": marked("This date is still to come"),
    "in_the_past": marked("This date has already passed"),
    "not_a_code": marked("A code is CD and twelve letters and digits, as on the slip"),
    "not_a_host": marked("This is no name or address of a computer; it looks like servidor.local or 192.168.0.10"),
    "not_a_port": marked("After the colon comes a number from 1 to 65535; leave it out if you do not know it"),
    "not_a_database": marked("After the slash comes the name of the database; leave it out if you do not know it"),
    "not_in_codes": marked("Codes have no such letter or sign; look at the code again"),
    "missing_letters": marked("Letters are missing"),
    "extra_letters": marked("There are too many letters; a code has sixteen"),
    "too_far_ahead": marked("More than three years ahead; check the year"),
    "too_long_ago": marked("More than 130 years ago; check the year"),
    "not_a_time": marked("This is not an hour; type it like 21:00"),
    "not_a_date": marked("This is not a date; type day/month/year"),
    "zero_length": marked("It has to be after the start"),
    "before_start": marked("It has to be after the start"),
    "across_midnight": marked("It has to be on the same day as the start"),
    "taken": marked("Somebody has this one already; choose another"),
    "out_of_range": marked("This number is too small or too large"),
    "too_many_visits": marked("A series has at most 366 visits; choose an earlier end"),
    "not_later": marked("It has to be later than it is now"),
    "letters_only": marked("Use small letters, digits and dots only, beginning with a letter"),
    "not_a_shortcut": marked("Use small letters, digits and hyphens only, without spaces"),
    "too_many_cells": marked("It has more cells than the heading; check separators and quotation marks"),
    "too_few_cells": marked("It has fewer cells than the heading; check separators and quotation marks"),
    "unreadable_characters": marked("Some of its letters cannot be read; save the file again as UTF-8"),
    "unreadable_time": marked("Its time cannot be read; correct it in the other calendar"),
    "no_uid": marked("It has no number of its own (UID); export the calendar again"),
    "too_often": marked("It repeats too often to be a visit; block the time here instead"),
    "quoting": marked("Its quotation marks do not match; correct them or save the file again"),
    "ambiguous": marked("Several people fit; write the whole name or add the phone"),
    "unknown": marked("This one is not known here; check how it is spelled"),
    "not_a_number": marked("This is not a number; type it in figures"),
    "not_a_choice": marked("Choose one of the list"),
    "impossible": marked("Nobody can be found like this; check the numbers"),
    "twice": marked("One of them stands there twice"),
    "itself": marked("Nobody stands here for themselves; choose somebody else"),
    "not_a_state": marked("Use the two letters of a Brazilian state, such as SP"),
    "reserved_hue": marked("Red belongs to warnings; choose another colour"),
    "unknown_kind": marked("Files of this kind cannot be sent; a picture, audio, video, PDF or office document can"),
    "dangerous": marked("A file of this kind can carry a program and is not sent; send it as a PDF"),
    "not_a_picture": marked("Only PNG and JPEG pictures can be kept"),
    "not_whole": marked("This is not a whole number"),
    "not_an_amount": marked("This is not an amount of money"),
    "taken_day": marked("This day is in the list already"),
    "same_day_twice": marked("One of the days stands here twice"),
    "both": marked("The same service stands on both lists"),
    "not_an_address": marked("This is not an address; it looks like https://api.example.com"),
    "not_safe": marked("It has to begin with https"),
    "unknown_variable": marked("There is no such variable"),
    "overlapping": marked("Two stretches overlap"),
    "not_a_zone": marked("Use the name of a time zone, such as America/Sao_Paulo"),
}
OF_CHANNEL = "channel."  # how what a provider asks for begins
OWN = "custom."  # how the fields that a clinic added begin
COUNTED = (
    "too_long",
    "missing_digits",
    "missing_letters",
    "out_of_range",
    "picture_too_large",
    "too_many_pixels",
    "too_many_pictures",
    "file_too_large",
)
OF_A_NUMBER = ("check_digits",)


def field_label(field: str) -> str:
    """What a form calls the field; a field nobody named keeps the name it has in the data."""
    if field.startswith(OWN):
        return _("Own field")
    if field.startswith(OF_CHANNEL):
        return channel_field_word(field.removeprefix(OF_CHANNEL))
    return _(FIELDS[field]) if field in FIELDS else field.replace("_", " ")


def field_problem(problem: InvalidField) -> str:
    """What stands under the field: “Falta um dígito”. No full stop."""
    if problem.reason == "too_long":
        limit = int(problem.detail or 200)
        return ngettext("At most {count} character", "At most {count} characters", limit).format(count=limit)
    if problem.reason == "missing_digits" and problem.detail.isdecimal():
        count = int(problem.detail)
        return ngettext("{count} digit is missing", "{count} digits are missing", count).format(count=count)
    if problem.reason == "missing_letters" and problem.detail.isdecimal():
        count = int(problem.detail)
        return ngettext("{count} letter is missing", "{count} letters are missing", count).format(count=count)
    if problem.reason == "out_of_range":
        low, _dash, high = problem.detail.partition("-")
        return _("From {low} to {high}").format(low=low, high=high)
    if problem.reason == "too_many_pictures":
        return _("There is room for {count} pictures; remove one first").format(count=problem.detail)
    if problem.reason == "picture_too_large":
        return _("The picture is larger than {size} KB; make it smaller").format(size=problem.detail)
    if problem.reason == "file_too_large":
        return _("The file is larger than {size} MB; send it in parts").format(size=problem.detail)
    if problem.reason == "too_many_pixels":
        return _("The picture has more than {count} megapixels; make it smaller").format(count=problem.detail)
    if problem.reason == "unknown_variable" and problem.detail:
        return _("There is no variable {name}").format(name="{" + problem.detail + "}")
    if problem.reason == "check_digits":
        return _("The {field} does not check").format(field=field_label(problem.field))
    return _(PROBLEMS[problem.reason]) if problem.reason in PROBLEMS else _("This cannot be accepted")


def field_sentence(problem: InvalidField) -> str:
    """The field and its problem as one sentence: “Telefone: falta um dígito.”"""
    said = field_problem(problem)
    # “CPF” and the like keep their capitals.
    lowered = said[:1].lower() + said[1:] if said[1:2].islower() or said[1:2] == " " else said
    return f"{field_label(problem.field)}: {lowered}."


def form_sentence(form: InvalidForm) -> str:
    """Everything that a form lacks, in its order."""
    return " ".join(field_sentence(problem) for problem in form.problems) or _("Something in the form is missing.")
