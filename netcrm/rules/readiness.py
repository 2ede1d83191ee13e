"""Am I ready to ask? What is missing from profile, pitch and objectives."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple

from netcrm.model.campaign import Objective
from netcrm.model.profile import Pitch, Profile

WORDS_A_MINUTE: Final = 130
"""How fast people speak when they introduce themselves (our choice)."""

_PARTS: Final = {
    "education": "your education",
    "activities": "what you do besides",
    "interests": "your career interests",
}


class Unready(NamedTuple):
    """Something that is missing, and what to do about it."""

    code: str
    text: str


def ready(profile: Profile, objectives: Collection[Objective], *, as_of: date) -> list[Unready]:
    """Return what is missing before asking for interviews; nothing if all is there.

    Objectives, interests, a pitch of three parts that was practised, and a link to a profile.
    """
    found = []
    if not objectives:
        found.append(Unready("objective", "no objective yet: say what you want to find out"))
    if not profile.interests:
        found.append(Unready("interests", "no interests yet: which fields are you curious about?"))
    pitch = profile.pitch(as_of)
    if pitch is None:
        found.append(Unready("pitch", "no pitch yet: say in a few sentences who you are"))
    else:
        for part in missing_parts(pitch):
            found.append(Unready(f"pitch-{part}", f"your pitch does not say {_PARTS[part]}"))
    if pitch and not any(done.on <= as_of for done in profile.practices):
        found.append(Unready("practice", "you have not practised your pitch yet"))
    if not any("linkedin.com/" in link.lower() for link in profile.links):
        found.append(Unready("linkedin", "no LinkedIn address of yours yet"))
    return found


def missing_parts(pitch: Pitch) -> list[str]:
    """Return which of the three parts of a pitch are missing."""
    return [part for part in _PARTS if not getattr(pitch, part)]


def spoken_seconds(pitch: Pitch) -> int:
    """Return how long it takes to say a pitch, in seconds."""
    return round(len(pitch.text.split()) * 60 / WORDS_A_MINUTE)
