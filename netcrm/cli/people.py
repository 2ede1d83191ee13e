"""Commands about people: add, edit, show, list, find, tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from netcrm.cli.base import (
    App,
    F,
    as_json,
    as_of,
    dry_run,
    names_or_stdin,
    pass_app,
    print_json,
    print_json_each,
    say,
    table,
    who_argument,
)
from netcrm.cli.data import show_report
from netcrm.cli.introduce import connections
from netcrm.cli.words import closing, done, job, printable_commit, standing, to_json
from netcrm.model.contact import SOURCES
from netcrm.storage.contract import batches

if TYPE_CHECKING:
    from netcrm.model.contact import Contact, ContactPoint
    from netcrm.rules.provenance import Provenance

_PAGE = 1000
_STATES = click.Choice(["active", "archived", "do_not_contact", "deceased"])


def _details(command: F) -> F:
    """Add the options that `add` and `edit` share."""
    options: list[Callable[[Any], Any]] = [
        click.option("--email", help="Adds an e-mail address."),
        click.option("--phone", help="Adds a phone number."),
        click.option("--url", help="Adds a web address, such as a LinkedIn profile."),
        click.option(
            "--org", "organisation", help="Where they work; with --title adds a position."
        ),
        click.option("--title", help="What they do there."),
        click.option("--birthday", metavar="DATE", help="1990-03-14, or --03-14 without the year."),
        click.option(
            "--source",
            metavar="SOURCE",
            help=f"Where you first got to know of them: {', '.join(SOURCES)}.",
        ),
        click.option("--location", help="Where they live."),
        click.option("--note", help="Anything else."),
        click.option("--handle", help="The word you type for them."),
        click.option("--kin/--not-kin", default=None, help="Whether they are family."),
    ]

    for option in reversed(options):
        command = option(command)
    return command


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in (None, ())}


@click.command("add")
@click.argument("name")
@_details
@click.option("-t", "--tag", "tags", multiple=True, help="Adds a tag.")
@click.option("-c", "--circle", "circles", multiple=True, help="Adds a circle.")
@click.option("-f", "--field", "fields", multiple=True, help="Adds a career field.")
@dry_run
@as_json
@pass_app
def add_command(app: App, name: str, dry_run: bool, as_json: bool, **options: Any) -> int:
    """Add a person; with - everybody on a list that is typed or pasted: one on each line.

    \b
    Example:
      netcrm add "Ana Ruiz" --email ana@example.org --circle inner --org "Mercy General"
      echo "Kofi Mensah <kofi@example.org>" | netcrm add -
    """
    if name == "-":
        if _given(options):
            raise click.UsageError("- reads a list; it takes no details")
        with app.open() as net:
            return show_report(net.import_from("table", "-", dry_run=dry_run), dry_run, as_json)
    with app.open() as net:
        with net.transaction("add", detail=name, dry_run=dry_run) as receipt:
            contact = net.add(name, **_given(options))
        namesakes = net.namesakes(contact)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), contact=to_json(contact))
        return 0
    done(
        receipt.commit,
        dry_run,
        f"add {contact.name} ({contact.handle})",
        f"Added {contact.name} ({contact.handle})",
    )
    if namesakes:
        say(f"Another {contact.name} is here already: {', '.join(namesakes)}.")
    return 0


@click.command("edit")
@who_argument()
@click.option("--name", help="Changes their name.")
@_details
@click.option(
    "--state",
    type=_STATES,
    help="Whether they may be contacted at all.",
)
@click.option("--reason", default="", help="Why, with --state.")
@dry_run
@as_json
@pass_app
def edit_command(
    app: App,
    who: str,
    state: str | None,
    reason: str,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Change a person. Contact points and positions are added to those there are.

    \b
    Example:
      netcrm edit ana --org "City Hospital" --title "Head nurse"
      netcrm edit ana --state do_not_contact --reason "asked me not to write"
    """
    from netcrm.model.contact import State

    changes = _given(options)
    with app.open() as net:
        if state:
            changes["state"] = State(kind=state, reason=reason, on=net.today)  # type: ignore[arg-type]
        if not changes:
            raise click.UsageError("say what to change; see: netcrm edit --help")
        with net.transaction("edit", detail=who, dry_run=dry_run) as receipt:
            contact = net.edit(who, **changes)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), contact=to_json(contact))
        return
    done(receipt.commit, dry_run, f"change {contact.name}", f"Changed {contact.name}")


