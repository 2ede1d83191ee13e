"""People: find them by name, add them, change them, list them."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple, TypeAlias

import attrs

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError
from netcrm.kinds import NEWEST
from netcrm.model.base import label
from netcrm.model.ids import new_id
from netcrm.model.text import bare, clean, slug, words
from netcrm.model.time import Interval, PartialDate
from netcrm.network.core import E, merged_into
from netcrm.network.history import History, about_nobody, taken
from netcrm.rules import lookup
from netcrm.rules.identity import identifier
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, Where, eq, has, le, one_of, prefix, starts, text

Who: TypeAlias = "str | model.Contact"
"""A person: a name, a handle, an id, or the contact itself."""

_SHORT: Final = frozenset({"email", "phone", "url", "organisation", "title", "birthday"})
_NAMES = ("id", "handle", "name", "aliases")
_WORDS_ASKED_FOR = 8  # they narrow down who may be meant; then every word counts


class Found(NamedTuple):
    """What a search found."""

    contacts: tuple[model.Contact, ...]
    interactions: tuple[model.Interaction, ...]


class People(History):
    """The people of a network."""

    def contact(self, who: Who) -> model.Contact:
        """Return the person that *who* means, as stored now.

        Raises:
            AmbiguousError: the name fits several people; they are listed, nobody is chosen.
            NotFoundError: it fits nobody; close names are suggested.
        """
        with self._reading() as view:
            return self._contact(view, who)

    @property
    def me(self) -> model.Contact | None:
        """The contact that is me, if there is one."""
        with self._reading() as view:
            return next(self._all(view, model.Contact, Query("contact", eq("is_me", True))), None)

    def put(self, *entities: E) -> list[E]:
        """Store entities that you made or changed yourself, as one commit; return them as stored.

        Raises:
            ConflictError: one of them was changed since you read it.
            InvalidError: an address or handle belongs to somebody else already, or one of them is
                about somebody who is not here.
        """
        from netcrm import codec

        contacts = [entity for entity in entities if isinstance(entity, model.Contact)]
        with self._writing("put") as work:
            known = one_of("id", [contact.id for contact in contacts])
            before = list(self._all(work.view, model.Contact, Query("contact", known)))
            stored = super().put(*entities)
            records = [codec.encode(entity) for entity in stored]
            self._check(work.view, *contacts, before=before)
            trouble = taken(work.view, records)
            if about_nobody(work.view, records):
                trouble = "one of them is about somebody who is not here"
            if trouble:
                raise InvalidError(trouble)
            return stored

    def add(self, name: str, **fields: Any) -> model.Contact:
        """Add a person.

        Args:
            name: their name, as you would write it.
            fields: fields of Contact, such as tags, circles, source or note; and in short email,
                phone, url, organisation, title and birthday.

        Example:
            >>> net.add("Ana Ruiz", email="ana@example.org", circles=["inner"]).handle
            'ana-ruiz'

        Raises:
            InvalidError: a value cannot be stored, or an address belongs to somebody else already.
        """
        with self._writing("add", name) as work:
            handle = fields.pop("handle", "") or next(self._free_handles(work.view, name))
            fresh = model.Contact(id=new_id(), name=name, handle=handle, added_on=self.today)
            contact = _with(fresh, fields)
            self._check(work.view, contact)
            return work.put(contact)

    def edit(self, who: Who, **fields: Any) -> model.Contact:
        """Change fields of a person, named as for `add`.

        In short given contact points and positions are added to those there are.

        Raises:
            InvalidError: a value cannot be stored, or an address belongs to somebody else already.
            ConflictError: *who* is a contact that was changed since you read it.
        """
        with self._writing("edit") as work:
            contact = self._to_change(work.view, who)
            changed = _with(contact, fields)
            self._check(work.view, changed, before=[contact])
            return work.put(changed)

    def tag(
        self,
        *people: Who,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
        kind: str = "tags",
    ) -> list[model.Contact]:
        """Add and remove labels of several people at once; *kind* is tags, circles or fields.

        A circle that is added goes behind those a person is in.
        """
        if kind not in ("tags", "circles", "fields"):
            raise InvalidError(f"{kind!r} holds no labels; choose tags, circles or fields")
        added, removed = _labels(add), _labels(remove)
        with self._writing("tag", " ".join([*added, *(f"-{gone}" for gone in removed)])) as work:
            tagged = []
            for contact in self._each(work.view, people):
                kept = [value for value in getattr(contact, kind) if value not in removed]
                changed: dict[str, Any] = {kind: (*kept, *added)}
                tagged.append(attrs.evolve(contact, **changed))
            return work.put_all(tagged)

    def contacts(self, **asked: Any) -> list[model.Contact]:
        """Return the people that fit all of what is asked for, by name.

        Args:
            asked: what `each_contact` takes.
        """
        return list(self.each_contact(**asked))

    def each_contact(
        self,
        *,
        tag: str = "",
        circle: str = "",
        field: str = "",
        source: str = "",
        organisation: str = "",
        held: str | None = None,
        state: str = "",
        not_contacted: str | Interval = "",
        as_of: date | str | None = None,
    ) -> Iterator[model.Contact]:
        """Yield the people that fit all of what is asked for, by name, one by one.

        So that they need not all be in memory; read them to the end before you write.

        Args:
            tag: with this tag.
            circle: in this circle.
            field: in this career field.
            source: first known from there.
            organisation: who work or worked where the name starts so.
            held: only who work there "now", on the day *as_of*, or only who did "formerly".
            state: active, archived, do_not_contact or deceased.
            not_contacted: without a touch for this long, or ever, on the day *as_of*.
            as_of: the day for *held* and *not_contacted*; tags and the like are those of now.
        """
        from netcrm.rules.jobs import held_at  # few ask for it

        labels = {"tags": tag, "circles": circle, "fields": field}
        where = _filter(labels, source=source, state=state, organisation=organisation)
        if held is not None and (held not in ("now", "formerly") or not organisation):
            raise InvalidError("who works where? name the organisation, and now or formerly")
        day, by_name = self.day(as_of), Query("contact", where, order=(("name", False),))
        with self._reading() as view:
            forgotten = self._not_contacted(view, not_contacted, day)
            for person in self._all(view, model.Contact, by_name):
                is_there = not held or held_at(person.positions, organisation, day) == held
                if is_there and forgotten(person):
                    yield person

    def _not_contacted(
        self, view: Transaction, time: str | Interval, day: date
    ) -> Callable[[model.Contact], bool]:
        """Return the test whether somebody was without a touch for a time; none for no time."""
        if not time:
            return lambda person: True
        length = Interval.of(time)
        known = Query("interaction", le("on", str(day)))
        recent = {
            id_
            for id_, (on, _) in view.latest(known, per="touched", by="on").items()
            if length.after(date.fromisoformat(str(on))) > day
        }
        return lambda person: not person.is_me and person.id not in recent

    def find(self, said: str, *, limit: int = 50) -> Found:
        """Return people and interactions in whose text each word of *said* starts some word."""
        if not words(said):
            raise InvalidError("say at least one word to look for")
        with self._reading() as view:
            newest = Query("interaction", text(said), order=NEWEST, limit=limit)
            by_name = Query("contact", text(said), order=(("name", False),), limit=limit)
            contacts = tuple(self._all(view, model.Contact, by_name))
            return Found(contacts, tuple(self._all(view, model.Interaction, newest)))

    def timeline(
        self, who: Who, *, limit: int | None = None, as_of: date | str | None = None
    ) -> list[model.Interaction]:
        """Return what happened with a person up to *as_of*, the newest first."""
        with self._reading() as view:
            contact = self._contact(view, who)
            where = has("contacts", contact.id) & le("on", str(self.day(as_of)))
            query = Query("interaction", where, order=NEWEST, limit=limit)
            return list(self._all(view, model.Interaction, query))

    def handles(self, start: str = "") -> dict[str, str]:
        """Return the handles that start so, each with the person's name, in order."""
        query = Query("contact", prefix("handle", start), order=(("handle", False),))
        with self._reading() as view:
            rows = view.rows(query, ("handle", "name"))
            return {str(handle): str(name) for handle, name in rows}

    def namesakes(self, contact: model.Contact) -> list[str]:
        """Return the handles of others who are called the same."""
        query = Query("contact", has("called", bare(contact.name)))
        with self._reading() as view:
            rows = list(view.rows(query, ("id", "handle")))
        return sorted(str(handle) for id_, handle in rows if id_ != contact.id)

    def names(self, ids: Iterable[str]) -> dict[str, lookup.Name]:
        """Return what the people with these ids are called: name, handle and aliases."""
        with self._reading() as view:
            found = view.rows(Query("contact", one_of("id", set(ids))), _NAMES)
            return {row[0]: _name(row) for row in found}

    def _contact(self, view: Transaction, who: Who) -> model.Contact:
        """Return the person that is meant; who was merged into another one since is that one."""
        id_ = who.id if isinstance(who, model.Contact) else self._lookup(view, who).id
        if isinstance(who, model.Contact) and not view.count("contact", eq("id", id_)):
            id_ = merged_into(view, eq("id", id_)) or id_
        return self._get(view, model.Contact, id_)

    def _each(self, view: Transaction, people: Iterable[Who]) -> list[model.Contact]:
        """Return several people to change, each once; handles are looked up all at once."""
        asked = list(people)
        handles = one_of("handle", {who for who in asked if isinstance(who, str)})
        by_handle = {
            handle: id_ for id_, handle in view.rows(Query("contact", handles), ("id", "handle"))
        }
        found: dict[str, model.Contact] = {}
        for who in asked:
            id_ = by_handle.get(who) if isinstance(who, str) else None
            contact = self._get(view, model.Contact, id_) if id_ else self._to_change(view, who)
            found[contact.id] = contact
        return list(found.values())

    def _to_change(self, view: Transaction, who: Who) -> model.Contact:
        """Return a person to change; a contact as it was read, so that a stale one is noticed."""
        stored = self._contact(view, who)
        return who if isinstance(who, model.Contact) and who.rev != stored.rev else stored

    def _lookup(self, view: Transaction, query: str) -> lookup.Name:
        """Return whom a typed name means, reading no more people than may be meant."""
        try:
            return lookup.choose(query, self._called(view, query))
        except NotFoundError:
            if into := merged_into(view, eq("id", query) | eq("handle", query.strip().lower())):
                (found,) = view.rows(Query("contact", eq("id", into)), _NAMES)
                return _name(found)
            everybody = (_name(row) for row in view.rows(Query("contact"), _NAMES))
            raise NotFoundError(
                f"Nobody here is called “{query}”.", lookup.close(query, everybody)
            ) from None

    def _called(self, view: Transaction, query: str) -> list[lookup.Name]:
        """Return who may be meant by a typed name."""
        typed = words(query)
        where = has("called", query.strip().lower(), " ".join(typed)) | eq("id", query)
        if typed:
            some = [starts("names", word) for word in typed[:_WORDS_ASKED_FOR]]
            where |= functools.reduce(operator.and_, some)
        return [_name(row) for row in view.rows(Query("contact", where), _NAMES)]

    def _free_handles(self, view: Transaction, name: str) -> Iterator[str]:
        """Yield words for a person that nobody has: ana-ruiz, ana-ruiz-2, ..."""
        from netcrm.rules.names import bare_name

        base = slug(bare_name(clean(name)))[:60].strip("-") or "contact"
        query = Query("contact", starts("called", base))
        taken = {str(handle) for (handle,) in view.rows(query, ("handle",))}
        gone = Query("merged", prefix("handle", base))  # they still find somebody
        taken |= {str(handle) for (handle,) in view.rows(gone, ("handle",))}
        yield from lookup.free_handles(base, taken)

    def _check(
        self, view: Transaction, *contacts: model.Contact, before: Iterable[model.Contact] = ()
    ) -> None:
        """Refuse a new contact point or handle that somebody else has already."""
        had = {(key, contact.id) for contact in before for key in _keys(contact)}
        own = {(key, one.id) for one in contacts for key in _keys(one)} - had
        keys = dict(own)
        handles = {contact.handle: contact.id for contact in contacts}
        me = next((contact.id for contact in contacts if contact.is_me), None)
        where = has("identifiers", *keys) | has("called", *handles)
        if me:
            where |= eq("is_me", True)
        fields = ("id", "handle", "name", "identifiers", "is_me")
        gone = Query("merged", one_of("handle", list(handles)))
        for handle, (into,) in view.rows(gone, ("handle", "contacts")):
            if into != handles[str(handle)]:
                name = self._get(view, model.Contact, into).name
                raise InvalidError(f"the handle {handle} still finds {name}, who had it before")
        for other, handle, name, theirs, is_me in view.rows(Query("contact", where), fields):
            if handles.get(str(handle), other) != other:
                raise InvalidError(f"the handle {handle} belongs to {name} already")
            if me and is_me and me != other:
                raise InvalidError(f"{name} ({handle}) is me already")
            for key in keys.keys() & (theirs or ()):
                if keys[key] != other:
                    what = key.partition(":")[2]
                    raise InvalidError(f"{what} belongs to {name} ({handle}) already")


