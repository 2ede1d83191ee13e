"""The warmest ways to somebody."""

from __future__ import annotations

from netcrm.network.tying import Tying


class Routing(Tying):
    """Ways through a network."""