@click.command("show")
@who_argument()
@click.option(
    "--last",
    default=5,
    show_default=True,
    type=click.IntRange(min=0),
    help="How many interactions to show.",
)
@click.option("--sources", is_flag=True, help="Where each value comes from.")
@as_of
@as_json
@pass_app
def show_command(
    app: App, who: str, last: int, sources: bool, as_of: str | None, as_json: bool
) -> None:
    """Show everything about a person.

    \b
    Example:
      netcrm show ana
      netcrm show ana --json | jq .contact.points
    """
    with app.open() as net, net.reading():
        contact = net.contact(who)
        answer = net.explain(contact, as_of=as_of)
        timeline = net.timeline(contact, limit=last, as_of=as_of)
        referrals = net.referrals(contact)
        names = net.names(i for r in referrals for i in (r.referrer, r.referred))
        connected = connections(net, contact, as_of)
    known = _provenance(contact) if sources else []
    if as_json:
        print_json(
            contact=to_json(contact),
            due=standing(answer),
            interactions=[to_json(one) for one in timeline],
            referrals=[to_json(one) for one in referrals],
            **connected.json,
            **({"sources": [one._asdict() for one in known]} if sources else {}),
        )
        return
    say(f"{contact.name} ({contact.handle})", style="heading")
    if sources:
        table([(one.field, one.value, ", ".join(one.sources) or "by hand") for one in known])
        return
    _print_person(contact, closing(answer))
    for referral in referrals:
        say(
            f"{names[referral.referrer].name} pointed you to {names[referral.referred].name} "
            f"({referral.made_on})"
        )
    for line in connected.lines:
        say(line)
    for one in timeline:
        said = one.text or one.subject
        say(f"{one.occurred.date}  {one.channel.replace('_', ' ')}{': ' if said else ''}{said}")
    if contact.note:
        say(contact.note)


def _provenance(contact: Contact) -> list[Provenance]:
    from netcrm.rules.provenance import provenance

    return provenance(contact)


def _reached(point: ContactPoint) -> str:
    """Return an address, and why not to use it."""
    why = "do not use" if point.do_not_use else "bounced" if point.valid == "bounced" else ""
    return f"{point.value} ({why})" if why else point.value


def _print_person(contact: Contact, due: str) -> None:
    rows = [("", job(contact))] if job(contact) else []
    rows += [(point.kind, _reached(point)) for point in contact.points]
    rows += [(occasion.label, str(occasion.on)) for occasion in contact.occasions]
    for what in ("circles", "tags", "fields"):
        labels = getattr(contact, what)
        if labels:
            rows.append((what, ", ".join(labels if what == "circles" else sorted(labels))))
    past = [position for position in contact.positions if position.end]
    rows += [("was", f"{p.title} @ {p.organisation} (until {p.end})") for p in reversed(past)]
    if contact.location:
        rows.append(("lives in", contact.location))
    if contact.state.kind != "active":
        rows.append(("state", f"{contact.state.kind} {contact.state.reason}".strip()))
    rows.append(("due", due))
    table(rows)