def _with(contact: model.Contact, fields: Mapping[str, Any]) -> model.Contact:
    """Return *contact* with fields changed, and what is given in short added."""
    short = {name: fields.get(name, "") for name in _SHORT}
    plain = {name: value for name, value in fields.items() if name not in _SHORT}
    for name in plain.keys() - (attrs.fields_dict(model.Contact).keys() - {"id", "rev"}):
        raise InvalidError(f"a contact has no field {name!r}")
    changed = attrs.evolve(contact, **plain)
    points, positions, occasions = changed.points, changed.positions, changed.occasions
    known = {identifier(point.kind, point.value) for point in points}
    for kind in ("email", "phone", "url"):
        if short[kind] and identifier(kind, short[kind]) not in known:
            points = (*points, model.ContactPoint(kind=kind, value=short[kind]))
    if short["organisation"] or short["title"]:
        place = short["organisation"] or (changed.job.organisation if changed.job else "")
        job = model.Position(organisation=place, title=short["title"])
        held = {(p.organisation, p.title) for p in positions if p.end is None}
        if (job.organisation, job.title) not in held:
            positions = (*positions, job)
    if short["birthday"]:
        others = [occasion for occasion in occasions if occasion.label != "birthday"]
        birthday = PartialDate.parse(short["birthday"])
        occasions = (*others, model.Occasion(label="birthday", on=birthday))
    return attrs.evolve(changed, points=points, positions=positions, occasions=occasions)


