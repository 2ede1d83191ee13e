"""Who knows whom, and whom I bring together."""

from __future__ import annotations

from netcrm.network.referring import Referring


class Introducing(Referring):
    """Acquaintances and introductions of a network."""
