"""What to ask whom: the bank of questions, the plan of an interview, and the answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any

import attrs

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError
from netcrm.model.text import bare
from netcrm.network.conversations import When
from netcrm.network.courses import moment
from netcrm.network.owing import Owing
from netcrm.network.people import Who
from netcrm.network.threads import Progress
from netcrm.rules import questions
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, one_of

_BANK = "questions.json"


class Preparing(Owing):
    """The questions of a network's owner."""

    def bank(self) -> tuple[questions.BankQuestion, ...]:
        """Return the questions that there are to choose from: netcrm's, plugins' and my own.

        My own are in the file that `open` was told of: one on each line, with its topic and a colon
        before it, or without.

        Raises:
            InvalidError: that file cannot be understood.
        """
        text = resources.files("netcrm").joinpath("text", _BANK).read_text("utf-8")
        found = list(questions.parse_bank(json.loads(text), _BANK))
        own = self._setting.questions
        if own is not None and own.is_file():
            entries = questions.read_lines(own.read_text("utf-8", errors="replace"))
            found += questions.parse_bank(entries, str(own))
        return (*found, *self.plugins.questions())

    def prepare(
        self, who: Who, asks: Iterable[str | model.Question] = (), *, n: int = questions.MANY
    ) -> Progress:
        """Plan what to ask a person; without questions, those suggested for them, up to *n* in all.

        An interview that nobody was asked for yet begins here.

        Args:
            who: the person.
            asks: questions to add: in words, or by the key they have in the bank.
            n: how many the plan is to have, if none are given.
        """
        with self._writing("prepare") as work:
            thread = self._to_prepare(who)
            there = thread.interview.questions
            if asks:
                bank = self.bank()
                fresh = [self._planned(one, bank) for one in asks]
            else:
                fresh = [
                    self._planned(one.question, ())
                    for one in self.suggest_questions(who, n + len(there))
                ]
            known = {bare(one.text) for one in there}
            added = [one for one in fresh if bare(one.text) not in known]
            added = added if asks else added[: max(n - len(there), 0)]
            plan = _referral_last((*there, *added))
            work.put(attrs.evolve(thread.interview, questions=plan))
            return self.interview(who)

    def suggest_questions(
        self, who: Who, n: int = questions.MANY
    ) -> tuple[questions.Suggested, ...]:
        """Return what to ask a person, in order, and why; nothing that they answered already."""
        with self._reading() as view:
            contact = self._contact(view, who).id
            return questions.suggest(self.bank(), self.asked(), contact, n)

    def only_they_can_answer(self, who: Who) -> tuple[questions.BankQuestion, ...]:
        """Return the questions that this person can answer and nobody of their kind has."""
        with self._reading() as view:
            contact, rows = self._contact(view, who).id, self.asked()
            people = {contact, *(row.contact for row in rows)}
            asked = Query("contact", one_of("id", sorted(people)))
            known = {
                id_: questions.Background(frozenset(places), frozenset(fields))
                for id_, places, fields in view.rows(asked, ("id", "organisations", "fields"))
            }
            return questions.only_them(self.bank(), rows, contact, known)

    def question(self, who: Who, which: int | str, **fields: Any) -> Progress:
        """Change a question of the latest plan for a person.

        Args:
            who: the person.
            which: its number in the plan, from 1, or how its text begins.
            fields: fields of Question, such as must_ask, why_not_online or objective.
        """
        with self._writing("question") as work:
            thread = self.interview(who)
            if said := fields.get("objective"):
                fields["objective"] = self._objective(work.view, said).id
            return self._change(thread, _which(thread.interview, which), **fields)

    def leave_out(self, who: Who, *which: int | str) -> Progress:
        """Take questions out of the latest plan for a person, by number or how their texts begin.

        Raises:
            InvalidError: one of them was answered.
        """
        with self._writing("question") as work:
            thread = self.interview(who)
            places = {_which(thread.interview, one) for one in which}
            asked = thread.interview.questions
            if told := next((asked[place] for place in places if asked[place].answered_on), None):
                raise InvalidError(f"“{told.text}” was answered; it stays")
            left = tuple(one for place, one in enumerate(asked) if place not in places)
            stored = work.put(attrs.evolve(thread.interview, questions=left))
            return thread._replace(interview=stored)

    def answer(
        self,
        who: Who,
        which: int | str,
        text: str,
        *,
        follow_ups: Iterable[str] = (),
        dig_deeper: bool = False,
        at: When = None,
    ) -> Progress:
        """Note what a person answered to a question; one that was not planned is added.

        Args:
            who: the person.
            which: its number in the plan, how its text begins, or the text of another question.
            text: the answer, in my words.
            follow_ups: what I asked next, or want to.
            dig_deeper: come back to it the next time.
            at: when it was said; now without it.
        """
        with self._writing("answer"):
            thread = self.interview(who)
            try:
                place = _which(thread.interview, which)
            except NotFoundError:
                if isinstance(which, int) or which.isdecimal():
                    raise
                thread = self.prepare(who, [which]) if thread.now.held is None else thread
                if thread.now.held is not None:
                    thread = self._ask_besides(thread, which)
                place = _which(thread.interview, which)
            return self._change(
                thread,
                place,
                answer=text,
                answered_on=self.moment(at),
                follow_ups=tuple(follow_ups),
                dig_deeper=dig_deeper,
            )

    def asked(self) -> list[questions.Asked]:
        """Return every question that was asked of somebody, and the answer, the oldest first."""
        with self._reading() as view:
            return sorted(_asked(view), key=lambda row: (row.on, row.interview))

    def answers(self, question: str = "") -> tuple[tuple[questions.Asked, ...], ...]:
        """Return what was asked of several people, their answers side by side.

        Args:
            question: only those whose text, or key, begins so.
        """
        begins = bare(question)
        return tuple(
            group
            for group in questions.compare_answers(self.asked())
            if any(bare(said).startswith(begins) for row in group for said in (row.text, row.key))
        )

    def _to_prepare(self, who: Who) -> Progress:
        with self._writing("prepare") as work:
            contact = self._contact(work.view, who)
            thread = self._latest(work.view, [contact], self.moment(None))
            if thread is None or thread.now.stage == "held":
                return self._begin(work, [contact], self.moment(None))
            return thread

    def _planned(
        self,
        asks: str | model.Question | questions.BankQuestion,
        bank: Iterable[questions.BankQuestion],
    ) -> model.Question:
        if isinstance(asks, model.Question):
            return asks
        if isinstance(asks, str):
            said = bare(asks)
            fit = (one for one in bank if asks == one.key or said == bare(one.text))
            topic = questions.guess_topic(asks)
            asks = next(fit, questions.BankQuestion(key="", text=asks, topic=topic))
        return model.Question(
            text=asks.text, topic=asks.topic, key=asks.key, added_on=self.moment(None)
        )

    def _ask_besides(self, thread: Progress, text: str) -> Progress:
        with self._writing("question") as work:
            asked = (*thread.interview.questions, self._planned(text, self.bank()))
            stored = work.put(attrs.evolve(thread.interview, questions=asked))
            return thread._replace(interview=stored)

    def _change(self, thread: Progress, place: int, **fields: Any) -> Progress:
        with self._writing("question") as work:
            asked = list(thread.interview.questions)
            asked[place] = attrs.evolve(asked[place], **fields)
            stored = work.put(attrs.evolve(thread.interview, questions=tuple(asked)))
            return thread._replace(interview=stored)