@click.command("list")
@click.option("-t", "--tag", default="", help="With this tag.")
@click.option("-c", "--circle", default="", help="In this circle.")
@click.option("-f", "--field", default="", help="In this career field.")
@click.option("--source", default="", help="First known from there.")
@click.option("--org", "organisation", default="", help="Who work or worked there.")
@click.option("--now", "held", flag_value="now", help="With --org: only who work there now.")
@click.option("--formerly", "held", flag_value="formerly", help="With --org: only who did.")
@click.option("--state", type=_STATES, help="Who may be contacted, or not.")
@click.option("--not-contacted", default="", metavar="TIME", help="Without contact this long: 90d.")
@click.option("--handles", is_flag=True, help="Print only handles, for other commands.")
@as_of
@as_json
@pass_app
def list_command(app: App, handles: bool, as_json: bool, **filters: Any) -> None:
    """List people, all or those that fit every filter.

    \b
    Example:
      netcrm list --tag mentor --not-contacted 90d
      netcrm list --org mercy --handles | netcrm tag mercy -
    """
    with app.open() as net:
        people = net.each_contact(**{name: value for name, value in filters.items() if value})
        if as_json:
            print_json_each("contacts", map(to_json, people))
        elif handles:
            for person in people:
                say(person.handle)
        else:
            _print_people(people)


def _print_people(people: Iterable[Contact]) -> None:
    """Print a table, as many rows at a time as somebody may look at."""
    rows = ((p.handle, p.name, job(p), " ".join(sorted((*p.circles, *p.tags)))) for p in people)
    nobody = True
    for page in batches(rows, _PAGE):
        nobody = False
        table(page)
    if nobody:
        say("Nobody fits. Add people with: netcrm add, or: netcrm import")


@click.command("find")
@click.argument("words", nargs=-1, required=True)
@as_json
@pass_app
def find_command(app: App, words: tuple[str, ...], as_json: bool) -> None:
    """Find people and what was said with them, by the starts of words.

    \b
    Example:
      netcrm find nurs mercy
    """
    with app.open() as net:
        found = net.find(" ".join(words))
        names = net.names(p.contact for one in found.interactions for p in one.participants)
    if as_json:
        print_json(
            contacts=[to_json(person) for person in found.contacts],
            interactions=[to_json(one) for one in found.interactions],
        )
        return
    if found.contacts:
        _print_people(found.contacts)
    for one in found.interactions:
        people = ", ".join(names[p.contact].name for p in one.participants)
        say(f"{one.occurred.date}  {people}: {one.text or one.subject}")
    if not found.contacts and not found.interactions:
        say("Nothing found.")


@click.command("tag")
@click.argument("label")
@who_argument("people", nargs=-1, required=True)
@click.option("--remove", is_flag=True, help="Take the label away.")
@click.option("--circle", "kind", flag_value="circles", help="It is a circle.")
@click.option("--field", "kind", flag_value="fields", help="It is a career field.")
@click.option("--plain", "kind", flag_value="tags", default=True, hidden=True)
@dry_run
@as_json
@pass_app
def tag_command(
    app: App,
    label: str,
    people: tuple[str, ...],
    remove: bool,
    kind: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Tag people, or put them in a circle. `-` reads names from standard input, one a line.

    \b
    Example:
      netcrm tag mentor ana "Luis Ortega"
      netcrm tag inner ana --circle
      netcrm list --not-contacted 90d --handles | netcrm tag ask-autumn -
    """
    from netcrm.model.base import label as to_label

    change = {"remove" if remove else "add": [label]}
    with app.open() as net:
        with net.transaction("tag", detail=label, dry_run=dry_run) as receipt:
            tagged = net.tag(*names_or_stdin(people), kind=kind, **change)
    if as_json:
        print_json(
            **printable_commit(receipt.commit, dry_run), contacts=[to_json(one) for one in tagged]
        )
        return
    names = ", ".join(person.name for person in tagged[:5]) + (" ..." if len(tagged) > 5 else "")
    verb, past = ("untag", "Untagged") if remove else ("tag", "Tagged")
    label = to_label(label)  # as it is stored
    done(receipt.commit, dry_run, f"{verb} {names} {label}", f"{past} {label}: {names}")
