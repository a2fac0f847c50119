"""The only place where the desk is put together: one process, one window, one data folder."""

import contextlib
import dataclasses
import datetime as dt
import errno
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from clinicdesk import __version__, logs, settings, words
from clinicdesk.desk import dates, theme
from clinicdesk.desk.background import Background
from clinicdesk.desk.certificate_care import CertificateCare
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.collector import Collector
from clinicdesk.desk.sending_here import SendingHere
from clinicdesk.desk.shortcuts import Shortcuts
from clinicdesk.desk.sign_in.tiles import Tile
from clinicdesk.desk.translation import install_translations
from clinicdesk.desk.warming import Warming
from clinicdesk.desk.window import DeskWindow
from clinicdesk.settings import RememberedPerson, Settings
from clinicdesk.words import _

if TYPE_CHECKING:
    from clinicdesk.desk.first_run.opening import FirstRun, Made, ServerWays
    from clinicdesk.desk.preferences.computer import Computer
    from clinicdesk.desk.sign_in.server_signs import ServerSigns
    from clinicdesk.domain.staff import Person
    from clinicdesk.errors import ClinicError
    from clinicdesk.usecases.demo import DemoClinic
    from clinicdesk.usecases.place import Place
    from clinicdesk.usecases.schema import UpgradeStep


_SIGNAL_BEAT = 500  # milliseconds


@dataclass(frozen=True)
class Wish:
    """What the command line asked of the desk."""

    data_dir: Path
    demo: bool = False
    reset: bool = False
    now: dt.datetime | None = None
    language: str | None = None
    theme: str | None = None
    patients: int | None = None
    appointments: int | None = None


