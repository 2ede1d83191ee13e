"""Does a thank-you, or an update, say what the other would like to hear?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import attrs
import pytest

from netcrm.rules.circumstances import Circumstances
from netcrm.rules.lint import lint

THANKS = (
    "Dear Ines, thank you for the hour you gave me and for what you told me about public hearings."
    " It made me even more curious about planning. I will sit in on one next week."
    " Lena Ott has answered already. I would love to stay in touch. Tom"
)
AFTER = Circumstances(
    recipient=("Ines Duarte",),
    interests=("city planning",),
    takeaways=("public hearings decide more than plans", "learn to draw"),
    referred_to=("Lena Ott",),
)
UPDATE = (
    "Dear Ines, since we spoke I have sat in on two public hearings, as you advised."
    " They were loud and I am grateful that you sent me. Tom"
)
LATER = Circumstances(recipient=("Ines Duarte",), applied=("sit in on a public hearing",))
NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)


def codes(kind: str, text: str, context: Circumstances | None = None) -> list[str]:
    return [finding.code for finding in lint(kind, text, context)]


def messages(kind: str, text: str, context: Circumstances | None = None) -> list[str]:
    return [finding.text for finding in lint(kind, text, context)]


@pytest.mark.parametrize("context", [None, AFTER])
def test_good_thanks_have_no_findings(context: Circumstances | None) -> None:
    assert lint("thank_you", THANKS, context) == ()


@pytest.mark.parametrize("kind", ["progress_update", "reconnect"])
@pytest.mark.parametrize("context", [None, LATER])
def test_a_good_update_has_no_findings(kind: str, context: Circumstances | None) -> None:
    assert lint(kind, UPDATE, context) == ()


@pytest.mark.parametrize(
    ("without", "instead", "expected"),
    [
        ("thank you for", "I remember", "T02"),
        ("the hour you gave me and for", "", "T02"),
        (" and for what you told me about public hearings", "", "T02 T04"),
        ("It made me even more curious about planning.", "It was good.", "T03"),
        ("public hearings", "the trains", "T04"),
        ("I would love to stay in touch.", "Could you read my essay?", "T05"),
        ("I will sit in on one next week.", "I always meant well.", "T06"),
        ("Lena Ott has", "She has", "T07"),
    ],
)
def test_what_is_missing_is_found_and_nothing_else(
    without: str, instead: str, expected: str
) -> None:
    text = THANKS.replace(without, instead)
    assert text != THANKS
    assert codes("thank_you", text, AFTER) == expected.split()


# --- T01


@pytest.mark.parametrize(
    ("sent", "late"),
    [
        (NOON, False),
        (NOON + timedelta(seconds=1), True),
        (NOON.astimezone(timezone(timedelta(hours=-5))), False),
        (None, False),
    ],
)
def test_thanks_are_late_after_their_deadline(sent: datetime | None, late: bool) -> None:
    context = attrs.evolve(AFTER, deadline=NOON, sent=sent)
    assert codes("thank_you", THANKS, context) == ["T01"] * late


def test_without_a_deadline_nothing_is_late() -> None:
    assert codes("thank_you", THANKS, attrs.evolve(AFTER, sent=NOON)) == []


def test_a_deadline_is_named_in_its_own_zone() -> None:
    york = timezone(timedelta(hours=-5))
    context = Circumstances(deadline=NOON.astimezone(york), sent=NOON + timedelta(days=1))
    assert "due by 2026-03-06 07:00:" in messages("thank_you", THANKS, context)[0]


# --- T02 to T07


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Thanks for your time and advice.", []),
        ("I am grateful for our talk and all you explained.", []),
        ("Thank you for your time.", ["for what they told you as well"]),
        ("Thank you for your advice.", ["for their time as well"]),
        ("Thank you.", ["for their time as well", "for what they told you as well"]),
        ("Your time, your advice!", ["for their time and for what they told you"]),
    ],
)
def test_thanks_are_for_time_and_for_insights(text: str, missing: list[str]) -> None:
    found = [f.text for f in lint("thank_you", text) if f.code == "T02"]
    assert len(found) == len(missing)
    assert all(part in message for part, message in zip(missing, found, strict=True))


TIME = (
    "our talk; talking to me; our meeting; speaking to me; the conversation; your call; the chat;"
    "twenty minutes; half an hour; one hour; the coffee; the lunch; seeing me; having me; your time"
)
INSIGHTS = (
    "your insight; your advice; your view and perspective; sharing it; the stories;"
    "each suggestion; your ideas; the tips; your wisdom; your knowledge; the guidance;"
    "your answers; your thoughts;"
    "being honest; all I learned; what you told me; what you showed me; explaining it"
)


@pytest.mark.parametrize("said", TIME.split(";"))
def test_ways_to_speak_of_their_time(said: str) -> None:
    assert "T02" not in codes("thank_you", f"Thanks for your advice and {said}.")


@pytest.mark.parametrize("said", INSIGHTS.split(";"))
def test_ways_to_speak_of_their_insights(said: str) -> None:
    assert "T02" not in codes("thank_you", f"Thanks for your time and {said}.")


@pytest.mark.parametrize(
    "said",
    ["I am still interested.", "I look forward to more.", "It made me want it.", "I am more sure.",
     "I want to become one.", "I am drawn to it.", "It was inspiring.", "It is fascinating."],
)  # fmt: skip
def test_ways_to_restate_interest(said: str) -> None:
    assert "T03" not in codes("thank_you", said)


def test_a_takeaway_is_an_insight() -> None:
    text = "Thank you for your time. The drawing is under way."
    assert "T02" in codes("thank_you", text)
    assert "T02" not in codes("thank_you", text, attrs.evolve(AFTER, takeaways=("drawing",)))


def test_a_takeaway_to_mention_is_suggested() -> None:
    text = THANKS.replace("public hearings", "trains")
    (message,) = messages("thank_you", text, AFTER)
    assert message.endswith("such as “public hearings decide more than plans”")


def test_an_interest_on_record_restates_interest() -> None:
    text = THANKS.replace("It made me even more curious about planning.", "Trees matter to me.")
    assert codes("thank_you", text, AFTER) == ["T03"]
    assert messages("thank_you", text, AFTER)[0].endswith("interested in “city planning”")
    assert codes("thank_you", text, attrs.evolve(AFTER, interests=("trees",))) == []


def test_a_new_request_is_shown_where_it_stands() -> None:
    text = THANKS.replace("Lena", "Could you call Ann? Lena")
    (found,) = lint("thank_you", text, AFTER)
    assert (found.code, text[found.start : found.end]) == ("T05", "Could you call Ann?")


@pytest.mark.parametrize(
    ("said", "is_step"),
    [
        ("I plan to draw more.", True), ("My next step is to draw.", True),
        ("I have already started to draw.", True), ("I'm going to draw.", True),
        ("I will never forget it.", False), ("I will let you know.", False),
    ],
)  # fmt: skip
def test_a_next_step_is_something_to_do(said: str, is_step: bool) -> None:
    text = THANKS.replace("I will sit in on one next week.", said)
    assert (codes("thank_you", text, AFTER) == []) is is_step


@pytest.mark.parametrize(
    "said", ["I wrote to Lena.", "Thank you for introducing me.", "Thanks for the introduction."]
)
def test_ways_to_mention_whom_they_pointed_me_to(said: str) -> None:
    bare = THANKS.replace("Lena Ott has answered already.", "")
    assert messages("thank_you", bare, AFTER) == ["thank them for pointing you to “Lena Ott”"]
    assert codes("thank_you", f"{bare} {said}", AFTER) == []
    assert codes("thank_you", bare, attrs.evolve(AFTER, referred_to=())) == []


def test_a_note_on_linkedin_has_no_room_for_all_of_it() -> None:
    text = "Dear Ines, thank you for your time and advice. Public hearings decide!"
    assert codes("thank_you", text, AFTER) == ["T03", "T06", "T07"]
    assert codes("thank_you", text, attrs.evolve(AFTER, channel="linkedin_note")) == []


# --- U01 to U03


@pytest.mark.parametrize(
    ("without", "instead", "expected"),
    [
        ("since we spoke I have sat", "I sat", "U01"),
        ("two public hearings", "lessons", "U01"),
        ("I am grateful that you", "others", "U02"),
    ],
)
def test_what_an_update_lacks(without: str, instead: str, expected: str) -> None:
    text = UPDATE.replace(without, instead)
    assert text != UPDATE
    assert codes("progress_update", text, LATER) == expected.split()


def test_advice_to_speak_of_is_suggested() -> None:
    text = UPDATE.replace("public hearings", "lessons")
    (message,) = messages("progress_update", text, LATER)
    assert message.endswith("such as “sit in on a public hearing”")


@pytest.mark.parametrize(
    "said",
    ["I took a course.", "I have finished my thesis.", "I've met Lena.", "This term is full."],
)
def test_ways_to_tell_of_progress(said: str) -> None:
    assert codes("progress_update", f"Dear Ines, {said} Thank you.") == []


@pytest.mark.parametrize("said", ["Your advice helped me.", "I enjoyed it.", "It meant a lot."])
def test_ways_to_appreciate(said: str) -> None:
    assert codes("progress_update", f"Dear Ines, I took a course. {said}") == []


def test_only_the_first_update_is_free_of_asks() -> None:
    text = f"{UPDATE} Could you name a book?"
    assert codes("progress_update", text, LATER) == []
    (found,) = lint("progress_update", text, attrs.evolve(LATER, first_update=True))
    assert (found.code, text[found.start : found.end]) == ("U03", "Could you name a book?")
    assert lint("progress_update", UPDATE, attrs.evolve(LATER, first_update=True)) == ()
