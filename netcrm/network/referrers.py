"""Who pointed me to whom, as the rows of an import say it by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from netcrm.codec import decode
from netcrm.model.contact import Contact
from netcrm.model.ids import new_id
from netcrm.model.referral import Referral
from netcrm.model.time import PartialDate
from netcrm.network.matching import Matcher
from netcrm.network.work import Work
from netcrm.rules.suggestions import REFERRED, Suggestion, suggested


def refer(
    work: Work, matcher: Matcher, referred: Mapping[str, str], source: str, today: date
) -> list[Suggestion]:
    """Note referrals to contacts, by whoever is named beside the id of each.

    Where that is nobody, or several people, it is suggested instead: nobody is made up or guessed.
    """
    referrals = []
    suggestions = []
    for id_, named in referred.items():
        found = matcher.book.match({"email": named}) if "@" in named else matcher.called(named)
        others = [one.id for one in found if one.id not in (id_, *matcher.me)]
        if len(others) == 1:
            referrals.append(
                Referral(
                    id=new_id(),
                    referrer=others[0],
                    referred=id_,
                    made_on=PartialDate.of(today),
                    context=f"import {source}",
                )
            )
        else:
            (record,) = work.view.get("contact", [id_])
            contact = decode(record, Contact)
            suggestions.append(suggested(contact, REFERRED, named, source=source))
    work.put_all(referrals)
    return suggestions
