"""`netcrm`, and `python -m netcrm`."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the command line and return its exit code."""
    gc.disable()  # a command is over before collecting its garbage has paid off
    from netcrm.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
