"""The inbox for pictures: a talk, a file, an unknown number, a closed window, a reply to interpret, and nothing."""

from collections.abc import Callable, Iterator

from clinicdesk.desk.messages.page import InboxPage
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.inbox import Tab, Talk

_TYPED = "Pode sim, Dulce. A Sala 4 fica no térreo"


def inbox_scenes(page: InboxPage, settle: Callable[[], None]) -> Iterator[str]:
    """Walk through the inbox; the page is on screen."""
    settle()
    _open(page, settle, lambda talk: bool(talk.unread) and talk.person_id == page.me)
    page.composer.set_text(_TYPED)
    page.composer.setFocus()
    yield "inbox"
    page.composer.set_text("/")
    yield "inbox-slash"
    page.composer.set_text("")
    _open(page, settle, lambda talk: talk.last is not None and talk.last.media_kind == "image")
    settle()
    yield "inbox-picture"
    _open(page, settle, lambda talk: bool(talk.unclear))
    yield "inbox-interpret"
    _open(page, settle, lambda talk: talk.patient_id is None)
    yield "inbox-unknown"
    page.command("find_patient")
    yield "inbox-find-patient"
    _dismiss(page)
    _open(page, settle, lambda talk: talk.window_until is not None and talk.window_until <= page.lines.now())
    page.command("template")
    settle()
    yield "inbox-templates"
    _dismiss(page)
    page.tools.quick_replies()
    yield "inbox-quick-replies"
    _dismiss(page)
    page.command("note")
    yield "inbox-note"
    _dismiss(page)
    page.search.setText("xyz")
    settle()
    yield "inbox-empty"
    page.search.clear()
    page.show_tab(Tab.ALL)
    settle()


def _open(page: InboxPage, settle: Callable[[], None], wanted: Callable[[Talk], bool]) -> None:
    """Open the first conversation that is like this; none changes nothing."""
    found = next((talk.id for talk in page.model.talks if wanted(talk)), None)
    if found is not None:
        page.list.choose(found)
        settle()


def _dismiss(page: InboxPage) -> None:
    for card in page.window().findChildren(Popover):
        card.dismiss()
