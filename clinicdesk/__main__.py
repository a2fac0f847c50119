"""Where the program starts: `clinicdesk` and `python -m clinicdesk`."""

import sys

from clinicdesk.cli import run


def main() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
