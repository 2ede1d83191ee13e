"""Am I ready to ask?"""

from __future__ import annotations

from datetime import date

import pytest

from netcrm.model.campaign import Objective
from netcrm.model.profile import ME, Pitch, Practice, Profile
from netcrm.rules.readiness import WORDS_A_MINUTE, missing_parts, ready, spoken_seconds

DAY = date(2026, 2, 16)
PITCH = Pitch(
    on=DAY, education="I study psychology.", activities="I run a choir.",
    interests="I would like to work with people.",
)  # fmt: skip
OBJECTIVE = Objective(id="o", text="What is a day like?", added_on=DAY)


def profile(**fields: object) -> Profile:
    """Return all that is needed, but for what is said."""
    told = {
        "interests": ["psychiatry"], "pitches": [PITCH], "practices": [Practice(on=DAY)],
        "links": ["https://www.LinkedIn.com/in/maya"], **fields,
    }  # fmt: skip
    return Profile(id=ME, **told)  # type: ignore[arg-type]


def lacks(mine: Profile, as_of: date = DAY) -> list[str]:
    """Return what is missing."""
    return [one.code for one in ready(mine, [OBJECTIVE], as_of=as_of)]


def test_with_all_of_it_nothing_is_missing() -> None:
    """From the day on which it was made."""
    assert lacks(profile()) == []


def test_with_nothing_each_is_named() -> None:
    """And what to do about it."""
    found = ready(Profile(id=ME), [], as_of=DAY)
    assert [one.code for one in found] == ["objective", "interests", "pitch", "linkedin"]
    assert found[0].text == "no objective yet: say what you want to find out"


@pytest.mark.parametrize(
    ("without", "code"),
    [
        ({"interests": []}, "interests"),
        ({"pitches": []}, "pitch"),
        ({"practices": []}, "practice"),
        ({"links": ["https://example.org/in/maya"]}, "linkedin"),
    ],
)
def test_each_part_that_is_missing_is_told(without: dict[str, object], code: str) -> None:
    """And nothing else."""
    assert lacks(profile(**without)) == [code]


def test_a_pitch_has_three_parts() -> None:
    """Each that is missing is told in words."""
    short = Pitch(on=DAY, goals="To find a field.")
    assert missing_parts(short) == ["education", "activities", "interests"]
    assert missing_parts(PITCH) == []
    found = ready(profile(pitches=[short]), [OBJECTIVE], as_of=DAY)
    assert [one.code for one in found] == [
        "pitch-education", "pitch-activities", "pitch-interests",
    ]  # fmt: skip
    assert [one.text for one in found] == [
        "your pitch does not say your education",
        "your pitch does not say what you do besides",
        "your pitch does not say your career interests",
    ]


def test_what_comes_later_does_not_count_yet() -> None:
    """Neither a pitch nor practice."""
    before = date(2026, 2, 15)
    assert lacks(profile(), before) == ["pitch"]
    early = profile(pitches=[Pitch(on=before, education="x", activities="y", interests="z")])
    assert lacks(early, before) == ["practice"]


def test_words_take_their_time() -> None:
    """A minute for 130 of them."""
    assert WORDS_A_MINUTE == 130
    assert spoken_seconds(Pitch(on=DAY, goals="word " * WORDS_A_MINUTE)) == 60
    assert spoken_seconds(Pitch(on=DAY, goals="word " * 65, seeking="and so")) == 31
    assert spoken_seconds(Pitch(on=DAY)) == 0