class Application(QObject):
    """The parts of a running desk. `opened` is called when the sign-in is usable."""

    upgrading = Signal(object)  # UpgradeStep
    reached = Signal()  # the server that could not be opened at the start

    def __init__(self, qt: QApplication, wish: Wish) -> None:
        super().__init__()
        self.qt = qt
        self.wish = wish
        # A folder that cannot be written is told in words when the database is opened; the log must not be first.
        with contextlib.suppress(OSError):
            settings.make_data_dir(wish.data_dir)  # else the log would make it, open to others
            logs.start_logging(wish.data_dir)
        self.settings = self._settings()
        words.use_language(self.settings.language)
        install_translations(qt, self.settings.language)
        theme.apply(qt, theme_of(self.settings))
        theme.follow_system(qt, self.settings.theme == "system")
        self.collector = Collector(self)
        self.background = Background(self._bug)
        self.clock = DeskClock(wish.now, self)
        self.shortcuts = Shortcuts(qt, letters=self.settings.single_letter_keys)
        self.window = DeskWindow(self.background, self.clock, self.shortcuts)
        self.window.theme_chosen.connect(self._dress)
        self.window.preferences = lambda: self.settings
        self.window.computer = self._computer
        self.window.settings_chosen.connect(self._prefer)
        self.window.person_signed_in.connect(self._remember)
        self.window.forget_requested.connect(self._forget)
        self.window.enrolment_lost.connect(self._offer_enrolment)
        self.certificates = CertificateCare(self.background, self)
        self.certificates.renewed.connect(self._certificate_renewed)
        self.certificates.said.connect(self._say_at_work)
        self.sending = SendingHere(self.window, self.background, wish.data_dir, self)
        self.window.asks_before_closing = self.sending.asks_before_closing
        self.place: Place | None = None
        self.demo: DemoClinic | None = None
        self._signs: list[tuple[str, str]] = []
        self.server_signs: ServerSigns | None = None
        self.first_run: FirstRun | None = None
        self.server_ways: ServerWays | None = None  # how a clinic server is joined, where it is not the usual way
        self.warming = Warming(self)
        self.opened: Callable[[], None] = lambda: None
        self.bugs: list[BaseException] = []
        self._reaching = threading.Lock()
        self.reached.connect(self._reached, Qt.ConnectionType.QueuedConnection)
        self.upgrading.connect(self._say_upgrade, Qt.ConnectionType.QueuedConnection)

    def open(self) -> None:
        """Start the server and offer the sign-in; the window is on screen meanwhile."""
        page = self.window.sign_in_page
        page.show_opening()
        page.side.set_signs([("server", _("Opening the clinic’s database…"))])
        self.background.run(self, self._open_clinic, self._opened, self._not_opened)

    def close(self) -> None:
        """Give everything back, the server included."""
        self.window.leave()
        self.background.close()
        self.collector.close()
        self.sending.close()
        if self.first_run is not None:
            self.first_run.close()
        if self.place is not None:
            self.place.close()
            self.place = None
        logs.stop_logging()

    # --- opening, off the UI thread ---

    def _open_clinic(self) -> "tuple[Place | None, DemoClinic | None]":
        """What is opened; no place when a clinic is still to be made or joined."""
        from clinicdesk.errors import NoClinicHere
        from clinicdesk.usecases.first_run import has_clinic
        from clinicdesk.usecases.place import joined, open_place
        from clinicdesk.usecases.schema import bring_up
        from clinicdesk.usecases.snapshot import sweep

        sweep(self.wish.data_dir)
        # The demo clinic never leaves this computer, whatever server the desk joined.
        wanted = joined(self.settings, None) if self.wish.demo else self.settings
        try:
            place = open_place(self.wish.data_dir, wanted, must_exist=not self.wish.demo)
        except NoClinicHere:
            return None, None
        try:
            if not self.wish.demo and place.local is not None and not has_clinic(place.local):
                place.close()
                return None, None
            if not self.wish.demo and place.local is not None:
                bring_up(place.local, self.upgrading.emit)
            return place, self._open_demo(place) if self.wish.demo else None
        except BaseException:
            place.close()
            raise

    def _computer(self) -> "Computer":
        """What the settings may ask of this computer."""
        from clinicdesk.desk.preferences.computer import Computer, MoveDoors
        from clinicdesk.usecases import desks, doctor, moving
        from clinicdesk.usecases.place import joined

        folder, kept = self.wish.data_dir, joined(self.settings, None) if self.demo else self.settings
        local = self.place.local if self.place else None
        if local is None or local.is_demo or self.demo:
            return Computer(lambda clinic: doctor.examine(folder, kept, clinic))
        return Computer(
            lambda clinic: doctor.examine(folder, kept, clinic),
            MoveDoors(
                lambda: moving.ready(local),
                lambda address: desks.look_for_server(address).milliseconds,
                lambda address, code, name: desks.enrol(folder, address, code, name),
                lambda enrolled, name, told, cancelled: moving.move(
                    local, enrolled, dataclasses.replace(self.settings, desk_name=name), told, cancelled
                ),
                self._moved,
            ),
        )

    def _moved(self, wanted: Settings) -> None:
        """Go on at the server: the sign-in of that place, with the people this computer remembers."""
        self.settings = wanted
        self.window.leave()
        self.sending.serve(None)
        if self.place is not None:
            place, self.place = self.place, None
            self.background.leave(place.close)
        self.open()

    def _say_upgrade(self, step: "UpgradeStep") -> None:
        """While the database comes to this release nobody can sign in; what is cut short goes on at the next start."""
        from clinicdesk.desk.wording_places import upgrade_step

        words = upgrade_step(step)
        again = _("This takes a few minutes and happens once. If the computer stops, it goes on at the next start.")
        self.window.sign_in_page.show_opening(f"{words}\n{again}")
        self.window.sign_in_page.side.set_signs([("server", words)])

    def _open_demo(self, place: "Place") -> "DemoClinic":
        from clinicdesk.usecases.demo import open_demo

        assert place.local is not None
        sizes = {} if self.wish.patients is None else {"patients": self.wish.patients}
        return open_demo(
            place.local.cluster,
            self.wish.data_dir,
            self.wish.now,
            self.wish.reset,
            appointments=self.wish.appointments,
            **sizes,
        )

    def _opened(self, found: "tuple[Place | None, DemoClinic | None]") -> None:
        from clinicdesk.usecases.door import Door
        from clinicdesk.usecases.tries import Tries

        self.place, self.demo = found
        if self.place is None:
            self._ask_first_questions()
            return
        if self.demo and self.wish.now is None:
            self.clock.begin_at(self.demo.moment)
        self.tries = Tries(self.wish.data_dir)
        address = self.demo.address if self.demo else self.place.address
        desk = self.settings.desk_name or _("Desk")
        self.door = Door(self.wish.data_dir, lambda: address, desk, self.tries)
        self.window.use_door(self.door, self.place, recoverable=self.place.local is not None and self.demo is None)
        self._reached()
        self.warming.begin()
        self.opened()

    def _reached(self) -> None:
        local = self.place.local if self.place and self.demo is None else None
        self.sending.serve(local)
        self._furnish()
        self._watch_server()

    def _furnish(self) -> None:
        """Make the sign-in usable: who may sign in, and what is known of this computer."""
        self.window.sign_in_page.set_busy(False)  # first, for what is disabled cannot take the keyboard
        self.window.sign_in_page.set_idle_minutes(self.settings.idle_lock_minutes)
        self._offer_people()
        side = self.window.sign_in_page.side
        side.set_facts(
            _("This computer"),
            [
                self._place_fact(),
                ("monitor", _("Desk"), self.settings.desk_name or _("not named yet")),
                ("badge-check", _("Version"), __version__),
            ],
        )
        side.set_signs(self._signs)

    def _place_fact(self) -> tuple[str, str, str]:
        server = self.place.server if self.place else None
        if server is not None:
            return "server", _("Server"), str(server)
        return "building-2", _("Clinic"), _("Demo clinic") if self.demo else _("On this computer")

    def _watch_server(self) -> None:
        """Say how the database stands: of this computer once, of a clinic server while the sign-in is on show."""
        from clinicdesk.desk.sign_in.server_signs import ServerSigns

        if self.place is None or not self.place.is_server:
            version = self.place.local.cluster.server_version if self.place and self.place.local else ""
            only_here = _("PostgreSQL {version}, on this computer only").format(version=version)
            self._say_signs([("server", _("The database of this computer answers")), ("shield-check", only_here)])
            return
        self._say_signs([("server", _("Asking the clinic’s server…"))])
        if self.server_signs is None:
            self.server_signs = ServerSigns(self.place, self.background, lambda: self.window.workspace is None, self)
            self.server_signs.said.connect(self._say_signs)
            self.server_signs.away.connect(self._server_away)
            self.server_signs.back.connect(lambda: self.window.sign_in_page.set_notice(""))
        self.server_signs.look()

    def _say_signs(self, signs: list[tuple[str, str]]) -> None:
        self._signs = signs
        self.window.sign_in_page.side.set_signs(signs)

    def _server_away(self, error: "ClinicError") -> None:
        from clinicdesk.desk.wording import sentence

        if self.server_signs is not None:
            self.window.sign_in_page.set_notice(sentence(error), _("Try again"), self.server_signs.look)

    def _offer_people(self) -> None:
        page = self.window.sign_in_page
        if self.demo:
            passwords = {one.login: one.password for one in self.demo.people}
            page.set_people(
                [Tile(one.login, one.name, _(one.role_label), one.hue) for one in self.demo.people], passwords
            )
            return
        page.set_people([self._tile(one, latest=not place) for place, one in enumerate(self.settings.last_people)])

    def _tile(self, one: RememberedPerson, *, latest: bool) -> Tile:
        """A person as this computer remembers them, and when they were here last."""
        remark = _("last to use this desk") if latest else ""
        if one.last_used and not latest:
            with contextlib.suppress(ValueError):
                at = dt.datetime.fromisoformat(one.last_used)
                remark = dates.moment(at, self.clock.now(), self.clock.zone)
        return Tile(one.login, one.name, one.role, one.hue, remark, latest)

    def _forget(self, login: str) -> None:
        """Take somebody off this computer's tiles; they type their login next time."""
        self.settings = self.settings.without_person(login)
        self._keep_settings()
        self._offer_people()

    def _not_opened(self, error: "ClinicError") -> None:
        from clinicdesk.desk.wording import sentence
        from clinicdesk.errors import DeskNotEnrolled
        from clinicdesk.usecases.snapshot import anybody_kept

        page = self.window.sign_in_page
        page.side.set_signs([("triangle-alert", _("The database could not be opened"))])
        page.show_closed()
        if anybody_kept(self.wish.data_dir):
            self._offer_what_was_kept()
        else:
            page.set_busy(True)
        if isinstance(error, DeskNotEnrolled):
            self._offer_enrolment(error)
        else:
            page.refused(sentence(error))

    def _offer_enrolment(self, error: "ClinicError") -> None:
        """The server does not know this computer any more: say so, and lead to where a new code is typed."""
        from clinicdesk.desk.wording import sentence

        page = self.window.sign_in_page
        page.clear_refusal()
        page.set_notice(sentence(error), _("Enrol again"), self._enrol_again)

    def _enrol_again(self) -> None:
        """Ask for a new code; the server's address and this desk's name are known."""
        from clinicdesk.domain import first_run as domain
        from clinicdesk.usecases import first_run
        from clinicdesk.usecases.place import server_of

        known = first_run.kept_answers(self.wish.data_dir)
        where, name = str(server_of(self.settings) or ""), self.settings.desk_name
        answers = dataclasses.replace(known, step=0, place=domain.Place.SERVER, server_address=where, desk_name=name)
        first_run.keep_answers(self.wish.data_dir, answers)
        self.window.sign_in_page.set_notice("")
        self._ask_first_questions()

    def _offer_what_was_kept(self) -> None:
        """Whoever was here in the last days can read today and tomorrow; the server is looked for meanwhile."""
        from clinicdesk.usecases.door import Door
        from clinicdesk.usecases.tries import Tries

        self.tries = Tries(self.wish.data_dir)
        door = Door(self.wish.data_dir, self._reach, self.settings.desk_name or _("Desk"), self.tries)
        self.window.set_door(door.enter)
        page = self.window.sign_in_page
        page.set_busy(False)
        self._offer_people()
        page.side.set_signs(
            [
                ("triangle-alert", _("The database could not be opened")),
                ("wifi-off", _("Sign in to read today and tomorrow as they were kept here")),
            ]
        )

    def _reach(self) -> Mapping[str, str]:
        """Off the UI thread: the address of a server that could not be opened before, when it can be now."""
        from clinicdesk.errors import ClinicError, ClinicUnreachable

        with self._reaching:
            if self.place is None:
                try:
                    self.place, self.demo = self._open_clinic()
                except ClinicError as error:
                    # Whatever it is, there is no server now, and what was kept can be read all the same.
                    raise ClinicUnreachable from error
                if self.place is None:
                    raise ClinicUnreachable
                self.reached.emit()
            return self.demo.address if self.demo else self.place.address

    # --- the first run ---

    def _ask_first_questions(self) -> None:
        """Instead of a refusal: where the data are to be, and who the clinic is."""
        from clinicdesk.desk.first_run.opening import FirstRun

        run = FirstRun(
            self.wish.data_dir, self.settings, self.background, self.shortcuts, self.clock, self, self.server_ways
        )
        self.first_run = run
        run.joined.connect(self._joined)
        run.entered.connect(self._entered)
        run.demo_wanted.connect(self._try_demo)
        run.quit_wanted.connect(self.window.close)
        self.window.show_first_run(run.page)
        run.page.take_focus()
        self.opened()

    def _joined(self, wanted: Settings) -> None:
        """This desk is of a clinic server from now on; whoever is there already signs in."""
        self.settings = wanted
        settings.save(self.wish.data_dir, wanted)
        if self.server_signs is not None:  # they look at the server of before
            self.server_signs.deleteLater()
            self.server_signs = None
        if self.first_run is not None and not self.first_run.stands:
            self._end_first_run()
            self.open()

    def _entered(self, made: "Made") -> None:
        """A clinic stands and its owner is in it."""
        from clinicdesk.usecases.place import joined

        self._end_first_run()
        if not made.place.is_server:  # also of a desk that was of a server before
            self.settings = joined(self.settings, None)
            self._keep_settings()
        self._opened((made.place, None))
        self.window.enter(made.signed_in)

    def _try_demo(self) -> None:
        """The demo in the same window; the questions stay when it cannot be made."""
        run = self.first_run
        assert run is not None
        wish, self.wish = self.wish, dataclasses.replace(self.wish, demo=True)

        def refused(error: "ClinicError") -> None:
            self.wish = wish
            run.page.say(error)

        def opened(found: "tuple[Place | None, DemoClinic | None]") -> None:
            self._end_first_run()
            self._opened(found)

        self.background.run(self, self._open_clinic, opened, refused)

    def _end_first_run(self) -> None:
        run, self.first_run = self.first_run, None
        if run is not None:
            run.close()
            self.window.end_first_run(run.page)
            run.deleteLater()

    # --- the rest ---

    def _settings(self) -> Settings:
        stored = settings.load(self.wish.data_dir)
        changes: dict[str, str] = {}
        if self.wish.language:
            changes["language"] = self.wish.language
        if self.wish.theme:
            changes["theme"] = self.wish.theme
        return dataclasses.replace(stored, **changes)  # type: ignore[arg-type]

    def _remember(self, person: "Person") -> None:
        from clinicdesk.desk.wording import role_word

        if person.role == "owner":
            self._offer_unlocking()
        self._care_for_certificates(person)
        self._resume_call_screen()
        if self.demo:
            return
        role, now = dates.capitalised(role_word(person.role)), self.clock.now().astimezone(dt.UTC)
        remembered = RememberedPerson(person.login, person.name, role, person.hue, now.isoformat(timespec="seconds"))
        self.settings = self.settings.with_person(remembered)
        self._keep_settings()
        self._offer_people()

    def _keep_settings(self) -> None:
        """Keep them for the next start; where that cannot be, say so and go on."""
        from clinicdesk.errors import SettingsNotKept

        try:
            settings.save(self.wish.data_dir, self.settings)
        except OSError as error:
            logs.log(__name__).warning("settings_not_kept", exc_info=error)
            self._say(SettingsNotKept(str(self.wish.data_dir), error.errno in (errno.ENOSPC, errno.EDQUOT)))

    def _resume_call_screen(self) -> None:
        """The waiting room's screen comes back with whoever signs in next at this desk."""
        workspace = self.window.workspace
        if workspace is not None:
            workspace.call_screen.remembered.connect(self._remember_call_screen)
            workspace.call_screen.resume(self.settings.call_screen, self.settings.call_sound)

    def _remember_call_screen(self, monitor: str, sound: bool) -> None:
        remembered = dataclasses.replace(self.settings, call_screen=monitor, call_sound=sound)
        if remembered != self.settings:
            self.settings = remembered
            self._keep_settings()

    def _care_for_certificates(self, person: "Person") -> None:
        """On a clinic server: renew what ends within a month; owners and managers hear of what they have to see to."""
        workspace, place = self.window.workspace, self.place
        if workspace is None or place is None or not place.is_server:
            return
        look = self.server_signs.seen if self.server_signs is not None else None
        self.certificates.look_after(workspace.signed_in.clinic, place, look, tell=person.role in ("owner", "manager"))

    def _certificate_renewed(self, place: "Place") -> None:
        self.place = place

    def _say_at_work(self, words: str) -> None:
        if self.window.workspace is not None:
            self.window.workspace.toasts.show_toast(words, icon="triangle-alert")

    def _offer_unlocking(self) -> None:
        """Tell an owner who tried too often here, with the way to let them try again."""
        locked = self.tries.locked()
        if locked and self.window.workspace:
            words = _("Locked here after too many wrong passwords: {names}").format(names=", ".join(locked))
            self.window.workspace.toasts.show_toast(
                words, lambda: self.tries.unlock(*locked), "lock", undo_word=_("Unlock")
            )

    def _dress(self, wanted: settings.Theme) -> None:
        self._prefer(dataclasses.replace(self.settings, theme=wanted))

    def _prefer(self, wanted: Settings) -> None:
        """Put this desk's settings in force and keep them."""
        before, self.settings = self.settings, wanted
        if theme_of(wanted) != theme_of(before) or wanted.theme != before.theme:
            theme.apply(self.qt, theme_of(wanted))
            theme.follow_system(self.qt, wanted.theme == "system")
        self.shortcuts.set_letters(wanted.single_letter_keys)
        self._keep_settings()
        self.window.sign_in_page.set_idle_minutes(wanted.idle_lock_minutes)
        if self.window.idle.watching:
            self.window.idle.start()
        if wanted.language != before.language:
            words.use_language(wanted.language)
            install_translations(self.qt, wanted.language)
            # After the click that asked for it: what was clicked is about to go.
            QTimer.singleShot(0, self._speak_anew)

    def _speak_anew(self) -> None:
        """Say everything again in the language that was chosen, the sign-in too."""
        self.window.rebuild()
        self._reached()

    def catch_bugs(self) -> None:
        """From now on an error that nobody foresaw, in a slot too, is logged and shown instead of printed."""

        def caught(_kind: type[BaseException], error: BaseException, _trace: object) -> None:
            self._bug(error)

        sys.excepthook = caught

    def _bug(self, error: BaseException) -> "ClinicError":
        from clinicdesk.errors import Unforeseen

        fact = Unforeseen(logs.reference(error), str(self.wish.data_dir / "logs"))
        self.bugs.append(error)
        self._say(fact)
        return fact

    def _say(self, fact: "ClinicError") -> None:
        """Say it where the person is: at work or before the sign-in."""
        from clinicdesk.desk.wording import sentence

        if self.window.workspace is not None:
            self.window.workspace.toasts.show_toast(sentence(fact), icon="circle-alert")
        else:
            self.window.sign_in_page.refused(sentence(fact))


