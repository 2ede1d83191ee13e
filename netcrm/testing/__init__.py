"""For tests: the proof of a storage backend, and model values to try things with.

It needs pytest and hypothesis: `pip install netcrm[testing]`.
"""

import pytest

_RULES = (
    "answers", "crash", "large", "machine", "odd", "oracle", "queries", "records", "storage",
    "threads", "transactions",
)  # fmt: skip
# So that a rule that fails shows what was compared.
pytest.register_assert_rewrite(*(f"{__name__}.{rules}" for rules in _RULES))

from netcrm.testing.storage import KINDS, OpenStorage, StorageContract  # noqa: E402

__all__ = ["KINDS", "OpenStorage", "StorageContract"]
