"""An error nobody foresaw: logged without patients' data, told by a number that can be read out."""

import tempfile
from pathlib import Path

from clinicdesk.logs import reference, start_logging, stop_logging


def logged(error: Exception, data_dir: Path) -> tuple[str, Path]:
    """The reference number and the log it stands in: in the data folder, or in a temporary one when that is closed."""
    try:
        path = start_logging(data_dir)
    except OSError:
        path = start_logging(Path(tempfile.mkdtemp(prefix="clinicdesk-")))
    number = reference(error)
    stop_logging()
    return number, path
