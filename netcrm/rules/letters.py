"""Is a request worth sending? Rules for what I write to people before we talk."""

# ruff: noqa: SIM905 - lists as people read them

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Final

from netcrm.rules.asks import is_invitation, job_asks, questions
from netcrm.rules.circumstances import KINDS, Circumstances, naming
from netcrm.rules.durations import durations
from netcrm.rules.judging import Fault, LintRule, Severity
from netcrm.rules.names import parse_name
from netcrm.rules.prose import Prose, phrases, shown
from netcrm.rules.touch import LIVE

MOST_WORDS: Final = 100
"""Fewer than 100 words is the advice of SFU's career centre; 50 to 125 were answered most."""
_LONGEST_OPENING: Final = 2_000
MINUTES: Final = (20, 60)
"""What to ask for, after guides for students (Berkeley and Northeastern: 20 to 30)."""
FEWEST_MINUTES: Final = 15
"""Job-search guides that ask for a quarter of an hour do well with it: noted, not warned about."""
MOST_QUESTIONS: Final = 3
"""Messages with one to three questions were answered most (Boomerang 2016)."""
OPENING: Final = 3
"""Say how you found them within the first three sentences. Our choice, after SFU: it goes first."""


Check = Callable[[Prose, Circumstances], Iterator[Fault]]
LetterRule = LintRule[Prose, Circumstances]

NOTE: Final = frozenset({"linkedin_note"})
"""There is no room in it for more than who I am and why I write.

What is written for channels by which people talk is a script: the other has a part in it.
"""


def but_by(channels: Collection[str], check: Check) -> Check:
    """Return a check that is left out on some channels."""
    return lambda prose, known: iter(()) if known.channel in channels else check(prose, known)


THANKS: Final = phrases(r"thank(?:s|ful)?", "grateful", "gratitude", r"appreciat\w{1,5}")
_GREETING: Final = re.compile(
    r"\W{0,20}(?:dear|hi|hello|hey|greetings|good (?:morning|afternoon|evening|day))(?!\w)"
)
_GREETED: Final = re.compile(
    _GREETING.pattern + r" (?:(?:dr|mr|mrs|ms|mx|prof|professor)\.? )?([^\W\d_]{1,50})"
)
_NOBODY: Final = frozenset(
    "sir madam all everyone team there friend i i'm my we this it hope hoping how just to".split()
)
_COURTEOUS: Final = phrases("please", "(?:could|would|may|might) (?:you|i|we)", "kindly")
_FOUND: Final = phrases(
    r"(?:found|find|came across|come across|discovered) (?:you|your (?:name|profile|work|page))",
    r"(?:read|saw|heard|watched|enjoyed|attended|liked|follow(?:ed)?|visited) (?:you|your (?:talk"
    r"|lecture|article|post|profile|page|paper|book|interview|podcast|session|webinar|blog|class))",
    r"(?:suggested|recommended|mentioned|advised|said)(?: that)? (?:you|i|we)",
    r"(?:gave|given|passed) me your|(?:told|wrote|spoke to) me (?:about|of) you|pointed me",
    r"(?:referred|introduced|sent) (?:me|us|by)|referr(?:al|ed)|your name",
    r"we (?:met|both|share|talked|spoke|studied|worked|are both|have)|since we|when we",
    r"(?:met|saw|heard|meeting) you|fellow|alumn(?:i|us|a|ae)|classmates?|colleague|neighbou?r",
    r"(?:saw|see|read|noticed|heard)(?: on \w{1,30})? that you",
    r"(?:mutual|common) (?:friend|acquaintance|contact|connection)|friend of|directory",
)
_INTEREST: Final = phrases(
    r"interest(?:ed|s)?(?: in)?|exploring|explore|considering|curious|drawn to|fascinated",
    r"(?:learn|know|find out|hear)(?: more)? about|understand|thinking (?:of|about)|deciding",
    r"(?:love|like|want) to (?:hear|know|ask)|(?:want|hope|like) to become",
    r"my (?:goal|question|aim) is|career in",
)
_THEIR_VIEW: Final = phrases(
    r"your (?:\w{1,30} )?(?:view|views|perspective|insights?|advice|experiences?|path|thoughts"
    r"|take|opinion|story|career|work|day|days|impressions?|journey|role|job|position|field)",
    r"(?:what|how|why) (?:is it|it is|you|your|the|a)|from you|tell me",
)
_FLEXIBLE: Final = phrases(
    r"(?:suits?|works?(?: best| well)?|convenient|easiest|best|good|possible) (?:for )?you",
    r"your (?:convenience|schedule|availability|calendar|timetable)|whenever|flexible|any ?time",
    r"when(?: you)?(?: are|'re) (?:free|available)|(?:time|day|hour)s? (?:that )?you (?:like|prefer"
    r"|choose|name)|around you",
)
_FORMATS: Final = (
    phrases("in person", "face to face", "coffee", "(?:come|stop|drop) by", "at your office"),
    phrases("video", "zoom", "skype", "facetime", "google meet", "on teams", "online", "virtual"),
    phrases("(?:tele)?phone", "(?<!video )(?<!zoom )call", "ring you"),
)
_PLACEHOLDER: Final = re.compile(
    r"\{[^{}\n]{0,60}\}|\[[^\W\d_][^\[\]\n]{0,60}\]|_{3,}+|\b(?:TO-?DO|TBD|FIXME|XXX)\b"
    r"|<(?:[Ff]irst|[Ll]ast|[Yy]our|[Nn]ame|[Cc]ompany)[^<>\n]{0,40}>"
)
_I_AM: Final = phrases(
    r"(?:i am|i'm)(?! (?:writing|contacting|reaching|sorry|sure|hoping|grateful|happy|glad|sending"
    r"|wondering|following|exploring|trying|interested|curious))",
    r"my name is|as an? \w{1,30}",
    r"i(?: \w{1,30})? (?:study|studied|work|worked|teach|graduated|major)",
)
_ATTACHED: Final = phrases(
    r"attached(?! to )|attach|attaching|enclos(?:e|ed|ing)|please find",
    r"attachments?(?! (?:theory|theories|styles?|research|disorders?|issues|patterns?))",
)
_ONE_PLACE: Final = phrases(
    r"(?:this|the|your) (?:vacancy|advert(?:isement)?|job ad|posting|listing)",
    r"(?:an?|any|the|this) (?:job|career|position|role|future|post|opening) (?:at|with) your",
    r"(?:like|love|want|hope|only) to (?:work|intern|be|start) (?:at|for|with) (?:you|your)",
    r"(?:only (?:at|for|with)|join) your (?:company|organi[sz]ation|firm|team|clinic|hospital)",
)


