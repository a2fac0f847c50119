"""What the disc at the foot of the rail opens: which unit, which colours, and another person."""

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.dates import capitalised
from clinicdesk.desk.shortcuts import ANYWHERE, key_for
from clinicdesk.desk.wording import role_word
from clinicdesk.domain.clinics import Clinic
from clinicdesk.domain.staff import Person
from clinicdesk.words import _, marked

THEMES = {"light": marked("Light"), "dark": marked("Dark"), "system": marked("As the computer")}


def person_menu(
    parent: QWidget,
    person: Person,
    clinics: Sequence[Clinic],
    clinic_id: UUID,
    theme: str,
    *,
    go: Callable[[UUID], None],
    dress: Callable[[str], None],
    show_calls: Callable[[], None],
    change_password: Callable[[], None],
    lock: Callable[[], None],
    leave: Callable[[], None],
) -> QMenu:
    """The menu; it goes away by itself after it was answered."""
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    title = menu.addAction(f"{person.name} · {capitalised(role_word(person.role))}")
    title.setEnabled(False)
    if len(clinics) > 1:
        menu.addSection(_("Unit"))
        units = QActionGroup(menu)
        for clinic in clinics:
            chosen = clinic.id == clinic_id
            _choice(menu, units, clinic.name, chosen, lambda _on=False, wanted=clinic.id: go(wanted))
    menu.addSection(_("Colours"))
    themes = QActionGroup(menu)
    for key, word in THEMES.items():
        _choice(menu, themes, _(word), key == theme, lambda _on=False, wanted=key: dress(wanted))
    menu.addSeparator()
    menu.addAction(icons.icon("megaphone", "muted"), _("Call screen of the waiting room"), show_calls)
    menu.addSeparator()
    menu.addAction(icons.icon("key-round", "muted"), _("Change my password…"), change_password)
    locks = menu.addAction(icons.icon("lock", "muted"), f"{_('Lock the screen')}\t{key_for(ANYWHERE, 'lock')}")
    locks.triggered.connect(lock)
    away = menu.addAction(icons.icon("log-out", "muted"), f"{_('Switch person')}\t{key_for(ANYWHERE, 'switch_person')}")
    away.triggered.connect(leave)
    return menu


def _choice(menu: QMenu, group: QActionGroup, words: str, chosen: bool, take: Callable[..., None]) -> None:
    action = QAction(words, menu, checkable=True, checked=chosen)
    group.addAction(action)
    menu.addAction(action)
    action.triggered.connect(take)
