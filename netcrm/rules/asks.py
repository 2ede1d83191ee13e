"""What does a text ask for: a job, a talk, a favour, to stay in touch?"""

# ruff: noqa: SIM905 - lists as people read them

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from netcrm.rules.prose import Passage, Prose, phrases

# Up to four words between an ask and what is asked for, none of which leads to another thing.
_FEW: Final = (
    r"(?:(?!(?:to|on|about|of|in|for|as|how|your|their|his|her|with|from|that|what|why) )"
    r"[\w/']{1,30},? ){0,4}"
)
_JOB: Final = (
    r"(?:jobs?(?! (?:market|search|title|description|satisfaction|shadow))|internships?"
    r"|employment(?! (?:law|rights|polic(?:y|ies)|services?|history|trends?))|traineeships?"
    r"|apprenticeships?|placements?|vacanc(?:y|ies)|openings?|open positions?"
    r"|(?:job|work|employment) opportunit(?:y|ies)|(?:paid|summer) (?:work|positions?|roles?))"
)
_POST: Final = r"(?:positions?|roles?(?! (?:models?|play))|posts?|spots?)"
_FIRM: Final = (
    r"(?:company|organi[sz]ation|firm|team|lab|department|practice|clinic|hospital|school|office)"
)
_MODAL: Final = r"(?:do|does|will|would|could|can|might|may|if|whether)"
_WISH: Final = (
    r"(?:i(?: would|'d)(?: really)? (?:like|love)|i (?:want|hope)|i(?: am|'m) hoping"
    r"|(?:could|can|may|might) i|let me|chance|opportunity|possible)(?: for me)?(?: to)?"
)

_PAPERS: Final = phrases(
    r"(?:my|our|attached|enclosed)(?: (?:updated|current|latest|short|new))? resumes?",
    r"(?:an?|the|this) resume|(?:my|an?|the) cover letter",
    r"(?<!your )(?<!their )(?<!his )(?<!her )(?:cvs?|curriculum vitae)",
)
_WISHES: Final = phrases(
    rf"(?:looking|searching|hunting|hoping) for (?:the )?(?:work|{_FEW}{_JOB})",
    rf"(?:seek|seeking|in search of|in need of|i need|i want|i(?: would|'d) (?:like|love)"
    rf"|i hope for|interested in|ask(?:ing)? (?:you )?(?:for|about)) {_FEW}{_JOB}",
    rf"(?:(?:get|give|offer|find) me|help me (?:to )?(?:get|find|land)) {_FEW}"
    rf"(?:{_JOB}|{_POST}|an interview)",
    r"(?:i am|i'm) (?:job hunting|on the job market)",
    rf"{_WISH} (?:work|intern) (?:for|at|with|in|under) (?:you|your)",
    rf"{_WISH} (?:join (?:you|your)(?: \w{{1,30}})? {_FIRM}|be (?:an?|your) intern)",
    r"(?:consider|shortlist|appoint) me|keep me in mind|put me forward",
    r"take me on(?! (?:an?|the|your) )|(?:need|take(?: on)?) (?:an? )?interns?",
    r"put in a (?:good )?word",
    rf"(?:refer|recommend) me for|referral for {_FEW}(?:{_JOB}|{_POST})",
    r"my (?:name|details|profile) (?:on |along )?to (?:\w{1,30} ){0,2}(?:hr|recruiters?|head|boss)",
    r"(?:submit|send|consider|forward|support|review) my application",
)
_OPENINGS: Final = phrases(
    rf"{_MODAL} (?:you|they|your \w{{1,30}})(?: \w{{1,30}})? (?:have|has|offer|know of|provide)"
    rf" {_FEW}{_JOB}",
    rf"(?:is|are) there {_FEW}(?:internships?|openings?|(?:job|place|{_POST}) for me)",
    rf"any {_FEW}(?:jobs|internships?|vacanc(?:y|ies)|openings?|placements?|positions)",
    rf"(?:any|some) {_FEW}(?:{_POST}|opportunit(?:y|ies))"
    r" (?:open|available|for me|(?:at|with|in|on) your)",
    rf"(?<!your )(?:{_JOB}|positions?) (?:at|with|in|on) your {_FIRM}",
    rf"(?:{_JOB}|{_POST}) (?:do you|does your {_FIRM}) (?:have|offer)|{_POST} for me",
    r"(?:job|position|role|post|spot|internship|placement|something)(?: that)?"
    r" (?:opens|comes|becomes|is) (?:up|open|available)",
    rf"(?:open|available) (?:at|with|in) your {_FIRM}",
    r"(?:job )?openings|job opening|vacanc(?:y|ies)|job offer",
)
_APPLYING: Final = phrases(
    r"(?:how|where|when|whether|can|could|may|should) (?:to|(?:can |do |should |could )?i) apply"
    r"(?= (?:for|to|at|with|in|as|now|next|this (?:year|summer|spring))(?!\w)|(?! \w))",
    rf"apply (?:for|to|at|with|in|as) (?:the )?{_FEW}(?:your {_FIRM}|{_JOB}|{_POST}|interns?)",
    r"apply (?:here|online)",
)
_JOB_ASKS: Final = (_PAPERS, _WISHES, _OPENINGS, _APPLYING)
"""The words in which work is asked for. Our choice, as are all word lists here."""

