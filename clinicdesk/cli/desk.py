"""`clinicdesk` and `clinicdesk demo`: the desk itself, or pictures of it."""

from argparse import Namespace

from clinicdesk.settings import make_data_dir


def open_desk(given: Namespace) -> int:
    """Open the desk over the clinic of the data folder."""
    from clinicdesk.desk import application

    return application.run(
        given.data_dir,
        demo=False,
        reset=False,
        now=None,
        language=given.language,
        theme=None,
        patients=None,
        appointments=None,
    )


def open_demo(given: Namespace) -> int:
    """Open the desk over the demo clinic, or draw its screens and leave."""
    if given.screenshots:
        return _draw(given)
    from clinicdesk.desk import application

    return application.run(
        given.data_dir,
        demo=True,
        reset=given.reset,
        now=given.now,
        language=given.language,
        theme=given.theme,
        patients=given.patients,
        appointments=given.appointments,
    )


def _draw(given: Namespace) -> int:
    from clinicdesk.desk import screenshots

    make_data_dir(given.data_dir)
    return screenshots.run(
        given.data_dir,
        given.screenshots,
        size=given.size,
        theme=given.theme or "light",
        language=given.language or "pt_BR",
        now=given.now,
    )
