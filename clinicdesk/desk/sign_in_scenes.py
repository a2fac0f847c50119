"""Pictures of what a shared computer asks: sign-in, codes, a new password, and the lock."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent

from clinicdesk.desk.sign_in.changing import ChangePassword
from clinicdesk.desk.sign_in.choosing import ChoosingPage, FirstPassword, Recovery
from clinicdesk.desk.sign_in.tiles import Tile
from clinicdesk.errors import AccountLocked, SignInRefused
from clinicdesk.words import _

if TYPE_CHECKING:
    from clinicdesk.desk.application import Application

_TYPED, _WITHOUT_DIGIT = "ponte 47 garoa", "ponte e garoa"


def sign_in_scenes(application: "Application", settle: Callable[[], None]) -> Iterator[str]:
    """The way in of people who have passwords, as at a desk that is no demo."""
    page, demo = application.window.sign_in_page, application.demo
    if demo is None:
        return
    people = [Tile(one.login, one.name, _(one.role_label), one.hue) for one in demo.people]
    latest = Tile(people[0].login, people[0].name, people[0].detail, people[0].hue, _("last to use this desk"), True)
    page.set_people([latest, *people[1:]])
    page.password.setText(_TYPED)
    yield "sign-in-password"
    page.refused(SignInRefused(wait_seconds=30))
    yield "sign-in-waiting"
    page.refused(AccountLocked())
    yield "sign-in-locked"
    page.banner.clear()
    page.forgotten.set_recovery(here=True)
    page.forgot.click()
    yield "sign-in-forgotten"
    page.forgotten.dismiss()
    yield from _choosing(application, FirstPassword(page.side, "nova", people[2].name), "sign-in-choose")
    yield from _choosing(application, Recovery(page.side, "claudia"), "sign-in-recovery")
    page.reset()
    application._offer_people()
    settle()


def _choosing(application: "Application", page: ChoosingPage, name: str) -> Iterator[str]:
    window = application.window
    window._show_choosing(page)
    page.new.first.setText(_WITHOUT_DIGIT)
    page.new.check()
    yield name
    window._end_choosing()
    QCoreApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete)


def lock_scenes(application: "Application") -> Iterator[str]:
    """What covers somebody's work, and the change of their password."""
    window = application.window
    window.lock_screen()
    yield "lock"
    window.screen_lock.unlock()
    window.change_password()
    yield "change-password"
    for card in window.findChildren(ChangePassword):
        card.dismiss()
