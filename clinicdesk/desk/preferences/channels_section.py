"""The page of the channels: the roads to patients in the order they are tried in, each with its account and a test."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.drafts import Typed
from clinicdesk.desk.preferences.account_bound import SecretsBound, SettingsBound
from clinicdesk.desk.preferences.bound import ChoiceBound, LineBound, SwitchBound, amount, number_bound
from clinicdesk.desk.preferences.channel_head import ChannelHead
from clinicdesk.desk.preferences.doors import Doors, doors
from clinicdesk.desk.preferences.editor import Line
from clinicdesk.desk.preferences.kinds import Kind, line
from clinicdesk.desk.preferences.labels import label
from clinicdesk.desk.preferences.listing import Row
from clinicdesk.desk.preferences.section import Desk, FormSection
from clinicdesk.desk.preferences.world import World
from clinicdesk.desk.undo import Deed
from clinicdesk.desk.wording_fields import OF_CHANNEL, field_problem
from clinicdesk.desk.wording_messages import (
    CHANNEL_ICONS,
    RECEIVES,
    channel_word,
    pause_words,
    provider_word,
)
from clinicdesk.domain.channel_fields import ADDRESSES, UNVERIFIED
from clinicdesk.domain.hooks import WAYS_IN, Receives, proposed_way_in
from clinicdesk.domain.message_settings import ChannelForm, ChannelState, Sender, TestState
from clinicdesk.domain.messages import CARRIERS, ChannelKind, Provider
from clinicdesk.domain.parcels import CHECK
from clinicdesk.domain.preferences import Kept, SaveForm
from clinicdesk.domain.queue import PauseChannel
from clinicdesk.errors import ClinicError, InvalidField, InvalidForm
from clinicdesk.usecases import message_settings, queue
from clinicdesk.usecases.clinic import Change, Clinic, new_id
from clinicdesk.usecases.message_settings import Roads, SendTest
from clinicdesk.words import _

_TABLES = frozenset({"message_channel", "messaging_policy"})
_ASK_EVERY = 1_000  # milliseconds while a test is on its way; the note that something changed is faster
_ASK_MOST = 90


class Ground:
    """What was read with the channels and is no field of them."""

    def __init__(self) -> None:
        self.roads = Roads({}, Sender())

    def state(self, channel_id: UUID) -> ChannelState | None:
        """How a channel stands."""
        return self.roads.states.get(channel_id)


def channel_doors(clinic: Clinic, ground: Ground) -> Doors:
    """Channels are kept with what is secret of them, and read with how they stand."""
    plain = doors(clinic, ChannelForm)

    def look() -> None:
        ground.roads = message_settings.roads(clinic)

    def read() -> Sequence[Kept[ChannelForm]]:
        look()
        return plain.read()

    def save(command: SaveForm[Any]) -> Kept[Any]:
        saved = message_settings.save_channel(clinic, command)
        look()
        return saved

    return Doors(read, plain.one, save, plain.history, remove=plain.remove, order=plain.order)


class ChannelsSection(FormSection):
    """A channel that is made says which provider it is of; afterwards that stays."""

    def __init__(self, desk: Desk, ground: Ground | None = None) -> None:
        self.ground = ground or Ground()
        self.head: ChannelHead | None = None
        self.test: TestState | None = None
        self._tested: UUID | None = None
        self._asked = 0
        self._of = desk
        super().__init__(desk, _("Channels"), self._kind(), channel_doors(desk.clinic, self.ground))
        self._asking = QTimer(self, interval=_ASK_EVERY)
        self._asking.timeout.connect(self._ask_state)

    # --- what the page calls ---

    def apply_change(self, change: Change) -> None:
        super().apply_change(change)
        if change.kind == "outgoing_message" and self.test is not None and change.id == self.test.id:
            self._ask_state()

    def typed(self) -> list[Typed]:
        """Credentials are never written down as a draft."""
        found = super().typed()
        for one in found:
            one.values[1]["secrets"] = []
        return found

    # --- showing ---

    def shown_row(self, kept: Kept[Any]) -> None:
        editor = self.editor
        assert editor is not None
        new = kept is self._new
        for name in ("kind", "provider"):
            editor.bounds[name].set_read_only(not new or not self.desk.can_write)
        if self._tested != kept.id:
            self._tested, self.test = kept.id, None
            self._asking.stop()
        self._follow_provider(kept)
        if self.head is not None:
            self.head.show_test(self.test)

    def _edited(self) -> None:
        super()._edited()
        kept = self._kept(self.current)
        if kept is not None:
            self._follow_provider(kept)

    def _follow_provider(self, kept: Kept[Any]) -> None:
        """Kind and provider decide what else is asked."""
        editor = self.editor
        assert editor is not None
        kind, provider = self._kind_chosen(), self._provider_chosen()
        settings, secrets = editor.bounds["settings"], editor.bounds["secrets"]
        assert isinstance(settings, SettingsBound)
        assert isinstance(secrets, SecretsBound)
        if settings.provider is not provider:
            settings.put({})
            secrets.put({})
        state = None if kept is self._new else self.ground.state(kept.id)
        secrets.show_sealed(state.sealed if state else {})
        ways = [(Receives.NOTHING, _(RECEIVES["nothing"]))] + [(one, _(RECEIVES[one])) for one in WAYS_IN[provider]]
        receives = editor.bounds["receives"]
        assert isinstance(receives, ChoiceBound)
        receives.set_options(ways)
        address = editor.bounds["address"]
        assert isinstance(address, LineBound)
        address.widget.setVisible(provider in ADDRESSES)
        address.line.setPlaceholderText(ADDRESSES.get(provider, ""))
        if self.head is not None:
            shown = ChannelForm(kind, provider, receives=receives.value(), active=kept.form.active)
            roads = self.ground.roads
            self.head.show_channel(shown, state, roads.sender, roads.public_address, self.desk.clock.now())

    def _kind_chosen(self) -> ChannelKind:
        assert self.editor is not None
        return ChannelKind(self.editor.bounds["kind"].value())

    def _provider_chosen(self) -> Provider:
        """The provider, out of those that carry this kind."""
        assert self.editor is not None
        kind, bound = self._kind_chosen(), self.editor.bounds["provider"]
        assert isinstance(bound, ChoiceBound)
        before = bound.value()
        bound.set_options([(one, provider_name(one)) for one in CARRIERS[kind]])
        provider = Provider(before) if before in CARRIERS[kind] else CARRIERS[kind][0]
        if bound.select.value != provider:
            bound.select.set_value(provider)
        return provider

    # --- saving ---

    def _refused(self, kept: Kept[Any], form: Any, error: ClinicError) -> None:
        """What is wrong with a field of the account stands under it."""
        problems = error.problems if isinstance(error, InvalidForm) else ()
        within = [one for one in problems if one.field.startswith(OF_CHANNEL)]
        super()._refused(
            kept, form, InvalidForm(tuple(one for one in problems if one not in within)) if within else error
        )
        for one in reversed(within):
            self._say_of_account(one)

    def _say_of_account(self, problem: InvalidField) -> None:
        assert self.editor is not None
        name = problem.field.removeprefix(OF_CHANNEL)
        for bound in (self.editor.bounds["settings"], self.editor.bounds["secrets"]):
            if isinstance(bound, SettingsBound | SecretsBound) and bound.set_field_error(name, field_problem(problem)):
                bound.fields[name].editor.setFocus()

    # --- pausing and testing ---

    def pause(self, reason: str) -> None:
        """Let the channel rest; the toast lets it go on."""
        kept = self._kept(self.current)
        if kept is not None:
            self._set_paused(kept, True, reason, self.desk.undo.did)

    def go_on(self) -> None:
        """Let it go on; the toast lets it rest again."""
        kept = self._kept(self.current)
        state = self.ground.state(kept.id) if kept is not None else None
        if kept is not None and state is not None:
            self._set_paused(kept, False, pause_words(state.paused_reason), self.desk.undo.did)

    def _set_paused(self, kept: Kept[Any], pause: bool, reason: str, done: Callable[[Deed], object]) -> None:
        name = kept.form.name
        words = _("{name} is paused") if pause else _("{name} goes on")
        clinic, operation = self.desk.clinic, new_id()

        def work() -> None:
            version = self.doors.one(kept.id).version
            queue.pause(clinic, PauseChannel(operation, kept.id, version, reason, pause))

        def take_back(again: Callable[[Deed], None]) -> None:
            self._set_paused(kept, not pause, reason, again)

        def went(_nothing: None) -> None:
            self.refresh()
            done(Deed(words.format(name=name), take_back))

        self.desk.background.run(self, work, went, self._tell, lane="writes")

    def check(self) -> None:
        """Ask the provider whether it takes what is saved; nothing is sent."""
        self.send_test(CHECK)

    def send_test(self, recipient: str) -> None:
        """Send a message to oneself, as saved, and follow what becomes of it."""
        kept = self._kept(self.current)
        if kept is None or kept is self._new or self.head is None:
            return
        body = _("Test of ClinicDesk: if you read this, the channel “{name}” works.").format(name=kept.form.name)
        command = SendTest(new_id(), kept.id, recipient, body, _("Test of ClinicDesk"))

        def sent(test: TestState) -> None:
            self._asked = 0
            self._take_test(kept.id, test)
            self._asking.start()

        def refused(error: ClinicError) -> None:
            if isinstance(error, InvalidField) and self.head is not None:
                self.head.say_recipient(field_problem(error))
            else:
                self._tell(error)

        clinic = self.desk.clinic
        self.desk.background.run(
            self, lambda: message_settings.send_test(clinic, command), sent, refused, lane="writes"
        )

    def _ask_state(self) -> None:
        test, channel = self.test, self._tested
        self._asked += 1
        if test is None or channel is None or test.over or self._asked > _ASK_MOST:
            self._asking.stop()
            return
        clinic = self.desk.clinic
        self.desk.background.run(
            self,
            lambda: message_settings.test_state(clinic, test.id),
            lambda found: self._take_test(channel, found),
            lambda _error: None,
            replaces="test",
        )

    def _take_test(self, channel: UUID, test: TestState) -> None:
        if channel == self._tested and self.head is not None:
            self.test = test
            self.head.show_test(test)

    # --- the kind ---

    def _kind(self) -> Kind:
        return Kind(
            ChannelForm,
            self._channel_lines,
            _TABLES,
            lambda kept, _world: self._channel_rows(kept),
            lambda _world, kept: self._new_channel(kept),
            _("New channel"),
            (
                _("No channel yet"),
                _("Without one nothing reaches a patient. WhatsApp first, SMS and e-mail behind it."),
            ),
            orderable=True,
            two_lines=True,
        )

    def _new_channel(self, kept: Sequence[Kept[ChannelForm]]) -> ChannelForm:
        missing = [one for one in ChannelKind if all(each.form.kind is not one for each in kept)]
        kind = missing[0] if missing else ChannelKind.WHATSAPP
        provider = CARRIERS[kind][0]
        way = proposed_way_in(provider, self.ground.roads.public_address)
        taken = {one.form.name for one in kept}
        name = channel_word(kind)
        number = next(at for at in range(1, len(taken) + 2) if (name if at == 1 else f"{name} {at}") not in taken)
        return ChannelForm(kind, provider, name if number == 1 else f"{name} {number}", receives=way)

    def _channel_rows(self, kept: Sequence[Kept[ChannelForm]]) -> list[Row]:
        used = [self._row(one, at + 1) for at, one in enumerate(one for one in kept if one.form.active)]
        unused = [self._row(one, 0) for one in kept if not one.form.active]
        return used + ([Row(None, _("Out of use"), right=str(len(unused))), *unused] if unused else [])

    def _row(self, one: Kept[ChannelForm], place: int) -> Row:
        form, state = one.form, self.ground.state(one.id)
        place_word = f"{place}º" if place and one.version else ""
        paused = state is not None and state.paused_at is not None
        chip = (
            ("warn", "pause")
            if paused and place
            else ("muted", "flask-conical")
            if form.provider in UNVERIFIED
            else None
        )
        word = _("paused") if paused and place else _("not verified") if chip else place_word
        detail = f"{channel_word(form.kind)} · {provider_word(form.provider)}"
        icon = CHANNEL_ICONS[form.kind]
        group = "used" if place else "unused"
        return Row(one.id, form.name, detail, word, icon=icon, muted=not place, group=group, chip=chip)

    def _channel_lines(self, _world: World) -> list[Line]:
        kind = ChannelForm
        clock = self._of.clock
        kinds = [(one, channel_word(one)) for one in ChannelKind]
        providers = [(one, provider_name(one)) for one in Provider]
        money = LineBound(
            "price", label(kind, "price"), read=amount("price"), write=_price_words, numbers=True,
            hint=_("Outside a conversation; shown before something is sent to many"),
        )  # fmt: skip
        return [
            self._make_head(),
            [
                ChoiceBound("kind", label(kind, "kind"), kinds),
                ChoiceBound("provider", label(kind, "provider"), providers),
            ],
            [line(kind, "name"), ChoiceBound("receives", label(kind, "receives"), [])],
            "",
            _("Account"),
            [SettingsBound("settings", label(kind, "settings"), self._provider_chosen)],
            [SecretsBound("secrets", label(kind, "secrets"), self._provider_chosen, clock.now, lambda: clock.zone)],
            [line(kind, "address", optional=True, hint=_("Only when the provider gave you another one"))],
            "",
            [
                number_bound("per_minute", label(kind, "per_minute"), None, _("So that the provider does not stop us")),
                money,
            ],
            [SwitchBound("active", label(kind, "active"), "", _("in use"), _("out of use"))],
        ]

    def _make_head(self) -> QWidget:
        self.head = ChannelHead(self._of.can_write)
        self.head.pause_wanted.connect(self.pause)
        self.head.go_on_wanted.connect(self.go_on)
        self.head.test_wanted.connect(self.send_test)
        self.head.check_wanted.connect(self.check)
        return self.head


def provider_name(provider: Provider) -> str:
    """A provider as it is chosen: one that nobody tried is called that."""
    word = provider_word(provider)
    return _("{provider} (not verified)").format(provider=word) if provider in UNVERIFIED else word


def _price_words(value: Any) -> str:
    """`0,035`: as many places as there are."""
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") or "0"
