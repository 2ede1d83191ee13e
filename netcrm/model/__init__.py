"""What is stored: facts as frozen values that cannot be invalid. One file for each noun.

Each noun is loaded when it is first used, because making its class takes time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netcrm.model.cadence import Adjustment, Cadence, Selector
    from netcrm.model.commit import Before, Commit
    from netcrm.model.contact import (
        Contact,
        ContactPoint,
        FirstMet,
        Occasion,
        Origin,
        Position,
        State,
    )
    from netcrm.model.forgotten import Forgotten
    from netcrm.model.interaction import Interaction, Meeting, Participant
    from netcrm.model.organisation import Organisation
    from netcrm.model.referral import Referral, ReferralStep
    from netcrm.model.remembered import Remembered
    from netcrm.model.sameness import Distinct, Merged
    from netcrm.model.time import BusinessCalendar, Interval, LocalMoment, PartialDate

_NOUNS = {
    "cadence": "Adjustment Cadence Selector",
    "commit": "Before Commit",
    "contact": "Contact ContactPoint FirstMet Occasion Origin Position State",
    "forgotten": "Forgotten",
    "interaction": "Interaction Meeting Participant",
    "organisation": "Organisation",
    "referral": "Referral ReferralStep",
    "remembered": "Remembered",
    "sameness": "Distinct Merged",
    "time": "BusinessCalendar Interval LocalMoment PartialDate",
}
_FILE_OF = {noun: file for file, nouns in _NOUNS.items() for noun in nouns.split()}

__all__ = [
    "Adjustment", "Before", "BusinessCalendar", "Cadence", "Commit", "Contact", "ContactPoint",
    "Distinct", "FirstMet", "Forgotten", "Interaction", "Interval", "LocalMoment", "Meeting",
    "Merged", "Occasion", "Organisation", "Origin", "PartialDate", "Participant", "Position",
    "Referral", "ReferralStep", "Remembered", "Selector", "State",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _FILE_OF:
        raise AttributeError(f"module 'netcrm.model' has no attribute {name!r}")
    value = getattr(import_module(f"netcrm.model.{_FILE_OF[name]}"), name)
    globals()[name] = value
    return value
