"""What came of referrals, whom I owe whom to, and how the network grew by them."""

from __future__ import annotations

from netcrm.network.writing import Writing


class Referring(Writing):
    """Referrals of a network, and what came of them."""
