"""How much I am in touch with people."""

from __future__ import annotations

from netcrm.network.introducing import Introducing


class Tying(Introducing):
    """The ties of a network."""
