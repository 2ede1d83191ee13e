"""netcrm: a personal CRM for informational interviews.

`netcrm.open` gives a Network; everything else that programs and plugins need stands in `__all__`.
Importing this package opens no file and loads nothing: each name is fetched when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netcrm.cli.base import App, pass_app
    from netcrm.errors import (
        AmbiguousError,
        BusyError,
        ConflictError,
        InvalidError,
        NetcrmError,
        NotFoundError,
        PluginError,
        RefusedError,
        SignInError,
        StorageError,
    )
    from netcrm.hookspecs import hookimpl
    from netcrm.kinds import KINDS
    from netcrm.loading import PluginReport
    from netcrm.model.cadence import Adjustment, Cadence, Selector
    from netcrm.model.campaign import Aim, Campaign, CareerField, Objective, Research
    from netcrm.model.commit import Commit
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
    from netcrm.model.ids import new_id
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
    from netcrm.network import Network, open
    from netcrm.network.arrangements import Arrangement
    from netcrm.network.core import Receipt
    from netcrm.network.forgetting import Dossier, Erased
    from netcrm.network.intake import ImportReport
    from netcrm.network.moving import copy
    from netcrm.network.people import Found
    from netcrm.network.remotes import Synced
    from netcrm.network.removal import Removed
    from netcrm.network.sameness import Merger
    from netcrm.network.threads import Progress
    from netcrm.network.writing import Letter
    from netcrm.plugins import Plugins
    from netcrm.rules.agenda import AgendaItem
    from netcrm.rules.capacity import Capacity
    from netcrm.rules.circumstances import Circumstances
    from netcrm.rules.coming import Coming
    from netcrm.rules.compare import Comparison
    from netcrm.rules.course import Appointment, Course, Talk
    from netcrm.rules.dormant import Dormant
    from netcrm.rules.drafts import Draft
    from netcrm.rules.due import Due, Person, Reason, Touch
    from netcrm.rules.fields import FieldLink
    from netcrm.rules.funnel import Funnel, Tally
    from netcrm.rules.growth import Growth
    from netcrm.rules.intake import Review
    from netcrm.rules.judging import Fault, Finding, LintRule
    from netcrm.rules.lifecycle import FollowUps, Standing
    from netcrm.rules.lint import lint
    from netcrm.rules.mail import DraftFolder
    from netcrm.rules.matches import Prospect
    from netcrm.rules.merge import Conflict
    from netcrm.rules.news import News
    from netcrm.rules.obligations import Obligation
    from netcrm.rules.page import Brief
    from netcrm.rules.paths import Hop, Path, Routes
    from netcrm.rules.picture import Link, Picture, Portrait
    from netcrm.rules.prospects import Factor, Shortlist, Suggested
    from netcrm.rules.questions import BankQuestion
    from netcrm.rules.rates import Rate, Reproduction
    from netcrm.rules.readiness import Unready
    from netcrm.rules.referrals import Ledger, Traced
    from netcrm.rules.remotes import Correspondent
    from netcrm.rules.review import WeeklyReview
    from netcrm.rules.sightings import Exchange, Item, Sighting
    from netcrm.rules.signs import Likeness, Sign
    from netcrm.rules.strength import Tie, TieWeight
    from netcrm.rules.suggestions import Suggestion
    from netcrm.rules.tree import Member, Tree
    from netcrm.source import (
        Batch,
        Known,
        Page,
        Problem,
        Service,
        Source,
        SourceProvider,
    )
    from netcrm.storage.backups import Backup
    from netcrm.storage.checking import Verified
    from netcrm.storage.contract import (
        INDEX,
        SCHEMA,
        Field,
        Kind,
        Record,
        Storage,
        StorageProvider,
        Transaction,
    )
    from netcrm.storage.memory import MemoryStorage
    from netcrm.storage.moving import Copied, Sum
    from netcrm.storage.query import Query, Where

__version__ = "0.1.0"

_HOME = {
    "errors": "AmbiguousError BusyError ConflictError InvalidError NetcrmError NotFoundError "
    "PluginError RefusedError SignInError StorageError",
    "hookspecs": "hookimpl",
    "model.cadence": "Adjustment Cadence Selector",
    "model.campaign": "Aim Campaign CareerField Objective Research",
    "model.commit": "Commit",
    "model.contact": "Contact ContactPoint FirstMet Occasion Origin Position State",
    "model.forgotten": "Counted Forgotten",
    "model.ids": "new_id",
    "model.insight": "Decision Insight InsightStep Opportunity",
    "model.interaction": "Interaction Meeting Participant",
    "model.interview": "Evaluation Interview InterviewStep Question",
    "model.organisation": "Organisation",
    "model.owed": "Commitment Waiver",
    "model.profile": "Confidence Pitch Practice Profile",
    "model.referral": "Acquaintance Introduction IntroductionStep Referral ReferralStep",
    "model.remembered": "Remembered",
    "model.remote": "Remote Stranger",
    "model.sameness": "Distinct Merged",
    "model.time": "BusinessCalendar Interval LocalMoment PartialDate",
    "cli.base": "App pass_app",
    "kinds": "KINDS",
    "network": "Network open",
    "network.core": "Receipt",
    "network.forgetting": "Dossier Erased",
    "network.intake": "ImportReport",
    "network.moving": "copy",
    "network.people": "Found",
    "network.removal": "Removed",
    "network.sameness": "Merger",
    "loading": "PluginReport",
    "plugins": "Plugins",
    "rules.capacity": "Capacity",
    "rules.review": "WeeklyReview",
    "rules.drafts": "Draft",
    "rules.page": "Brief",
    "rules.picture": "Link Picture Portrait",
    "rules.paths": "Hop Path Routes",
    "network.writing": "Letter",
    "rules.readiness": "Unready",
    "rules.questions": "BankQuestion",
    "rules.obligations": "Obligation",
    "rules.lint": "lint",
    "rules.mail": "DraftFolder",
    "rules.lifecycle": "FollowUps Standing",
    "rules.judging": "Fault Finding LintRule",
    "rules.prospects": "Factor Shortlist Suggested",
    "rules.matches": "Prospect",
    "rules.growth": "Growth",
    "rules.fields": "FieldLink",
    "rules.funnel": "Funnel Tally",
    "rules.course": "Appointment Course Talk",
    "rules.compare": "Comparison",
    "rules.coming": "Coming",
    "rules.circumstances": "Circumstances",
    "rules.agenda": "AgendaItem",
    "network.threads": "Progress",
    "network.arrangements": "Arrangement",
    "rules.dormant": "Dormant",
    "rules.due": "Due Person Reason Touch",
    "rules.intake": "Review",
    "rules.merge": "Conflict",
    "rules.news": "News",
    "rules.sightings": "Exchange Item Sighting",
    "rules.signs": "Likeness Sign",
    "rules.strength": "Tie TieWeight",
    "rules.suggestions": "Suggestion",
    "rules.referrals": "Ledger Traced",
    "rules.rates": "Rate Reproduction",
    "rules.remotes": "Correspondent",
    "rules.tree": "Member Tree",
    "network.remotes": "Synced",
    "source": "Batch Known Page Problem Service Source SourceProvider",
    "storage.backups": "Backup",
    "storage.checking": "Verified",
    "storage.contract": "Field INDEX Kind Record SCHEMA Storage StorageProvider Transaction",
    "storage.memory": "MemoryStorage",
    "storage.moving": "Copied Sum",
    "storage.query": "Query Where",
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names.split()}

__all__ = [
    "AmbiguousError", "BusyError", "ConflictError", "InvalidError", "NetcrmError", "NotFoundError",
    "PluginError", "RefusedError", "SignInError", "StorageError", "hookimpl", "Adjustment",
    "Cadence", "Selector", "Commit", "Contact", "ContactPoint", "FirstMet", "Occasion", "Origin",
    "Position", "State", "new_id", "Interaction", "Meeting", "Participant", "Organisation",
    "Referral", "ReferralStep", "Distinct", "Merged", "BusinessCalendar", "Interval", "LocalMoment",
    "PartialDate", "ImportReport", "Network", "open", "Plugins", "Capacity", "Due", "Person",
    "Reason", "Touch", "News", "Review", "Sighting", "Suggestion", "Batch", "Problem", "Source",
    "SourceProvider", "Kind", "Record", "Storage", "StorageProvider", "Transaction",
    "MemoryStorage", "Query", "Where", "App", "pass_app", "KINDS", "Receipt", "Found",
    "PluginReport", "Field", "INDEX", "SCHEMA", "Likeness", "Sign", "Conflict", "Merger", "Removed",
    "copy", "Copied", "Sum", "Verified", "Backup", "Dossier", "Erased", "Exchange", "Forgotten",
    "Remembered", "Remote", "Stranger", "AgendaItem", "Aim", "Appointment", "BankQuestion", "Brief",
    "Campaign", "CareerField", "Circumstances", "Commitment", "Comparison", "Confidence", "Counted",
    "Course", "Decision", "Draft", "Evaluation", "Fault", "Finding", "FollowUps", "Funnel",
    "Insight", "InsightStep", "Interview", "InterviewStep", "Letter", "LintRule", "Objective",
    "Obligation", "Opportunity", "Pitch", "Practice", "Profile", "Progress", "Question", "Rate",
    "Research", "Standing", "Talk", "Tally", "Unready", "Waiver", "WeeklyReview", "lint",
    "Acquaintance", "Introduction", "IntroductionStep", "Arrangement", "Hop", "Path", "Routes",
    "Ledger", "Member", "Reproduction", "Dormant", "Tie", "TieWeight", "Traced", "Tree", "Factor",
    "FieldLink", "Growth", "Prospect", "Shortlist", "Suggested", "Link", "Picture", "Portrait",
    "Correspondent", "Item", "Known", "Page", "Service", "Synced", "DraftFolder", "Coming",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'netcrm' has no attribute {name!r}")
    value = getattr(import_module(f"netcrm.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
