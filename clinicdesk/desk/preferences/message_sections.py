"""The pages of rules, of texts, and of what holds for every message."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from clinicdesk.desk.preferences.doors import doors
from clinicdesk.desk.preferences.message_bounds import BodyBound
from clinicdesk.desk.preferences.message_kinds import (
    MessageWorld,
    follow_event,
    kind_of_messaging,
    kind_of_rules,
    kind_of_templates,
)
from clinicdesk.desk.preferences.section import Desk, FormSection
from clinicdesk.desk.preferences.world import World, read_world
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.domain.message_settings import MessagingForm, RuleForm, TemplateForm
from clinicdesk.domain.preferences import Kept, ServiceForm
from clinicdesk.domain.staff import Capability
from clinicdesk.domain.templates import TemplateFacts
from clinicdesk.usecases import message_plan, message_settings, preferences
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _


class RulesSection(FormSection):
    """One row for each rule, in a plain sentence; above them whether the clinic writes by itself at all."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Automatic messages"), kind_of_rules(), doors(desk.clinic, RuleForm))

    def read_world(self) -> World:
        clinic = self.desk.clinic
        begin(clinic)
        plain = read_world(clinic)
        texts = preferences.kept(clinic, TemplateForm)
        services = preferences.kept(clinic, ServiceForm)
        return MessageWorld(
            plain.clinic_id,
            plain.units,
            plain.professionals,
            templates=tuple(texts),
            services=tuple((one.id, one.form.name) for one in services if one.form.active),
        )

    def shown_row(self, kept: Kept[Any]) -> None:
        self._follow_event()

    def _edited(self) -> None:
        super()._edited()
        self._follow_event()

    def _follow_event(self) -> None:
        if self.editor is not None:
            follow_event(self.editor.bounds)


class TemplatesSection(FormSection):
    """Texts with their variables, and what somebody would read."""

    def __init__(self, desk: Desk) -> None:
        self.facts: TemplateFacts | None = None
        self.names: Sequence[str] = ()
        kind = kind_of_templates(lambda: self.names)
        super().__init__(desk, _("Texts"), kind, doors(desk.clinic, TemplateForm))

    def read_world(self) -> World:
        clinic = self.desk.clinic
        begin(clinic)
        self.facts = message_settings.sample(clinic, self.desk.clock.today())
        self.names = message_settings.catalogue_names(clinic)
        return super().read_world()

    def shown_row(self, kept: Kept[Any]) -> None:
        assert self.editor is not None
        body = self.editor.bounds["body"]
        assert isinstance(body, BodyBound)
        body.set_facts(self.facts)


class MessagingSection(FormSection):
    """Whether the clinic writes by itself, in which hours, and with what limits."""

    def __init__(self, desk: Desk) -> None:
        self.before: Banner | None = None
        kind = kind_of_messaging(self._make_head)
        super().__init__(desk, _("Hours and limits"), kind, doors(desk.clinic, MessagingForm))

    def shown_row(self, kept: Kept[Any]) -> None:
        if self.before is not None:
            self.before.setVisible(not kept.form.active)

    def _make_head(self) -> QWidget:
        words = _("The clinic does not write by itself yet")
        detail = _(
            "Rules and texts are ready to be looked at. See who would get what tomorrow, then switch it on below."
        )
        self.before = Banner("info", words, _("Who gets what tomorrow"), detail)
        self.before.acted.connect(lambda: self.place_wanted.emit("message_day"))
        return self.before


def begin(clinic: Clinic) -> None:
    """Give a clinic something to begin with, the first time a manager looks; called on a lane."""
    if clinic.person.rights.may(Capability.CHANGE_SETTINGS):
        message_plan.install_starter(clinic)
