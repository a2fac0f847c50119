"""Rules, texts and what holds for every message, as kinds of settings: fields, lines of the lists, new ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinicdesk.desk.preferences.bound import Bound, ChoiceBound, LineBound, SwitchBound, number_bound
from clinicdesk.desk.preferences.editor import Line
from clinicdesk.desk.preferences.kinds import Kind, line
from clinicdesk.desk.preferences.labels import label
from clinicdesk.desk.preferences.listing import Row
from clinicdesk.desk.preferences.message_bounds import (
    BodyBound,
    ChannelOrderBound,
    FoldedPicksBound,
    SpanBound,
    VariablesBound,
    span_words,
    time_bound,
)
from clinicdesk.desk.preferences.world import World
from clinicdesk.desk.wording_messages import (
    channels_words,
    event_word,
    purpose_word,
    variables_kept,
    variables_shown,
)
from clinicdesk.domain.message_settings import GUARDIAN, PATIENT, WITH_OFFSET, MessagingForm, RuleForm, TemplateForm
from clinicdesk.domain.messages import Event, Purpose
from clinicdesk.domain.preferences import Kept
from clinicdesk.words import _

OFFSETS = (60, 120, 180, 360, 720, 1440, 2880, 4320, 7200, 10080, 20160, 43200)
LATE = (15, 30, 60, 120, 240, 480, 720, 1440, 2880, 10080)
RULE_EVENTS = tuple(Event)
LANGUAGES = (("pt_BR", "Português (Brasil)"), ("es", "Español"), ("en", "English"))
_EVENT_ICONS = {
    Event.BOOKED: "calendar-plus",
    Event.REMINDER: "bell",
    Event.MOVED: "calendar-clock",
    Event.CANCELLED: "calendar-x",
    Event.FOLLOW_UP: "message-circle",
    Event.BIRTHDAY: "cake",
    Event.OFFER: "hourglass",
    Event.CHECK_IN: "qr-code",
}


@dataclass(frozen=True)
class MessageWorld(World):
    """What rules choose from besides: the clinic's texts and services."""

    templates: tuple[Kept[TemplateForm], ...] = ()
    services: tuple[tuple[UUID, str], ...] = ()


# --- rules -----------------------------------------------------------------------------------------------------------


def rule_title(form: RuleForm) -> str:
    """When a rule speaks: `48 horas antes da consulta`."""
    if form.event is Event.REMINDER:
        return _("{span} before the visit").format(span=span_words(form.offset_minutes))
    if form.event is Event.FOLLOW_UP:
        return _("{span} after the visit").format(span=span_words(form.offset_minutes))
    if form.event is Event.CHECK_IN and form.offset_minutes:
        return _("Check-in code, {span} before the visit").format(span=span_words(form.offset_minutes))
    return event_word(form.event)


def rule_detail(form: RuleForm, world: World) -> str:
    """What it does then: `“Lembrete”, por WhatsApp, depois SMS`."""
    assert isinstance(world, MessageWorld)
    first, *others = (str(one) for one in form.channels) if form.channels else ("",)
    by = _("by {channel}").format(channel=channels_words((first,))) if first else _("by no channel")
    if others:
        by = _("{by}, then {others}").format(by=by, others=channels_words(tuple(others)))
    text = next((one.form.name for one in world.templates if one.id == form.template_id), "–")
    parts = [_("“{text}”, {by}").format(by=by, text=text)]
    if form.recipient == GUARDIAN:
        parts.append(_("to the guardian"))
    names = {one.id: one.form.name for one in world.professionals} | dict(world.services)
    only = [names[one] for one in (*form.professional_ids, *form.service_ids) if one in names]
    if only:
        parts.append(_("only {names}").format(names=", ".join(only)))
    without = [names[one] for one in form.excluded_service_ids if one in names]
    if without:
        parts.append(_("not {names}").format(names=", ".join(without)))
    return " · ".join(parts)


