"""What became of it all: rates, pace, what is new, and the week in review."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from netcrm import model
from netcrm.model.time import Interval
from netcrm.network.conversations import When
from netcrm.network.learning import Learning
from netcrm.storage.query import Query

if TYPE_CHECKING:
    from netcrm.rules.coming import Coming
    from netcrm.rules.funnel import Funnel, Tally
    from netcrm.rules.rates import Needed, Rate
    from netcrm.rules.review import WeeklyReview
    from netcrm.rules.saturation import Saturation


class Counting(Learning):
    """The numbers of a network."""

    def tallies(self, *, campaign: str = "", as_of: When = None) -> list[Tally]:
        """Return what is counted of each interview, and nothing that says with whom.

        Interviews with people who were forgotten since are among them.

        Args:
            campaign: only those of the campaign called so.
            as_of: the moment; now without it.
        """
        from netcrm.network.facts import gather
        from netcrm.network.tallies import forgotten, tallies

        when = self.moment_of(as_of)
        with self._reading() as view:
            found = list(tallies(view, gather(view, when, self.routine())).values())
            found += forgotten(view, when.date)
            if campaign:
                wanted = self._campaign_called(view, campaign).id
                found = [one for one in found if one.campaign == wanted]
            return found

    def funnel(self, *, campaign: str = "", as_of: When = None) -> Funnel:
        """Return how many requests came how far, and the rates with their intervals.

        Args:
            campaign: only those of the campaign called so.
            as_of: the moment; now without it.
        """
        from netcrm.rules.funnel import funnel

        return funnel(self.tallies(campaign=campaign, as_of=as_of))

    def funnels(
        self, by: str = "origin", *, campaign: str = "", as_of: When = None
    ) -> dict[str, Funnel]:
        """Return the funnel of each group: by origin, source, channel, field, degree, week, ...

        Raises:
            InvalidError: there is no such cut; the message names those there are.
        """
        from netcrm.rules.funnel import cut

        return cut(self.tallies(campaign=campaign, as_of=as_of), by)

    def reply_rates(
        self, by: str = "origin", *, campaign: str = "", as_of: When = None
    ) -> dict[str, Rate]:
        """Return for each group how many requests were answered within seven working days.

        Only requests that are old enough to tell count.
        """
        from netcrm.rules.funnel import grouped, matured

        when, days = self.moment_of(as_of), self.working_days()
        rows = self.tallies(campaign=campaign, as_of=when)
        return {
            name: matured(group, when.date, calendar=days)
            for name, group in grouped(rows, by).items()
        }

    def needed(self, more: int, *, as_of: When = None) -> Needed:
        """Return how many requests it may take to hold so many more interviews."""
        from netcrm.rules.rates import needed

        return needed(more, self.funnel(as_of=as_of).held_rate)

    def saturation(self, last: int = 5, *, as_of: When = None) -> Saturation:
        """Return how many of the last interviews brought a new name, fact or organisation."""
        from netcrm.rules.saturation import Heard, saturation

        when = self.moment_of(as_of)
        with self._reading() as view:
            held = [one for one in self.interviews(as_of=when) if one.now.held]
            insights, referrals = self.insights(as_of=when), Query("referral")
            named = list(self._all(view, model.Referral, referrals))
        held.sort(key=lambda one: str(one.now.held))
        heard = []
        for thread in held:
            learned = [one for one in insights if one.interview == thread.course.id]
            heard.append(
                Heard(
                    names=frozenset(
                        one.referred
                        for one in named
                        if one.referrer == thread.people[0].id and one.day <= when.date
                    ),
                    facts=frozenset(one.text for one in learned),
                    organisations=frozenset(
                        one.organisation for one in learned if one.organisation
                    ),
                )
            )
        return saturation(heard, last)

    def review(self, week: str | date | None = None, *, as_of: When = None) -> WeeklyReview:
        """Return what happened in a week, what was learned, what is owed, and what is next.

        Args:
            week: a day of it, or a week such as 2026-W10; this week without it.
            as_of: the moment to look from; now without it.
        """
        from netcrm.network.reviewing import review

        with self._reading() as view:
            return review(self, view, week, self.moment_of(as_of))

    def coming(
        self, *, within: str | Interval = "3 months", as_of: When = None, confidential: bool = False
    ) -> list[Coming]:
        """Return what comes, as it stands in a calendar: meetings, what I owe, and who is due.

        Args:
            within: how far to look ahead.
            as_of: the moment; now without it.
            confidential: tell also the words of what was told me in confidence.
        """
        from netcrm.network.reviewing import open_matters
        from netcrm.rules.coming import coming

        when = self.moment_of(as_of)
        length = Interval.of(within)
        with self._reading() as view:
            facts, owed = open_matters(self, view, when, self.routine())
            answers = self.due(as_of=when.date, within=length)
            told = self.insights(as_of=when)
        secret = frozenset(one.id for one in told if one.confidential and not confidential)
        until = length.after(when.date)
        found = coming(facts, owed, answers, home=self.zone, until=until, hidden=secret)
        return sorted(found, key=lambda one: (str(one.start), one.uid))

    def ics(
        self, *, within: str | Interval = "3 months", as_of: When = None, confidential: bool = False
    ) -> bytes:
        """Return what comes as a calendar file; see `coming`.

        It can be shown by any calendar that reads iCalendar (RFC 5545). Made again, it replaces
        what it said before: a meeting that was moved moves there, too.
        """
        from netcrm.ics import calendar_file

        found = self.coming(within=within, as_of=as_of, confidential=confidential)
        return calendar_file(found, name="netcrm", made_at=self.now())