def theme_of(wanted: Settings) -> theme.Theme:
    """The theme that the settings of a desk ask for."""
    base = theme.Theme(
        high_contrast=wanted.high_contrast,
        density=theme.DENSITIES[wanted.density],
        text_scale=wanted.text_scale / 100,
        reduced_motion=wanted.reduced_motion,
    )
    return theme.chosen(wanted.theme, base)


def _end_by_signal(qt: QApplication, sending: SendingHere) -> None:
    """Close as by the window's button, without a question, when the system asks the process to end."""

    def end(*_arguments: object) -> None:
        sending.ask_nothing()
        qt.quit()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    # Python answers a signal between two of its own steps, and an idle event loop takes none.
    beat = QTimer(qt)
    beat.timeout.connect(lambda: None)
    beat.start(_SIGNAL_BEAT)


def run(
    data_dir: Path,
    *,
    demo: bool,
    reset: bool,
    now: dt.datetime | None,
    language: str | None,
    theme: str | None,
    patients: int | None,
    appointments: int | None,
) -> int:
    """Open the desk and stay until it is closed; the exit status."""
    qt = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(qt, QApplication)
    wish = Wish(data_dir, demo, reset, now, language, theme, patients, appointments)
    application = Application(qt, wish)
    application.catch_bugs()
    application.window.showMaximized()
    _end_by_signal(qt, application.sending)
    # After the first paint: importing the database layer takes longer than everything before it.
    QTimer.singleShot(0, application.open)
    try:
        return qt.exec()
    finally:
        application.close()