def _rule_rows(rules: Sequence[Kept[RuleForm]], world: World) -> list[Row]:
    events = list(Event)
    ordered = sorted(rules, key=lambda one: (events.index(one.form.event), -one.form.offset_minutes))

    def row(one: Kept[RuleForm], muted: bool) -> Row:
        detail = rule_detail(one.form, world)
        title = rule_title(one.form)
        if one.form.asks:
            title = _("{title}, asks for an answer").format(title=title)
        return Row(one.id, title, detail, icon=_EVENT_ICONS[one.form.event], muted=muted)

    on = [row(one, False) for one in ordered if one.form.active]
    off = [row(one, True) for one in ordered if not one.form.active]
    return on + ([Row(None, _("Switched off"), right=str(len(off))), *off] if off else [])


def _rule_lines(world: World) -> list[Line]:
    assert isinstance(world, MessageWorld)
    kind = RuleForm
    found: list[tuple[UUID | None, str]] = [(one.id, one.form.name) for one in world.templates if one.form.active]
    texts = found or [(None, _("Write one under “Texts” first"))]
    everybody, every = _("All of them"), _("None is left out")
    whom = [(PATIENT, _("the patient")), (GUARDIAN, _("who answers for them, if somebody does"))]
    professionals = [(one.id, one.form.name) for one in world.here if one.form.active]
    return [
        [
            ChoiceBound("event", label(kind, "event"), [(one, event_word(one)) for one in RULE_EVENTS]),
            SpanBound("offset_minutes", label(kind, "offset_minutes"), OFFSETS, _("at once")),
        ],
        [
            ChoiceBound("template_id", label(kind, "template_id"), texts),
            ChoiceBound("recipient", label(kind, "recipient"), whom),
        ],
        [ChannelOrderBound("channels", label(kind, "channels"))],
        [
            SwitchBound(
                "asks",
                label(kind, "asks"),
                _("“Reply 1 to confirm or 0 to cancel”, only where an answer can arrive"),
                _("asks"),
                _("asks nothing"),
            )
        ],
        "",
        _("For which visits"),
        [FoldedPicksBound("professional_ids", label(kind, "professional_ids"), professionals, everybody)],
        [FoldedPicksBound("service_ids", label(kind, "service_ids"), world.services, everybody)],
        [FoldedPicksBound("excluded_service_ids", label(kind, "excluded_service_ids"), world.services, every)],
        "",
        [
            SpanBound("late_minutes", label(kind, "late_minutes"), LATE, hint=_("For when the sending stood still")),
            SwitchBound("active", label(kind, "active"), _("Switched off it sends nothing"), _("on"), _("off")),
        ],
    ]


def kind_of_rules() -> Kind:
    """When the clinic writes by itself."""
    return Kind(
        RuleForm,
        _rule_lines,
        frozenset({"message_rule", "message_template"}),
        _rule_rows,
        lambda world, _kept: RuleForm(template_id=_first_text(world)),
        _("New rule"),
        (_("Nothing is sent by itself yet"), _("Add the first rule: a reminder two days before the visit, say.")),
        two_lines=True,
        wide=True,
        title=lambda kept, _world: rule_title(kept.form),
    )


def _first_text(world: World) -> UUID | None:
    assert isinstance(world, MessageWorld)
    return next((one.id for one in world.templates if one.form.active), None)


def follow_event(bounds: dict[str, Bound]) -> None:
    """What follows from the occasion: only some have a distance, and only some may ask."""
    event = bounds["event"].value()
    bounds["offset_minutes"].widget.setVisible(event in WITH_OFFSET)


# --- texts -----------------------------------------------------------------------------------------------------------


