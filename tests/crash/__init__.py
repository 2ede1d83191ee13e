"""What was acknowledged is there, whatever happens in the middle of a commit.

`NETCRM_CRASH=long pytest tests/crash` tries many more ways.
"""

import os

LONG = os.environ.get("NETCRM_CRASH") == "long"