_TIME_FREE: Final = phrases(r"in your (?:calendar|schedule|diary|week)", r"on your calendar")
_HIRING: Final = phrases(
    "hiring",
    "recruiting",
    "hires?",
    r"(?:recruit|employ)(?= (?:me|us|an?|any|students|interns|graduates)(?!\w))",
)
_NEXT_WORD: Final = re.compile(r"[\s-](\w{1,30})")
_LAST_WORDS: Final = re.compile(r"[\w']+")
_NOT: Final = re.compile(r"(?:\bnot|n't|\bnever|\bwithout) (?:[\w']{1,30} ){0,4}$")

_HIRED: Final = frozenset(
    "me us students interns graduates beginners someone somebody anyone anybody now soon".split()
)
_ABOUT_HIRING: Final = frozenset(
    "process processes practice practices decision decisions manager managers committee".split()
)
_IN_GENERAL: Final = frozenset("when how why what who whom".split())
_THEIR_WORK: Final = frozenset(
    "lead leads led leading run runs running manage managing handle handling oversee overseeing do"
    " doing in of about on for and".split()
)
_ASKING: Final = frozenset("are is be you're they're do does would will could can whether".split())

_FAVOURS: Final = phrases(
    r"(?:could|would|can|will|may|might) (?:you|i|we)",
    r"(?:is|would) it (?:be )?possible",
    r"i (?:would like|wanted|want) to ask (?:you )?(?:for|if|whether)",
    r"please (?:send|share|introduce|tell|give|forward|connect|help|put|pass)",
    r"(?:do you know|are you (?:free|willing|able))",
)
_IN_TOUCH: Final = phrases(
    r"(?:stay|keep|be|remain)(?:ing)? in (?:touch|contact)",
    r"keep (?:you )?(?:posted|updated|up to date)",
    r"(?:update|write to) you|let you know|connect(?: with you)? on linkedin",
)
_TALK: Final = phrases(
    r"(?:could|would|can|may|might|will) (?:you|we)",
    r"(?:could|may|might|can) i (?:have|ask|talk|speak|call|meet|visit|come|take|borrow)",
    r"(?:are you|would you be) (?:open|willing|able|available|free|happy)",
    r"do you have (?:time|\w{1,20} minutes|some time|a moment)",
    r"(?:is|would) (?:it|there) (?:be )?(?:possible|any chance|a time)",
)


def job_asks(prose: Prose) -> list[Passage]:
    """Return each place that asks for a job, an internship or a way in, in order.

    To speak of "your job", "your role" or "your position" is no ask, nor of work I had, of advice I
    apply, or of what I do not ask for. Hiring is one where it is asked or remarked that they are
    doing it; that somebody leads it, or how it goes in general, is a fact about their work.
    """
    found = [place.span() for pattern in _JOB_ASKS for place in pattern.finditer(prose.plain)]
    found += [place.span() for place in _HIRING.finditer(prose.plain) if _is_hoped(prose, place)]
    asks: list[Passage] = []
    for start, end in sorted(found):
        if _NOT.search(prose.plain[max(0, start - 80) : start]) or _TIME_FREE.match(
            prose.plain, end + 1
        ):
            continue
        passage = prose.passage(start, end)
        if not asks or passage.start >= asks[-1].end:
            asks.append(passage)
    return asks


def _is_hoped(prose: Prose, hiring: re.Match[str]) -> bool:
    """Whether a word for hiring means that they may hire me."""
    sentence = re.split(r"[.!?;\n]", prose.plain[max(0, hiring.start() - 80) : hiring.start()])[-1]
    before = _LAST_WORDS.findall(sentence)[-6:]
    next_word = _NEXT_WORD.match(prose.plain, hiring.end())
    after = next_word[1] if next_word else ""
    if _IN_GENERAL.intersection(before) or after in _ABOUT_HIRING:
        return False
    if after in _HIRED:
        return True
    return len(before) > 1 and before[-1] not in _THEIR_WORK and not _ASKING.isdisjoint(before)


def favours(prose: Prose) -> Iterator[Passage]:
    """Yield what asks for something else than to stay in touch, up to the end of the sentence."""
    for start, end in prose.sentences():
        found = _FAVOURS.search(prose.plain, start, end)
        if found and not _IN_TOUCH.search(prose.plain, start, end):
            yield prose.passage(found.start(), end)


def questions(prose: Prose) -> list[tuple[int, int]]:
    """Return where the questions start and end in the plain text."""
    return [(start, end) for start, end in prose.sentences() if "?" in prose.plain[end - 2 : end]]


def is_invitation(prose: Prose, question: tuple[int, int]) -> bool:
    """Whether a question asks for a talk, for time or for an introduction."""
    return bool(_TALK.search(prose.plain, *question))