def _which(interview: model.Interview, which: int | str) -> int:
    """Return the place of the question that is meant."""
    asked = interview.questions
    if isinstance(which, str) and which.isdecimal() and len(which) < 9:
        which = int(which)
    if isinstance(which, int):
        if not 1 <= which <= len(asked):
            raise NotFoundError(f"There is no question {which}; the plan has {len(asked)}.")
        return which - 1
    begins = bare(which)
    found = [
        place
        for place, one in enumerate(asked)
        if one.key == which or bare(one.text).startswith(begins)
    ]
    if not begins or len(found) != 1:
        some = "Several questions of the plan begin" if found else "No question of the plan begins"
        raise NotFoundError(f"{some} with “{which}”.")
    return found[0]


def _referral_last(plan: Iterable[model.Question]) -> tuple[model.Question, ...]:
    """Return a plan in order, what asks for a referral at its end."""
    return tuple(sorted(plan, key=lambda one: one.topic == "referral"))


def _asked(view: Transaction) -> Iterator[questions.Asked]:
    for record in view.find(Query("interview")):
        for one in record.doc.get("questions", ()):
            if "answered_on" not in one:
                continue
            for contact in record.doc["contacts"]:
                yield questions.Asked(
                    interview=record.id,
                    contact=contact,
                    text=one["text"],
                    topic=one.get("topic", "role"),
                    on=moment(one["answered_on"]).date,
                    key=one.get("key", ""),
                    answer=one.get("answer", ""),
                    follow_ups=tuple(one.get("follow_ups", ())),
                    dig_deeper=one.get("dig_deeper", False),
                )
