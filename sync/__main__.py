"""Where the process that sends starts: `clinicdesk-sync` and `python -m sync`."""

import sys

from sync.cli import run


def main() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