def _template_rows(texts: Sequence[Kept[TemplateForm]], _world: World) -> list[Row]:
    def row(one: Kept[TemplateForm], muted: bool) -> Row:
        approved = ("ok", "badge-check") if one.form.provider_name else None
        return Row(
            one.id,
            one.form.name,
            " ".join(variables_shown(one.form.body).split()),
            _("approved") if approved else "",
            icon="megaphone" if one.form.purpose is Purpose.MARKETING else "message-circle",
            muted=muted,
            chip=approved,
        )

    used = [row(one, False) for one in texts if one.form.active]
    unused = [row(one, True) for one in texts if not one.form.active]
    return used + ([Row(None, _("Out of use"), right=str(len(unused))), *unused] if unused else [])


def _template_lines(telling: Callable[[], Sequence[str]]) -> Callable[[World], list[Line]]:
    def lines(_world: World) -> list[Line]:
        kind = TemplateForm
        purposes = [(one, purpose_word(one)) for one in Purpose]
        taken = VariablesBound(
            "provider_variables", label(kind, "provider_variables"), _("as the approved text counts {{1}}, {{2}}…")
        )
        return [
            [line(kind, "name"), ChoiceBound("purpose", label(kind, "purpose"), purposes)],
            [BodyBound("body", label(kind, "body"), telling)],
            [
                line(
                    kind,
                    "subject",
                    optional=True,
                    hint=_("Only e-mails have one"),
                    read=lambda typed: variables_kept(typed.strip()),
                    write=variables_shown,
                )
            ],
            "",
            _("On WhatsApp, outside 24 hours of the patient’s last word"),
            [
                line(kind, "provider_name", optional=True, hint=_("exactly as in the provider’s panel")),
                ChoiceBound("provider_language", label(kind, "provider_language"), LANGUAGES),
            ],
            [taken],
            "",
            [SwitchBound("active", label(kind, "active"), "", _("in use"), _("out of use"))],
        ]

    return lines


def kind_of_templates(telling: Callable[[], Sequence[str]]) -> Kind:
    """The clinic's texts; `telling` gives the names of services and specialties, which no text should say."""
    return Kind(
        TemplateForm,
        _template_lines(telling),
        frozenset({"message_template"}),
        _template_rows,
        lambda _world, _kept: TemplateForm(),
        _("New text"),
        (_("No texts yet"), _("Write the first one; rules send it.")),
        two_lines=True,
    )


# --- what holds for all of them --------------------------------------------------------------------------------------


def _messaging_lines(head: Callable[[], QWidget]) -> Callable[[World], list[Line]]:
    def lines(_world: World) -> list[Line]:
        kind = MessagingForm

        def number(name: str, hint: str) -> LineBound:
            return number_bound(name, label(kind, name), None, hint)

        return [
            head(),
            [
                SwitchBound(
                    "active",
                    label(kind, "active"),
                    _("Look first at who gets what tomorrow. Off, rules plan nothing and nothing planned goes out."),
                    _("on"),
                    _("off"),
                )
            ],
            "",
            _("When nobody is written to"),
            [
                time_bound("quiet_from", label(kind, "quiet_from")),
                time_bound("quiet_to", label(kind, "quiet_to"), _("What falls into it is sent before or after")),
            ],
            [SwitchBound("on_sundays", label(kind, "on_sundays"), "", _("yes"), _("no"))],
            "",
            [
                number("grace_minutes", _("An undone booking sends nothing")),
                number("offer_minutes", _("From the waiting list")),
                number("media_days", _("Then they go, unless kept in the record")),
            ],
            [
                line(
                    kind,
                    "public_address",
                    optional=True,
                    placeholder="https://",
                    hint=_("Where providers bring replies; without it nobody is asked to answer"),
                )
            ],
        ]

    return lines


def kind_of_messaging(head: Callable[[], QWidget]) -> Kind:
    """What holds for every message; `head` makes what stands above the fields."""
    kind: type[Any] = MessagingForm
    return Kind(
        kind,
        _messaging_lines(head),
        frozenset({"messaging_policy"}),
        title=lambda _kept, _world: _("Hours and limits"),
    )
