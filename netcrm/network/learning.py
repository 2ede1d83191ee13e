"""What I learned: evaluations, insights and advice, decisions, and what people told me of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from netcrm import model
from netcrm.errors import InvalidError
from netcrm.model.base import label
from netcrm.model.ids import new_id
from netcrm.model.text import bare
from netcrm.network.conversations import When
from netcrm.network.people import Who
from netcrm.network.preparing import Preparing
from netcrm.network.threads import Progress
from netcrm.storage.query import Query, Where, eq, has

if TYPE_CHECKING:
    from netcrm.rules.compare import Comparison


class Learning(Preparing):
    """What a network's owner learned from people."""

    def evaluate(self, who: Who, *, at: When = None, **fields: Any) -> Progress:
        """Write down what I make of the latest interview with a person; the rest stays as it was.

        Args:
            who: the person.
            at: when; now without it.
            fields: fields of Evaluation: liked, challenging, rewarding, satisfying, disliked,
                daily_tasks, skills, experience, training_and_paths, gaps, who_else, next_steps,
                ratings, fields, confidence, decision. Whoever is named in who_else is somebody whom
                this person pointed me to when we met; "someone in ..." is a person yet unnamed.

        Raises:
            InvalidError: there was no conversation yet.
        """
        with self._writing("evaluate") as work:
            thread = self.interview(who)
            if thread.now.held is None:
                raise InvalidError(
                    f"You have not met {thread.names} yet, so there is nothing to evaluate. "
                    "If you have: netcrm log WHO coffee --kind meeting"
                )
            before = thread.interview.evaluation or model.Evaluation(on=self._past(at))
            made = attrs.evolve(before, **fields)
            for name in made.who_else:
                if name not in before.who_else:
                    self.refer(thread.people[0], name, on=thread.now.held.date)
            stored = work.put(attrs.evolve(thread.interview, evaluation=made))
            return thread._replace(interview=stored)

    def learn(
        self, text: str, *, who: Who | None = None, on: str | date | None = None, **fields: Any
    ) -> model.Insight:
        """Write down one thing learned, from a person or not.

        Args:
            text: what it is.
            who: who told me; the latest interview with them, if there was one, is where.
            on: when; today without it.
            fields: further fields of Insight: category, stance, fields, organisation, role,
                objective, first_hand, confidential.
        """
        with self._writing("learn") as work:
            contact = self._contact(work.view, who) if who is not None else None
            if said := fields.get("objective"):
                fields["objective"] = self._objective(work.view, said).id
            if contact is not None and "interview" not in fields:
                fields["interview"] = self._last_held(contact)
            return work.put(
                model.Insight(
                    id=new_id(),
                    text=text,
                    contact=contact.id if contact else None,
                    observed_on=self.day(on, past=True),
                    **fields,
                )
            )

    def use(
        self,
        insight: str | model.Insight,
        use: str,
        *,
        due: str | date | None = None,
        on: When = None,
    ) -> model.Insight:
        """Say what becomes of an insight: planned (until a day), applied or set_aside.

        Args:
            insight: it, its id, or how its text begins.
            use: planned, applied or set_aside.
            due: until when I want to apply it.
            on: when this was decided or done; now without it.
        """
        with self._writing("use insight") as work:
            found = self._by_text(work.view, model.Insight, insight)
            step = model.InsightStep(
                use=use,  # type: ignore[arg-type]
                on=self._past(on),
                due=None if due is None else self.day(due),
            )
            return work.put(attrs.evolve(found, steps=(*found.steps, step)))

    def insights(
        self,
        *,
        who: Who | None = None,
        field: str = "",
        organisation: str = "",
        category: str = "",
        use: str = "",
        as_of: When = None,
    ) -> list[model.Insight]:
        """Return what was learned, the latest first.

        Args:
            who: from this person.
            field: about this career field.
            organisation: about this organisation.
            category: of this sort, such as advice or trend.
            use: of which this has become: noted, planned, applied or set_aside.
            as_of: the moment; now without it.
        """
        when = self.moment_of(as_of)
        with self._reading() as view:
            where: Where = ~eq("observed_on", None)
            if who is not None:
                where &= has("contacts", self._contact(view, who).id)
            if field:
                where &= has("fields", label(field))
            if category:
                where &= eq("category", category)
            query = Query("insight", where, order=(("observed_on", True), ("id", True)))
            found = list(self._all(view, model.Insight, query))
        place = bare(organisation)
        return [
            one
            for one in found
            if one.observed_on <= when.date
            and (not place or bare(one.organisation) == place)
            and (not use or _use(one, when) == use)
        ]

    def decide(
        self,
        text: str,
        *,
        because: Iterable[str | model.Insight] = (),
        goal: bool = False,
        objective: str = "",
        on: When = None,
    ) -> model.Decision:
        """Write down what I decided; with *goal*, it is my career goal from then on.

        Args:
            text: what.
            because: the insights behind it, by id or how their texts begin. Who told me them would
                like to hear of it.
            goal: it is a goal.
            objective: the objective that it answers.
            on: when; now without it.
        """
        with self._writing("decide") as work:
            view = work.view
            behind = [self._by_text(view, model.Insight, one).id for one in because]
            return work.put(
                model.Decision(
                    id=new_id(),
                    text=text,
                    on=self._past(on),
                    insights=tuple(behind),
                    objective=self._objective(view, objective).id if objective else None,
                    is_goal=goal,
                )
            )

    def decisions(self, *, as_of: When = None) -> list[model.Decision]:
        """Return what I decided by a moment, the latest first."""
        when = self.moment_of(as_of)
        with self._reading() as view:
            query = Query("decision", order=(("on", True), ("id", True)))
            return [one for one in self._all(view, model.Decision, query) if one.on.is_by(when)]

    def opportunity(
        self, who: Who, text: str, *, on: str | date | None = None, **fields: Any
    ) -> model.Opportunity:
        """Write down an opening, programme or event that a person told me of.

        Args:
            who: who told me.
            text: what it is.
            on: when; today without it.
            fields: further fields of Opportunity: kind, organisation, advertised.
        """
        with self._writing("opportunity") as work:
            contact = self._contact(work.view, who)
            fields.setdefault("interview", self._last_held(contact))
            heard = self.day(on, past=True)
            return work.put(
                model.Opportunity(
                    id=new_id(), contact=contact.id, text=text, heard_on=heard, **fields
                )
            )

    def outcome(
        self, opportunity: str | model.Opportunity, text: str, *, on: When = None
    ) -> model.Opportunity:
        """Say what came of an opportunity; who told me of it would like to hear."""
        with self._writing("outcome") as work:
            found = self._by_text(work.view, model.Opportunity, opportunity)
            return work.put(attrs.evolve(found, outcome=text, outcome_on=self._past(on)))

    def opportunities(self, *, who: Who | None = None) -> list[model.Opportunity]:
        """Return what people told me of, the latest first."""
        with self._reading() as view:
            where = None if who is None else has("contacts", self._contact(view, who).id)
            query = Query("opportunity", where, order=(("heard_on", True), ("id", True)))
            return list(self._all(view, model.Opportunity, query))

    def skills(self, field: str = "") -> dict[str, int]:
        """Return the skills that interviews named, most often first, and how many did.

        Args:
            field: only of interviews about this career field.
        """
        wanted = label(field) if field else ""
        counts: Counter[str] = Counter()
        for thread in self.interviews():
            if thread.interview.evaluation and (not wanted or wanted in fields_of(thread)):
                counts.update(thread.interview.evaluation.skills)
        return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))

    def gaps(self, field: str = "") -> dict[str, int]:
        """Return those skills that I do not say I have, most often named first."""
        mine = self.profile.skills
        return {skill: n for skill, n in self.skills(field).items() if skill not in mine}

    def compare(
        self, fields: Iterable[str] = (), *, weights: Mapping[str, float] | None = None
    ) -> Comparison:
        """Compare careers by how interviews about them were rated.

        Args:
            fields: these career fields; without them, all that were rated.
            weights: how much each criterion counts; they add up to 1. Equal without them.
        """
        from netcrm.rules.compare import Rated, compare

        wanted = {label(field) for field in fields}
        rows = []
        for thread in self.interviews():
            made = thread.interview.evaluation
            if made is None or not made.ratings or thread.now.held is None:
                continue
            liked = tuple(filter(None, (made.liked, made.rewarding, made.satisfying)))
            disliked = tuple(filter(None, (made.disliked, made.challenging)))
            for field in sorted(fields_of(thread)):
                if not wanted or field in wanted:
                    rows.append(Rated(field, thread.course.id, made.ratings, liked, disliked))
        return compare(rows, None if weights is None else {label(k): v for k, v in weights.items()})

    def _last_held(self, who: model.Contact) -> str | None:
        """Return the id of the latest interview held with a person."""
        held = (one.interview.id for one in self.interviews(who=who) if one.now.held)
        return next(held, None)


def fields_of(thread: Progress) -> frozenset[str]:
    """Return the career fields that an interview was about, as evaluated, or else the people's."""
    made = thread.interview.evaluation
    if made is not None and made.fields:
        return made.fields
    return frozenset(field for person in thread.people for field in person.fields)


def _use(insight: model.Insight, when: Any) -> str:
    step = insight.step(when)
    return step.use if step else "noted"
