"""The desk's tests run without a screen, dressed in the light theme unless they choose another."""

import gc
import os
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def garbage_goes_here() -> Iterator[None]:
    """As at the desk, nothing of Qt's is destroyed on a worker's thread."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def dress(qapp: QApplication) -> Iterator[Callable[..., None]]:
    """`dress(dark=True, …)` puts the application in a theme; the plain light one comes back afterwards."""
    from clinicdesk.desk import theme

    def put_on(**choices: object) -> None:
        theme.apply(qapp, theme.Theme(**choices))  # type: ignore[arg-type]

    put_on()
    yield put_on
    put_on()
