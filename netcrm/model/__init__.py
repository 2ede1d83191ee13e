"""What is stored: facts as frozen values that cannot be invalid. One file for each noun.

Each noun is loaded when it is first used, because making its class takes time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netcrm.model.cadence import Adjustment, Cadence, Selector
    from netcrm.model.campaign import Aim, Campaign, CareerField, Objective, Research
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
    from netcrm.model.forgotten import Counted, Forgotten
    from netcrm.model.insight import Decision, Insight, InsightStep, Opportunity
    from netcrm.model.interaction import Interaction, Meeting, Participant
    from netcrm.model.interview import Evaluation, Interview, InterviewStep, Question
    from netcrm.model.organisation import Organisation
    from netcrm.model.owed import Commitment, Waiver
    from netcrm.model.profile import Confidence, Pitch, Practice, Profile
    from netcrm.model.referral import (
        Acquaintance,
        Introduction,
        IntroductionStep,
        Referral,
        ReferralStep,
    )
    from netcrm.model.remembered import Remembered
    from netcrm.model.remote import Remote, Stranger
    from netcrm.model.sameness import Distinct, Merged
    from netcrm.model.time import BusinessCalendar, Interval, LocalMoment, PartialDate

_NOUNS = {
    "cadence": "Adjustment Cadence Selector",
    "campaign": "Aim Campaign CareerField Objective Research",
    "commit": "Before Commit",
    "contact": "Contact ContactPoint FirstMet Occasion Origin Position State",
    "forgotten": "Counted Forgotten",
    "insight": "Decision Insight InsightStep Opportunity",
    "interaction": "Interaction Meeting Participant",
    "interview": "Evaluation Interview InterviewStep Question",
    "organisation": "Organisation",
    "owed": "Commitment Waiver",
    "profile": "Confidence Pitch Practice Profile",
    "referral": "Acquaintance Introduction IntroductionStep Referral ReferralStep",
    "remembered": "Remembered",
    "remote": "Remote Stranger",
    "sameness": "Distinct Merged",
    "time": "BusinessCalendar Interval LocalMoment PartialDate",
}
_FILE_OF = {noun: file for file, nouns in _NOUNS.items() for noun in nouns.split()}

__all__ = [
    "Acquaintance", "Adjustment", "Aim", "Before", "BusinessCalendar", "Cadence", "Campaign",
    "CareerField", "Commit", "Commitment", "Confidence", "Contact", "ContactPoint", "Counted",
    "Decision", "Distinct", "Evaluation", "FirstMet", "Forgotten", "Insight", "InsightStep",
    "Interaction", "Interval", "Interview", "InterviewStep", "Introduction", "IntroductionStep",
    "LocalMoment", "Meeting", "Merged", "Objective", "Occasion", "Opportunity", "Organisation",
    "Origin", "PartialDate", "Participant", "Pitch", "Position", "Practice", "Profile",
    "Question", "Referral", "ReferralStep", "Remembered", "Remote", "Research", "Selector",
    "State", "Stranger", "Waiver",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _FILE_OF:
        raise AttributeError(f"module 'netcrm.model' has no attribute {name!r}")
    value = getattr(import_module(f"netcrm.model.{_FILE_OF[name]}"), name)
    globals()[name] = value
    return value
