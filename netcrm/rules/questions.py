"""What to ask whom next, and what did the others say to the same question?"""

from __future__ import annotations

import reprlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple, TypeVar, get_args

from netcrm.errors import InvalidError
from netcrm.model.interview import Topic
from netcrm.model.text import bare, clean, slug, words

_Known = TypeVar("_Known", bound=str)

TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)
TIARA: Final = ("trends", "insights", "advice", "resources", "assignments")
"""What a question is after: in the order of Dalton (The 2-Hour Job Search, 2012)."""
COVERED: Final[tuple[Topic, ...]] = ("role", "industry", "career_path")
"""The topics that no plan should be without, as guides for students have it."""
MANY: Final = 10
"""How many questions a plan has: guides for students name 8 to 10, 10, and 10 to 20."""

_OF_PLACE: Final = frozenset({"organisation", "culture"})
_OF_FIELD: Final = frozenset({"role", "industry", "career_path", "preparation"})
_SIGNS: Final[Mapping[Topic, str]] = {
    "referral": "who else, whom else, anyone else, anybody else, introduce, get together",
    "advice": "advice, advise, recommend, younger self, my age, my place, mistakes, starting out",
    "culture": "culture, atmosphere, colleagues, people here, people you work with, work and life",
    "preparation": "study, studies, studied, major, degree, course, courses, skill, skills,"
    "prepare, education, training, qualifications, candidate, candidates, summer",
    "career_path": "path, get started, into this, decide, decided, first job, become, get your job,"
    "did you hold, before this, along the way",
    "organisation": "company, organisation, organization, employer, this place, places, here",
    "industry": "industry, field, sector, market, trend, trends, profession, years from now",
    "personal": "proud, outside work, family, hobbies, free time, doubts, matters to you",
}
"""Words that tell the topic of a question: the first topic with one of them (our choice)."""
_GUESSES: Final = [
    (topic, [f" {sign.strip()} " for sign in signs.split(",")]) for topic, signs in _SIGNS.items()
]


class BankQuestion(NamedTuple):
    """A question that can be asked of many people: an entry of a bank.

    `key` is a short word for it that stays when the text is put in other words. `starter`: it
    stands in the plan for a first interview.
    """

    key: str
    text: str
    topic: Topic
    tiara: str = ""
    starter: bool = False


