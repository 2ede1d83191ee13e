"""Whom to ask next."""

from __future__ import annotations

from netcrm.network.routing import Routing


class Prospecting(Routing):
    """Prospects of a network."""
