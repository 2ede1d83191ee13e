"""How hard Hypothesis tries: `NETCRM_HYPOTHESIS=thorough pytest` tries hardest."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=15, deadline=None)
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=150, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("NETCRM_HYPOTHESIS", "dev"))