class Asked(NamedTuple):
    """A question that was asked of a contact, and their answer in my own notes.

    `key` is that of the bank, or nothing for a question of my own. An interview with several people
    gives one of these for each. `follow_ups` are questions that the answer led to; with
    `dig_deeper` those that nobody has answered since are asked the next time.
    """

    interview: str
    contact: str
    text: str
    topic: Topic
    on: date
    key: str = ""
    answer: str = ""
    follow_ups: tuple[str, ...] = ()
    dig_deeper: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether anything is noted as the answer."""
        return bool(self.answer.strip())


class Background(NamedTuple):
    """Where a contact works or worked, and in which career fields; compared as they are written."""

    organisations: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()


class Suggested(NamedTuple):
    """A question for somebody, and why it is asked."""

    question: BankQuestion
    reason: str


def parse_bank(entries: Iterable[Mapping[str, object]], whose: str) -> tuple[BankQuestion, ...]:
    """Return the questions of a bank: of netcrm, a plugin or the user.

    Args:
        entries: one for each question, with its text. The key is made of the text and the topic is
            guessed where they are left out; tiara and starter may stand there too.
        whose: the name of a file or a plugin, for messages.

    Raises:
        InvalidError: an entry is none, or is there twice; the message names it.
    """
    bank: list[BankQuestion] = []
    numbers: dict[tuple[str, str], int] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            question = _parsed(entry)
            twin = next((numbers[mark] for mark in _marks(question) if mark in numbers), None)
            if twin:
                raise InvalidError(f"it has the key or the words of question {twin}")
        except InvalidError as error:
            raise InvalidError(f"{whose}: question {number}{_called(entry)}: {error}") from None
        bank.append(question)
        numbers.update(dict.fromkeys(_marks(question), number))
    return tuple(bank)


def read_lines(text: str) -> Iterator[dict[str, object]]:
    """Yield the entries of a bank in plain text: on each line a question, or `topic: question`."""
    for line in text.splitlines():
        head, colon, rest = line.partition(":")
        topic = "_".join(words(head))
        if colon and topic in TOPICS:
            yield {"topic": topic, "text": rest}
        elif line.strip():
            yield {"text": line}


def guess_topic(text: str) -> Topic:
    """Return what a question is about, as far as its words tell; "role" where they do not."""
    said = f" {' '.join(words(text))} "
    return next((topic for topic, signs in _GUESSES if any(s in said for s in signs)), "role")


def starter(bank: Iterable[BankQuestion]) -> tuple[BankQuestion, ...]:
    """Return the plan for a first interview, in the order to ask."""
    return tuple(question for question in bank if question.starter)


def missing_topics(questions: Iterable[BankQuestion | Asked]) -> tuple[Topic, ...]:
    """Return the topics that no plan should be without and this one is."""
    there = {question.topic for question in questions}
    return tuple(topic for topic in COVERED if topic not in there)


def same_question(one: BankQuestion | Asked, other: BankQuestion | Asked) -> bool:
    """Whether two questions have one key, or the same words but for case, accents and signs."""
    return not set(_marks(one)).isdisjoint(_marks(other))


def compare_answers(rows: Iterable[Asked]) -> tuple[tuple[Asked, ...], ...]:
    """Return each question that was asked of more than one person, their answers side by side.

    The questions are in the order in which *rows* have them, the answers by day. An answer of which
    nothing is noted is among them.
    """
    return tuple(
        tuple(sorted(group, key=lambda row: row.on))
        for group in _grouped(rows)
        if len({row.contact for row in group}) > 1
    )


def never_asked(bank: Iterable[BankQuestion], rows: Iterable[Asked]) -> tuple[BankQuestion, ...]:
    """Return the questions of a bank that nobody was asked."""
    return _without(bank, rows)


def answered_by(rows: Iterable[Asked], contact: str) -> tuple[Asked, ...]:
    """Return what a contact was asked and has answered."""
    return tuple(row for row in rows if row.contact == contact and row.is_answered)


def only_them(
    bank: Iterable[BankQuestion],
    rows: Iterable[Asked],
    contact: str,
    backgrounds: Mapping[str, Background],
) -> tuple[BankQuestion, ...]:
    """Return what this contact can tell and nobody of their kind has told yet.

    On organisation and culture that is what nobody who shares an organisation with them has
    answered; on role, industry, career path and preparation, what nobody who shares a career field
    with them has. Anybody can answer the other topics, and of a contact without a background it is
    not known what they can tell: these are left out. Which topic asks for what is our choice.
    """
    bank, answers = list(bank), [row for row in rows if row.is_answered]
    theirs = backgrounds.get(contact, Background())
    place = {who for who, one in backgrounds.items() if one.organisations & theirs.organisations}
    field = {who for who, one in backgrounds.items() if one.fields & theirs.fields}
    return tuple(
        question
        for topics, peers in ((_OF_PLACE, place), (_OF_FIELD, field))
        if contact in peers
        for question in _without(
            [one for one in bank if one.topic in topics],
            [row for row in answers if row.contact in peers],
        )
    )


def dig_deeper(rows: Iterable[Asked], contact: str) -> tuple[Suggested, ...]:
    """Return what to come back to with a contact the next time, the latest first.

    Where I wanted to dig deeper, these are the follow-up questions that they have not answered
    since; the question itself where none was noted. A later answer to the same question, of which I
    did not want to hear more, settles it.
    """
    theirs = [row for row in rows if row.contact == contact]
    told = [row for row in theirs if row.is_answered or row.dig_deeper]
    latest = [max(reversed(group), key=lambda row: row.on) for group in _grouped(told)]
    latest.sort(key=lambda row: row.on, reverse=True)
    answers = answered_by(theirs, contact)
    return tuple(
        Suggested(question, f"you wanted to dig deeper into this after {row.on}")
        for row in latest
        if row.dig_deeper
        for question in _carried(row, answers)
    )


def suggest(
    bank: Iterable[BankQuestion], rows: Iterable[Asked], contact: str, n: int = MANY
) -> tuple[Suggested, ...]:
    """Return a plan of at most *n* questions for a contact, in the order to ask.

    First what to dig deeper into; then what they have not answered: the starter plan, and others
    with the topics in turn, those that nobody was asked first. The last one asks for a referral, if
    need be again, since whom they would name changes with time.
    """
    bank, rows = list(bank), list(rows)
    fresh = _without(bank, answered_by(rows, contact))
    first = starter(fresh)
    others = [one for one in fresh if not one.starter]
    new = dict.fromkeys(never_asked(others, rows), "nobody was asked this yet")
    others.sort(key=lambda one: one not in new)
    old = "asked before, and not answered by them"
    carried = dig_deeper(rows, contact)
    found = _once(
        [
            *carried,
            *(Suggested(one, "part of the plan for a first interview") for one in first),
            *(Suggested(one, new.get(one, old)) for one in _in_turn(others, beside=first)),
        ]
    )
    left = _without(bank, [one.question for one in found])
    again = [Suggested(one, "whom they would name may have changed") for one in left]
    referrals = [one for one in (*found, *again) if one.question.topic == "referral"]
    last = [one for one in referrals if one in carried] or referrals[:1]
    body = [one for one in found if one not in referrals]
    return (*body[: max(n - len(last), 0)], *last)[: max(n, 0)]


def _called(entry: object) -> str:
    """Return by what else than its number to find an entry, in brackets."""
    said = entry.get("key") or entry.get("text") if isinstance(entry, Mapping) else None
    return f" ({reprlib.repr(said)})" if said else ""


def _parsed(entry: object) -> BankQuestion:
    """Return the question of an entry, or say what is wrong with it."""
    if not isinstance(entry, Mapping):
        raise InvalidError(f"expected a text and a topic, got {reprlib.repr(entry)}")
    if strange := [name for name in entry if name not in BankQuestion._fields]:
        raise InvalidError(
            f"it has {reprlib.repr(strange[0])}; it can have {', '.join(BankQuestion._fields)}"
        )
    text = " ".join(clean(entry.get("text", "")).split())
    if not words(text):
        raise InvalidError("the text is empty")
    key = entry.get("key", slug(text))
    if not isinstance(key, str) or not key or key != slug(key):
        raise InvalidError("the key is small letters and digits, with - between them: who-else")
    is_starter = entry.get("starter", False)
    if not isinstance(is_starter, bool):
        raise InvalidError(f"starter is true or false, not {reprlib.repr(is_starter)}")
    topic = _one_of(TOPICS, entry.get("topic", guess_topic(text)), "topic")
    tiara = _one_of(TIARA, entry["tiara"], "tiara") if entry.get("tiara") else ""
    return BankQuestion(key, text, topic, tiara, is_starter)


def _one_of(known: tuple[_Known, ...], said: object, what: str) -> _Known:
    """Return what is said if it is one of the known words."""
    for word in known:
        if word == said:
            return word
    raise InvalidError(f"unknown {what} {reprlib.repr(said)}; it is one of {', '.join(known)}")


def _marks(question: BankQuestion | Asked) -> list[tuple[str, str]]:
    """Return what two questions share if they are one: the key, the words; signs if no words."""
    said = bare(question.text) or question.text.strip()
    marks = [("key", question.key), ("words", said)]
    return [mark for mark in marks if mark[1]]


def _without(
    questions: Iterable[BankQuestion], rows: Iterable[BankQuestion | Asked]
) -> tuple[BankQuestion, ...]:
    """Return the questions that are none of the others."""
    known = {mark for row in rows for mark in _marks(row)}
    return tuple(one for one in questions if known.isdisjoint(_marks(one)))


def _once(suggested: Iterable[Suggested]) -> list[Suggested]:
    """Return suggestions without those that were there before."""
    seen: set[tuple[str, str]] = set()
    found = []
    for one in suggested:
        marks = _marks(one.question)
        if seen.isdisjoint(marks):
            found.append(one)
            seen.update(marks)
    return found


def _grouped(rows: Iterable[Asked]) -> list[list[Asked]]:
    """Put the rows of each question together, also where only a third row shows that they are."""
    above: dict[tuple[str, str], tuple[str, str]] = {}

    def top(mark: tuple[str, str]) -> tuple[str, str]:
        while above.setdefault(mark, mark) != mark:
            above[mark] = mark = above[above[mark]]
        return mark

    marked = [(marks[0], row) for row in rows if (marks := _marks(row))]
    for mark, row in marked:
        for other in _marks(row):
            above[top(other)] = top(mark)
    groups: dict[tuple[str, str], list[Asked]] = {}
    for mark, row in marked:
        groups.setdefault(top(mark), []).append(row)
    return list(groups.values())


def _carried(row: Asked, answers: Iterable[Asked]) -> tuple[BankQuestion, ...]:
    """Return what to ask of somebody of whom I wanted to hear more."""
    noted = [BankQuestion("", text, row.topic) for text in row.follow_ups if text.strip()]
    return _without(noted, answers) if noted else (BankQuestion(row.key, row.text, row.topic),)


def _in_turn(
    questions: Iterable[BankQuestion], *, beside: Iterable[BankQuestion]
) -> list[BankQuestion]:
    """Return questions with the topics in turn, first those that stand least in *beside*."""
    many = Counter(one.topic for one in beside)
    ranked = []
    for one in questions:
        ranked.append((many[one.topic], one))
        many[one.topic] += 1
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]