def check_source(word: str) -> None:
    """Refuse a word that is not the source of anybody."""
    from netcrm.model.contact import SOURCES

    if word not in SOURCES:
        raise InvalidError(f"{word!r} is not a source; choose from {', '.join(SOURCES)}")


def _keys(contact: model.Contact) -> Iterator[str]:
    return (identifier(point.kind, point.value) for point in contact.points)


def _labels(values: Iterable[str]) -> list[str]:
    if isinstance(values, str):
        raise InvalidError(f"expected several labels, got {values!r}")
    return [label(value) for value in values]


def _filter(
    labels: Mapping[str, str], *, source: str, state: str, organisation: str
) -> Where | None:
    """Return the condition for people who fit everything that is given."""
    if state:
        model.State(kind=state)  # type: ignore[arg-type] # a misspelled one is refused
    if source:
        check_source(source)
    conditions = [has(name, label(value)) for name, value in labels.items() if value]
    conditions += [eq("source", source)] if source else []
    conditions += [eq("state", state)] if state else []
    if organisation:
        if not words(organisation):
            raise InvalidError(f"{organisation!r} has no letter or digit to look for")
        conditions.append(starts("organisations", bare(organisation)))
    return functools.reduce(operator.and_, conditions) if conditions else None


def _name(row: tuple[Any, ...]) -> lookup.Name:
    return lookup.Name(*row)
