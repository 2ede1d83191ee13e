"""What is left of a record when one of the people it is about is removed?"""

from __future__ import annotations

import attrs

from netcrm.model.base import Entity
from netcrm.model.contact import Contact
from netcrm.model.interaction import Interaction, Meeting


def without(entity: Entity, gone: str) -> Entity | None:
    """Return what is left of a record without a person; None if it was about nobody else.

    What was said to others as well stays with them. Who was met through the person was met all the
    same. A referral, an exception or a rule makes no sense without them.
    """
    if isinstance(entity, Interaction | Meeting):
        others = tuple(person for person in entity.participants if person.contact != gone)
        return attrs.evolve(entity, participants=others) if others else None
    if isinstance(entity, Contact) and entity.first_met is not None:
        return attrs.evolve(entity, first_met=attrs.evolve(entity.first_met, through=None))
    return None
