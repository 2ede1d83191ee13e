"""Commands about interviews: ask, plan, meeting, interviews, step."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from netcrm.cli.base import (
    App,
    as_json,
    as_of,
    dry_run,
    pass_app,
    print_json,
    say,
    table,
    who_argument,
)
from netcrm.cli.doing import Owed, doubt, insist, say_owed
from netcrm.cli.words import done, moment, person_json, pretty, printable_commit, to_json
from netcrm.errors import InvalidError, NotFoundError
from netcrm.rules.lifecycle import NEXT

if TYPE_CHECKING:
    from netcrm.model.interaction import Meeting
    from netcrm.network import Network
    from netcrm.network.threads import Progress

_FORMATS = {"in-person": "in_person", "video": "video", "phone": "phone"}
_ENDINGS = ("held", "missed", "cancelled", "called-off", "confirmed")
_TURNS = ("drop", "lapse", "call-off", "no-referrals")


@click.command("ask")
@who_argument()
@click.argument("words", nargs=-1)
@click.option("--with", "others", multiple=True, metavar="WHO", help="Asked together with them.")
@click.option("--at", metavar="WHEN", help='When: "fri 15:00", yesterday, 2026-03-14, 3 days ago.')
@click.option("--min", "minutes", type=int, help="How many minutes you asked for; 30 without it.")
@click.option("--format", "formats", multiple=True, type=click.Choice(list(_FORMATS)),
              help="What you offered; may be given several times.")  # fmt: skip
@click.option("--for", "objectives", multiple=True, metavar="OBJECTIVE",
              help="What you want to know: how an objective begins.")  # fmt: skip
@insist
@dry_run
@as_json
@pass_app
def ask_command(
    app: App,
    who: str,
    words: tuple[str, ...],
    others: tuple[str, ...],
    at: str | None,
    minutes: int | None,
    formats: tuple[str, ...],
    objectives: tuple[str, ...],
    insist: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Log that you asked for an informational interview; nothing is sent.

    The first word may say how: email, linkedin, call, coffee, ...

    \b
    Example:
      netcrm ask luis email
      netcrm ask ana linkedin --min 20 --for "day-to-day" --at yesterday
    """
    from netcrm.rules.said import channel

    how = channel(words[0]) if words else None
    text = " ".join(words[1:] if how else words)
    with app.open() as net:
        with net.transaction("ask", detail=who, dry_run=dry_run) as receipt:
            found = net.ask(
                [who, *others],
                how or "email",
                text,
                at=at,
                minutes=minutes,
                formats=[_FORMATS[one] for one in formats],
                objectives=objectives,
                insist=insist,
            )
            shown = interview_json(found)
            today, aims = net.today, net.objectives()
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), interview=shown)
        return
    what = f"you asked {found.names} for {found.interview.minutes} minutes"
    done(receipt.commit, dry_run, f"note that {what}", f"Noted: {what}")
    if words and not how:
        doubt(words[0])
    _say_next(found, today, has_aims=bool(aims))


def _say_next(asked: Progress, today: date, *, has_aims: bool) -> None:
    waiting = asked.now.waiting
    if waiting and waiting.follow_up and waiting.follow_up >= today:
        say(f"If there is no answer, write once more on {pretty(waiting.follow_up)}.")
    if not asked.interview.objectives:
        which = 'ask --for "how it begins"' if has_aims else 'objective "..."'
        say(f"What do you want to find out? netcrm {which}")


@click.command("plan")
@who_argument()
@click.argument("when")
@click.option("--with", "others", multiple=True, metavar="WHO", help="Somebody else comes too.")
@click.option("--format", "how", type=click.Choice(list(_FORMATS)), default="in-person",
              show_default=True, help="How you meet.")  # fmt: skip
