"""The network as a picture, and as a graph for others."""

from __future__ import annotations

from netcrm.network.prospecting import Prospecting


class Picturing(Prospecting):
    """Pictures of a network."""
