"""Me and what I am after: profile, objectives, campaigns, career fields, and what I look up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

import attrs

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError
from netcrm.model.base import label
from netcrm.model.ids import new_id
from netcrm.model.profile import ME
from netcrm.model.text import bare
from netcrm.model.time import Interval
from netcrm.network.conversations import When
from netcrm.network.people import Who
from netcrm.network.telling import Telling
from netcrm.rules.page import shortened
from netcrm.rules.readiness import Unready, ready
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq

T = TypeVar(
    "T", model.Objective, model.Insight, model.Opportunity, model.Decision, model.Commitment
)
_LISTED = 8


class Aiming(Telling):
    """What a network's owner wants to find out, and what they bring."""

    @property
    def profile(self) -> model.Profile:
        """What I said of myself; an empty profile if nothing yet."""
        with self._reading() as view:
            found = self._all(view, model.Profile, Query("profile"))
            return next(found, model.Profile(id=ME))

    def describe(self, **fields: Any) -> model.Profile:
        """Say who I am: stage, education, activities, seeking, interests, skills, values, links.

        Args:
            fields: fields of Profile; each replaces what was there.

        Example:
            >>> sorted(net.describe(stage="college", interests=["Psychiatry"]).interests)
            ['psychiatry']
        """
        with self._writing("describe me") as work:
            return work.put(attrs.evolve(self.profile, **fields))

    def pitch(self, *, on: str | date | None = None, **parts: Any) -> model.Profile:
        """Put down how I introduce myself; what is not given stays as in the version before.

        Args:
            on: from which day on; today without it.
            parts: education, activities, interests, goals, seeking; and because, the insights that
                led to this version, by id or how their texts begin.
        """
        with self._writing("pitch") as work:
            profile, day = self.profile, self.day(on)
            last = profile.pitch(day) or model.Pitch(on=day)
            if behind := parts.get("because"):
                found = (self._by_text(work.view, model.Insight, one) for one in behind)
                parts["because"] = [one.id for one in found]
            made = attrs.evolve(last, on=day, **{"because": (), **parts})
            kept = [one for one in profile.pitches if one.on != day]
            return work.put(attrs.evolve(profile, pitches=(*kept, made)))

    def practise(self, minutes: int = 1, *, on: str | date | None = None) -> model.Profile:
        """Note that I practised my pitch, for some minutes."""
        with self._writing("practise") as work:
            profile = self.profile
            done = model.Practice(on=self.day(on, past=True), minutes=minutes)
            return work.put(attrs.evolve(profile, practices=(*profile.practices, done)))

    def feel(self, level: int, note: str = "", *, on: str | date | None = None) -> model.Profile:
        """Note how sure I feel, from 1 to 5."""
        with self._writing("confidence") as work:
            profile = self.profile
            felt = model.Confidence(on=self.day(on, past=True), level=level, note=note)
            return work.put(attrs.evolve(profile, confidence=(*profile.confidence, felt)))

    def ready(self, *, as_of: date | str | None = None) -> list[Unready]:
        """Return what is still missing before I ask anybody; nothing if I am ready."""
        with self.reading():
            return ready(self.profile, self.objectives(as_of=as_of), as_of=self.day(as_of))

    # --- objectives and campaigns

    def objective(self, text: str, **fields: Any) -> model.Objective:
        """Set an objective: something that I want to find out.

        Args:
            text: the question.
            fields: fields of Objective: focus, fields, organisations, decision.

        Example:
            >>> net.objective("What is a normal day like?", fields=["psychiatry"]).focus
            'role'
        """
        with self._writing("objective", text) as work:
            made = model.Objective(id=new_id(), text=text, added_on=self.today, **fields)
            return work.put(made)

    def objectives(self, *, as_of: date | str | None = None) -> list[model.Objective]:
        """Return the objectives that are set on a day and neither answered nor dropped."""
        day = self.day(as_of)
        with self._reading() as view:
            known = self._all(
                view, model.Objective, Query("objective", order=(("added_on", False),))
            )
            return [
                one
                for one in known
                if one.added_on <= day and (one.ended_on is None or one.ended_on > day)
            ]

    def settle(
        self,
        objective: str | model.Objective,
        how: str = "answered",
        *,
        on: str | date | None = None,
    ) -> model.Objective:
        """End an objective: answered or dropped."""
        with self._writing("objective") as work:
            found = self._objective(work.view, objective)
            return work.put(attrs.evolve(found, ended=how, ended_on=self.day(on)))  # type: ignore[arg-type]

    def campaign(
        self,
        name: str,
        *,
        aims: Mapping[str, int] | Iterable[model.Aim] = (),
        every: str | Interval | None = None,
        objectives: Iterable[str] = (),
        start: str | date | None = None,
        end: str | date | None = None,
        **fields: Any,
    ) -> model.Campaign:
        """Begin a campaign, or change the one called so.

        Args:
            name: what to call it.
            aims: how many interviews in which field.
            every: the rhythm of interviews to hold, such as "1 month", for one that goes on.
            objectives: ids or beginnings of texts of objectives.
            start: the first day; today without it.
            end: the last day; without it, it goes on.
            fields: further fields of Campaign, such as organisations, weekly_requests or max_open.

        Example:
            >>> net.campaign("Spring", aims={"psychiatry": 3}).aims[0].interviews
            3
        """
        with self._writing("campaign", name) as work:
            found = self._campaign(work.view, name)
            if isinstance(aims, Mapping):
                aims = [model.Aim(field=field, interviews=number) for field, number in aims.items()]
            said: dict[str, Any] = {"aims": tuple(aims), "every": every, "start": start, "end": end}
            said["objectives"] = [self._objective(work.view, one).id for one in objectives]
            said = {key: value for key, value in said.items() if value} | fields
            if isinstance(every, str):
                said["every"] = Interval.parse(every)
            for edge in ("start", "end"):
                if edge in said:
                    said[edge] = self.day(said[edge])
            begun = found or model.Campaign(id=new_id(), name=name, start=self.today)
            return work.put(attrs.evolve(begun, **said))

    def campaigns(self, *, as_of: date | str | None = None) -> list[model.Campaign]:
        """Return the campaigns that have begun by a day, the latest first."""
        day = self.day(as_of)
        with self._reading() as view:
            query = Query("campaign", order=(("start", True), ("name", False)))
            return [one for one in self._all(view, model.Campaign, query) if one.start <= day]

    # --- career fields, and what was looked up

    def relate(
        self,
        field: str,
        *related: str,
        broader: Iterable[str] = (),
        title: str = "",
        codes: Mapping[str, str] | None = None,
    ) -> model.CareerField:
        """Say which career fields are related to a field, and which are broader.

        What is said is added to what was said before.

        Raises:
            InvalidError: a field would be broader than itself.
        """
        with self._writing("relate", field) as work:
            name = label(field)
            found = self._field(work.view, name) or model.CareerField(id=new_id(), name=name)
            made = attrs.evolve(
                found,
                title=title or found.title,
                related=found.related.union(map(label, related)),
                broader=found.broader.union(map(label, broader)),
                codes={**found.codes, **(codes or {})},
            )
            if name in self._above(work.view, made.broader):
                raise InvalidError(f"{name} would be broader than itself")
            return work.put(made)

    def career_fields(self) -> list[model.CareerField]:
        """Return the career fields of which something was said, by name."""
        with self._reading() as view:
            return list(
                self._all(view, model.CareerField, Query("careerfield", order=(("name", False),)))
            )

    def research(
        self,
        about: Who = "",
        text: str = "",
        *,
        organisation: str = "",
        field: str = "",
        link: str = "",
        setting: bool = False,
        on: When = None,
    ) -> model.Research:
        """Note what I looked up before talking: about a person, an organisation or a field.

        Args:
            about: the person; not needed for an organisation or a field.
            text: what I found.
            organisation: it is about this organisation.
            field: it is about this career field.
            link: where I found it.
            setting: it is about meeting them: the place, how to dress.
            on: when; now without it.
        """
        with self._writing("research") as work:
            contact = self._contact(work.view, about).id if about else None
            kind = "setting" if setting else "person"
            if organisation or field:
                kind = "organisation" if organisation else "industry"
            return work.put(
                model.Research(
                    id=new_id(),
                    about=kind,  # type: ignore[arg-type]
                    contact=contact,
                    organisation=organisation,
                    field=label(field) if field else "",
                    text=text,
                    link=link,
                    on=self.moment(on),
                )
            )

    def _objective(self, view: Transaction, said: str | model.Objective) -> model.Objective:
        return self._by_text(view, model.Objective, said)

    def _by_text(self, view: Transaction, cls: type[T], said: str | T) -> T:
        """Return the record that is meant: by its id, or the one whose text begins so.

        Raises:
            NotFoundError: nothing is meant, or several; they are listed.
        """
        wanted = said if isinstance(said, str) else said.id
        known = list(self._all(view, cls, Query(cls.__name__.lower())))
        begins = bare(wanted)
        found = [one for one in known if one.id == wanted] or [
            one for one in known if begins and bare(one.text).startswith(begins)
        ]
        if len(found) != 1:
            noun = cls.__name__.lower()
            some = f"fits more than one {noun}" if found else f"begins no {noun}"
            texts = ", ".join(f"“{shortened(one.text, 60)}”" for one in (found or known)[:_LISTED])
            raise NotFoundError(f"“{shortened(wanted, 60)}” {some}. There are: {texts or 'none'}.")
        return found[0]

    def _campaign(self, view: Transaction, name: str) -> model.Campaign | None:
        return next(self._all(view, model.Campaign, Query("campaign", eq("name", name))), None)

    def _campaign_called(self, view: Transaction, name: str) -> model.Campaign:
        found = self._campaign(view, name)
        if found is None:
            there = ", ".join(
                one.name for one in self._all(view, model.Campaign, Query("campaign"))
            )
            raise NotFoundError(f"There is no campaign “{name}”. There are: {there or 'none'}.")
        return found

    def _field(self, view: Transaction, name: str) -> model.CareerField | None:
        return next(
            self._all(view, model.CareerField, Query("careerfield", eq("name", name))), None
        )

    def _above(self, view: Transaction, names: Iterable[str]) -> set[str]:
        """Return these fields and all that are broader."""
        found: set[str] = set()
        left = set(names)
        while left:
            found |= left
            above = (self._field(view, name) for name in left)
            left = {up for one in above if one for up in one.broader} - found
        return found
