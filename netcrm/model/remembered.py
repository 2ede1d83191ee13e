"""What a source wants to know again next time."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from netcrm.model.base import Entity, line, texts


@attrs.frozen(kw_only=True)
class Remembered(Entity):
    """What a source keeps under a name of its own: what the columns of a list mean, say."""

    source: str = line()
    name: str = line()
    said: Mapping[str, str] = texts()
