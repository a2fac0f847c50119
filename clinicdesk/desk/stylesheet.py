"""The one style sheet of the application: a template with the theme's colours and sizes put in."""

from collections.abc import Mapping
from functools import cache
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinicdesk.words import resources


def stylesheet(colours: Mapping[str, str], sizes: Mapping[str, str]) -> str:
    """The sheet for these colours and sizes. Raises KeyError when the template names one there is none of."""
    return _template().substitute({**colours, **sizes})


def restyle(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties the sheet selects by, and have the sheet look at the widget again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


@cache
def _template() -> Template:
    return Template((resources() / "themes" / "desk.qss").read_text(encoding="utf-8"))


def stand_on(widget: QWidget, ground: str) -> None:
    """Fill the widget's background with a ground of the theme: bg, surface, sunken or rail."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setProperty("ground", ground)