def _length(prose: Prose, _: Circumstances) -> Iterator[Fault]:
    if (count := len(prose.text.split())) > MOST_WORDS:
        yield Fault(f"keep it to {MOST_WORDS} words; this has {count}")


def _job(prose: Prose, _: Circumstances) -> Iterator[Fault]:
    for ask in job_asks(prose):
        yield Fault(
            f"do not ask for a job: leave out {shown(ask.text)} and ask for what they know",
            ask.start,
            ask.end,
        )


def _connection(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    opening = [place for place in prose.sentences() if not _is_greeting(prose, place)][:OPENING]
    start, end = (opening[0][0], opening[-1][1]) if opening else (0, 0)
    told = Prose.read(prose.passage(start, end).text[:_LONGEST_OPENING])
    named = (*known.known_by, *(referrer.name for referrer in known.referrers))
    if told.says(_FOUND) or any(told.mentions(name) for name in named):
        return
    hint = f", such as {shown(known.known_by[0])}" if known.known_by else ""
    yield Fault(f"say in the first {OPENING} sentences how you found them{hint}")


def _is_greeting(prose: Prose, place: tuple[int, int]) -> bool:
    said = prose.plain[place[0] : min(place[1], place[0] + 200)]
    return bool(_GREETING.match(said)) and len(said.split()) <= 5


def _purpose(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    if not (prose.says(_INTEREST) or any(map(prose.mentions, known.interests))):
        hint = f", such as {shown(known.interests[0])}" if known.interests else ""
        yield Fault(f"say what you want to learn{hint}")
    elif not prose.says(_THEIR_VIEW):
        yield Fault("say that you want their view: what they think of it, or how they got there")


def _minutes(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    least, most = MINUTES
    asked = durations(prose)
    if not asked:
        yield Fault(f"say how long it will take: ask for {known.minutes} minutes")
    if any(least <= low and high <= most for low, high, _ in asked):
        return
    for low, high, place in asked:
        severity: Severity | None = "info" if FEWEST_MINUTES <= low <= high <= most else None
        text = f"ask for {least} to {most} minutes; this asks for {' '.join(place.text.split())}"
        yield Fault(text, place.start, place.end, severity)


def _flexible(prose: Prose, _: Circumstances) -> Iterator[Fault]:
    if not prose.says(_FLEXIBLE):
        yield Fault("say that you can work around their schedule")


def _formats(prose: Prose, _: Circumstances) -> Iterator[Fault]:
    if sum(prose.says(form) for form in _FORMATS) < 2:
        yield Fault("offer at least two of: in person, by video, by phone")


def _questions(prose: Prose, _: Circumstances) -> Iterator[Fault]:
    asked = questions(prose)
    if len(asked) > MOST_QUESTIONS:
        place = prose.passage(asked[MOST_QUESTIONS][0], asked[-1][1])
        text = f"ask at most {MOST_QUESTIONS} questions and keep the others for the talk"
        yield Fault(f"{text}; this asks {len(asked)}", place.start, place.end)
    if not any(is_invitation(prose, question) for question in asked):
        yield Fault("put your request as a question: “Could you spare …?”")


def _personal(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    if known.recipient:
        named = any(map(prose.names, known.recipient))
    else:
        greeted = _GREETED.match(prose.plain)
        named = greeted is not None and greeted[1] not in _NOBODY
    if not named:
        yield Fault("greet them by name")
    if known.facts and not any(map(prose.mentions, known.facts)):
        yield Fault(f"say one thing that is about them, such as {shown(known.facts[0])}")


def _placeholders(prose: Prose, _: Circumstances) -> Iterator[Fault]:
    for found in _PLACEHOLDER.finditer(prose.text):
        yield Fault(f"fill in {shown(found[0])}", *found.span())


def _introduction(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    if not (prose.says(_I_AM) or any(map(prose.mentions, known.about_me))):
        yield Fault("say in a few words who you are: “I am a …”")


def _attachment(prose: Prose, _: Circumstances) -> Iterator[Fault]:
    for found in prose.find(_ATTACHED):
        yield Fault("send no attachment with a first message", found.start, found.end)


def _limit(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    if known.channel == "linkedin_note" and len(prose.text) > known.note_limit:
        text = f"a LinkedIn note has at most {known.note_limit} characters"
        yield Fault(f"{text}; this has {len(prose.text)}", known.note_limit, len(prose.text))


def _polite(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    greeted = _GREETING.match(prose.plain) or any(
        prose.plain.startswith(f"{word},")
        for name in known.recipient
        for word in parse_name(name).words
    )
    if not greeted:
        yield Fault("begin with a greeting")
    if not (prose.says(THANKS) or prose.says(_COURTEOUS)):
        yield Fault("thank them for reading or considering it")


def _width(prose: Prose, _: Circumstances) -> Iterator[Fault]:
    for found in prose.find(_ONE_PLACE):
        text = "show interest in the field, not in one vacancy or one employer only"
        yield Fault(text, found.start, found.end)


def _permission(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    for name, allowed in known.referrers:
        if allowed == "yes" or (place := naming(prose, name, known)) is None:
            continue
        ask = "leave the name out" if allowed == "no" else "ask them first, or leave the name out"
        verb = "does not want to be named" if allowed == "no" else "has not said you may name them"
        yield Fault(f"{shown(name)} {verb}: {ask}", *place)


_ASKING: Final = frozenset({"request", "follow_up"})
_REQUEST: Final = frozenset({"request"})
_COLD: Final = _ASKING | {"introduction_request", "introduction_offer"}

RULES: Final = (
    LetterRule("O01", _ASKING, "warning", but_by(LIVE, _length), "is short"),
    LetterRule("O02", KINDS, "error", _job, "asks for no job"),
    LetterRule(
        "O03", _REQUEST, "warning", but_by(LIVE, _connection), "says early how I found them"
    ),
    LetterRule("O04", _ASKING, "warning", _purpose, "says what I want to learn from them"),
    LetterRule("O05", _ASKING, "warning", but_by(NOTE, _minutes), "asks for 20 to 60 minutes"),
    LetterRule("O06", _ASKING, "warning", but_by(NOTE, _flexible), "leaves the time to them"),
    LetterRule("O07", _REQUEST, "info", but_by(NOTE, _formats), "offers two ways to talk"),
    LetterRule(
        "O08", _COLD, "info", but_by(NOTE | LIVE, _questions), "asks one to three questions"
    ),
    LetterRule("O09", _ASKING, "warning", _personal, "is for this person"),
    LetterRule("O10", KINDS, "error", _placeholders, "has nothing left to fill in"),
    LetterRule("O11", _REQUEST, "warning", _introduction, "says who I am"),
    LetterRule("O12", _COLD, "warning", _attachment, "has no attachment"),
    LetterRule("O13", KINDS, "error", _limit, "fits the channel"),
    LetterRule("O14", _COLD, "info", but_by(NOTE, _polite), "is polite"),
    LetterRule("O15", _COLD, "info", _width, "is about more than one vacancy or employer"),
    LetterRule("O16", KINDS, "error", _permission, "names a referrer only with permission"),
)
"""A follow-up need not say again who I am, how I found them and in which ways we may talk. Somebody
who is to introduce me, or to be introduced to somebody, knows that, and is not asked for a talk."""
