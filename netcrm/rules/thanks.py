"""Does a thank-you, or an update later on, say what the other would like to hear?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netcrm.rules.asks import favours
from netcrm.rules.circumstances import Circumstances
from netcrm.rules.judging import Fault
from netcrm.rules.letters import NOTE, THANKS, LetterRule, but_by
from netcrm.rules.prose import Prose, phrases, shown

_TIME: Final = phrases(
    "time", "talk(?:ing)?", "meet(?:ing)?", "speaking", "conversation", "call", "chat", "minutes",
    "hour", "coffee", "lunch", "seeing me", "having me",
)  # fmt: skip
_INSIGHTS: Final = phrases(
    r"insights?|advice|perspective|experiences?|shar(?:e|ed|ing)|stor(?:y|ies)|suggestions?|ideas"
    r"|tips?|wisdom|knowledge|guidance|answers?|answering|thoughts|honest|honesty|openness",
    r"(?:you|your) (?:told|said|explained|showed|described|taught)|learned|learnt|explaining",
)
_INTEREST: Final = phrases(
    r"interest(?:ed|s)?|curious|exploring|drawn to|excited|keen|fascinat\w{1,3}|inspir\w{1,4}",
    r"look(?:ing)? forward|more (?:sure|certain|convinced)|want to (?:learn|know|become|explore)",
    r"(?:makes|made) me want|confirmed",
)
_NEXT_STEP: Final = phrases(
    r"(?:i will|i'll|i shall)(?! (?:never|always|let you|keep|be sure|not))",
    r"i(?: am|'m) (?:going to|planning|about to)|i (?:plan|intend|mean) to|my next step",
    r"i(?: have|'ve) (?:already |just )?(?:started|begun|signed|booked|written|asked|joined)",
)
_REFERRED: Final = phrases(
    r"(?:introduc|referr|connect)(?:ing|ed|al|als|tion|tions|ion|e|es)? me(?: to| with)?",
    r"introductions?|in touch with|pointing me|people you (?:named|mentioned)|names you",
)
_PROGRESS: Final = phrases(
    r"since (?:we|our|then|you|i|last)|an update",
    r"i(?: have|'ve)(?: now| since| just| already)? (?:\w{1,30}ed|begun|taken|read|done|made|met)",
    r"i (?:took|started|began|finished|signed|followed|tried|read|spoke|met|joined|did|went|wrote"
    r"|asked|chose|decided|got|passed|visited|applied|learned|learnt|talked|used|made)",
    r"(?:last|this) (?:week|month|term|semester|year|spring|summer|autumn|fall|winter)",
)
_APPRECIATION: Final = phrases(
    r"meant a (?:lot|great deal)|help(?:ed|ful)|enjoyed|valuable|owe you|kind of you",
)


def _deadline(_: Prose, known: Circumstances) -> Iterator[Fault]:
    if known.deadline and known.sent and known.sent > known.deadline:
        due = known.deadline.strftime("%Y-%m-%d %H:%M")
        yield Fault(f"this was due by {due}: send it now, late thanks are better than none")


def _both_thanks(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    if not prose.says(THANKS):
        yield Fault("say thank you, for their time and for what they told you")
        return
    if not prose.says(_TIME):
        yield Fault("thank them for their time as well")
    if not (prose.says(_INSIGHTS) or any(map(prose.mentions, known.takeaways))):
        yield Fault("thank them for what they told you as well")


def _interest(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    if not (prose.says(_INTEREST) or any(map(prose.mentions, known.interests))):
        hint = f" in {shown(known.interests[0])}" if known.interests else ""
        yield Fault(f"say that you are still interested{hint}")


def _takeaway(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    if known.takeaways and not any(map(prose.mentions, known.takeaways)):
        yield Fault(f"mention something you took away, such as {shown(known.takeaways[0])}")


def _no_request(prose: Prose, _: Circumstances) -> Iterator[Fault]:
    for ask in favours(prose):
        yield Fault("ask for nothing new now, but to stay in touch", ask.start, ask.end)


def _next_step(prose: Prose, _: Circumstances) -> Iterator[Fault]:
    if not prose.says(_NEXT_STEP):
        yield Fault("say what you will do with their advice: “I will …”")


def _referral(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    if not known.referred_to or prose.says(_REFERRED):
        return
    if not any(map(prose.names, known.referred_to)):
        yield Fault(f"thank them for pointing you to {shown(known.referred_to[0])}")


def _progress(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    if not prose.says(_PROGRESS):
        yield Fault("say what you have done since you were last in touch")
    elif known.applied and not any(map(prose.mentions, known.applied)):
        yield Fault(f"say what came of their advice, such as {shown(known.applied[0])}")


def _appreciation(prose: Prose, _: Circumstances) -> Iterator[Fault]:
    if not (prose.says(THANKS) or prose.says(_APPRECIATION)):
        yield Fault("say that you appreciate what they did for you")


def _first_update(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    if known.first_update:
        for ask in favours(prose):
            yield Fault("ask for nothing in a first update: only tell", ask.start, ask.end)


_THANK_YOU: Final = frozenset({"thank_you"})
_UPDATE: Final = frozenset({"progress_update", "reconnect"})

RULES: Final = (
    LetterRule("T01", _THANK_YOU, "warning", _deadline, "is sent in time"),
    LetterRule("T02", _THANK_YOU, "warning", _both_thanks, "thanks for time and insights"),
    LetterRule(
        "T03", _THANK_YOU, "info", but_by(NOTE, _interest), "says that I am still interested"
    ),
    LetterRule("T04", _THANK_YOU, "warning", _takeaway, "mentions what I took away"),
    LetterRule("T05", _THANK_YOU, "info", _no_request, "asks for nothing new"),
    LetterRule(
        "T06", _THANK_YOU, "info", but_by(NOTE, _next_step), "says what I will do with the advice"
    ),
    LetterRule(
        "T07", _THANK_YOU, "info", but_by(NOTE, _referral), "mentions whom they pointed me to"
    ),
    LetterRule("U01", _UPDATE, "warning", _progress, "tells what came of their advice"),
    LetterRule("U02", _UPDATE, "info", _appreciation, "shows appreciation"),
    LetterRule("U03", _UPDATE, "info", _first_update, "asks for nothing the first time"),
)