@click.option("--min", "minutes", type=int, help="How many minutes.")
@click.option("--place", help="Where, or the link.")
@click.option("--travel", "travel_minutes", type=int, help="Minutes it takes to get there.")
@click.option("--confirmed", is_flag=True, help="They confirmed it already.")
@click.option("--at", metavar="WHEN", help="When it was agreed; now without it.")
@dry_run
@as_json
@pass_app
def plan_command(
    app: App,
    who: str,
    when: str,
    others: tuple[str, ...],
    how: str,
    confirmed: bool,
    at: str | None,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Write down a meeting that is agreed. An interview waiting for one goes on with it.

    A meeting of that interview planned before was moved, then.

    \b
    Example:
      netcrm plan priya "fri 15:00" --format video --min 30
      netcrm plan tom "2026-03-24T16:00+00:00[Europe/London]" --format video
    """
    given = {name: value for name, value in options.items() if value is not None}
    with app.open() as net:
        with net.transaction("plan", detail=who, dry_run=dry_run) as receipt:
            owed = Owed(net, [who, *others])
            booked = net.moment(at)
            if confirmed:
                given["confirmed_on"] = booked
            made = net.plan([who, *others], when, format=_FORMATS[how], booked_on=booked, **given)
            names = net.names(one.contact for one in made.participants)
            opened, closed = owed.changed()
            theirs = made.start.local
            zone = f" {theirs.tzinfo}" if theirs and str(theirs.tzinfo) != net.zone else ""
    if as_json:
        print_json(
            **printable_commit(receipt.commit, dry_run),
            meeting=to_json(made),
            opened=owed.to_json(opened),
            closed=owed.to_json(closed),
        )
        return
    people = " and ".join(names[one.contact].name for one in made.participants)
    noun = "interview" if made.interview else "meeting"
    what = f"{noun} with {people} on {moment(made.start)}{zone}"
    done(receipt.commit, dry_run, f"plan: {what}", f"Planned: {what}")
    if made.start.shifted:
        say(f"The clocks change then; taken as {made.start}.")
    say_owed(opened, closed)


@click.command("meeting")
@who_argument()
@click.argument("how", type=click.Choice(_ENDINGS))
@click.option("--at", metavar="WHEN", help="When that was; now without it.")
@dry_run
@as_json
@pass_app
def meeting_command(
    app: App, who: str, how: str, at: str | None, dry_run: bool, as_json: bool
) -> None:
    """Say what became of the next planned meeting with a person.

    Cancelled, it is to be booked anew; called off, it will not take place.

    \b
    Example:
      netcrm meeting hannah confirmed
      netcrm meeting hannah held
    """
    with app.open() as net:
        with net.transaction("meeting", detail=who, dry_run=dry_run) as receipt:
            owed = Owed(net, [who])
            meeting = _planned(net, who)
            if how == "missed" and not meeting.start.is_by(net.moment(None)):
                raise InvalidError("it is still to come; write cancelled or called-off")
            if how == "confirmed":
                import attrs

                (ended,) = net.put(attrs.evolve(meeting, confirmed_on=net.moment(at)))
            else:
                ended = net.end(meeting, how.replace("-", "_"), on=at)  # type: ignore[arg-type]
            opened, closed = owed.changed()
            name = net.contact(who).name
    if as_json:
        print_json(
            **printable_commit(receipt.commit, dry_run),
            meeting=to_json(ended),
            opened=owed.to_json(opened),
            closed=owed.to_json(closed),
        )
        return
    what = f"meeting with {name} on {moment(ended.start)}: {how.replace('-', ' ')}"
    done(receipt.commit, dry_run, f"note: {what}", f"Noted: {what}")
    say_owed(opened, closed)


def _planned(net: Network, who: str) -> Meeting:
    """Return the meeting with a person that is planned: the earliest that has not ended."""
    found = net.meetings(who)
    if not found:
        name = net.contact(who).name
        raise NotFoundError(f"No meeting with {name} is planned. To plan one: netcrm plan")
    return found[0]


@click.command("interviews")
@who_argument(required=False)
@click.option(
    "--stage",
    type=click.Choice(["open", *NEXT]),
    metavar="STAGE",
    help="Only those that stand there: contacted, scheduled, held, open, ...",
)
@as_of
@as_json
@pass_app
def interviews_command(
    app: App, who: str | None, stage: str | None, as_of: str | None, as_json: bool
) -> None:
    """List interviews and where each stands, the latest first.

    \b
    Example:
      netcrm interviews --stage open
      netcrm interviews ana --json
    """
    with app.open() as net, net.reading():
        found = net.interviews(who=who, stage=stage or "", as_of=as_of)
        shown = [interview_json(one) for one in found]
    if as_json:
        print_json(as_of=str(net.moment_of(as_of)), interviews=shown)
    elif found:
        table([(one.names, one.now.stage.replace("_", " "), _next(one)) for one in found])
    else:
        say("No interview like that. To begin one: netcrm ask WHO email")


def _next(thread: Progress) -> str:
    """Return since when an interview stands where it does, and what comes next by itself."""
    now = thread.now
    since = f"since {pretty(now.since.date)}" if now.since else ""
    if thread.minutes:
        took, agreed = thread.minutes
        over = f", {took - agreed} too many" if took > agreed else ""
        return f"{since}; {took} of {agreed} minutes{over}"
    if now.until:
        return f"{since}; ask again on {pretty(now.until)}"
    if now.waiting and now.waiting.follow_up:
        return f"{since}; write once more on {pretty(now.waiting.follow_up)}"
    if now.waiting:
        return f"{since}; closes on {pretty(now.waiting.close)}"
    booked = thread.course.meeting(now.meeting)
    return f"on {moment(booked.start)}" if booked else since


@click.command("step")
@who_argument()
@click.argument("what", type=click.Choice(_TURNS))
@click.option("--note", default="", help="Why.")
@click.option("--at", metavar="WHEN", help="When; now without it.")
@dry_run
@as_json
@pass_app
def step_command(
    app: App, who: str, what: str, note: str, at: str | None, dry_run: bool, as_json: bool
) -> None:
    """Note a turn of the latest interview with a person that no conversation tells of.

    \b
    drop          you let it be
    lapse         you count on no answer any more
    call-off      a missed meeting will not be made up for
    no-referrals  asked whom else to talk to, they knew nobody
    \b
    Example:
      netcrm step ana no-referrals
      netcrm step luis drop --note "changed my mind about law"
    """
    with app.open() as net:
        with net.transaction("step", detail=who, dry_run=dry_run) as receipt:
            turn: Any = what.replace("-", "_")
            found = net.step(who, turn, at=at, note=note)
            shown = interview_json(found)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), interview=shown)
        return
    said = f"{found.names}: {what.replace('-', ' ')}"
    done(receipt.commit, dry_run, f"note: {said}", f"Noted: {said}")


def interview_json(thread: Progress) -> dict[str, Any]:
    """Return an interview and where it stands in JSON."""
    now, waiting = thread.now, thread.now.waiting
    return {
        **to_json(thread.interview),
        "people": [person_json(person) for person in thread.people],
        "stage": now.stage,
        "since": str(now.since) if now.since else None,
        "asked": str(now.asked) if now.asked else None,
        "follow_ups": [str(one) for one in now.follow_ups],
        "replied": str(now.replied) if now.replied else None,
        "accepted": str(now.accepted) if now.accepted else None,
        "scheduled": str(now.scheduled) if now.scheduled else None,
        "held": str(now.held) if now.held else None,
        "minutes_held": thread.minutes[0] if thread.minutes else None,
        "minutes_agreed": thread.minutes[1] if thread.minutes else None,
        "meeting": now.meeting or None,
        "until": str(now.until) if now.until else None,
        "try_another": str(waiting.try_another) if waiting and waiting.try_another else None,
        "follow_up": str(waiting.follow_up) if waiting and waiting.follow_up else None,
        "closes": str(waiting.close) if waiting else None,
    }
