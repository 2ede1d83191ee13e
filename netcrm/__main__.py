"""`python -m netcrm`."""

import sys

from netcrm.cli import main

sys.exit(main())
