"""Does this interaction count for staying in touch? What the user says goes before the rule."""

from __future__ import annotations

from typing import Final, get_args

from netcrm.model.interaction import Format

DIRECT_CHANNELS: Final = frozenset(
    {
        "in_person", "video", "phone", "letter", "email", "sms", "chat", "linkedin_message",
        "linkedin_note", "other",
    }
)  # fmt: skip
LIVE: Final = frozenset(get_args(Format))
"""By these people talk with each other, at the same time."""
LARGEST_GATHERING: Final = 10
"""With more people than this nobody was really talked to (our choice)."""


def is_touch(
    *,
    channel: str,
    kind: str = "message",
    touch: bool | None = None,
    delivered: str = "unknown",
    people: int = 1,
) -> bool:
    """Say whether an interaction with *people* participants counts as contact (our choice).

    What the user said (*touch*) wins. Otherwise meetings, calls and messages in either direction
    count; voicemail, social reactions, notes, bounced mail and large gatherings do not.
    """
    if touch is not None:
        return touch
    return (
        channel in DIRECT_CHANNELS
        and kind != "note"
        and delivered != "no"
        and people <= LARGEST_GATHERING
    )
