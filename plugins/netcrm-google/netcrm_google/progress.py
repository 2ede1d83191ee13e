"""How far is it? One line on a terminal, written over again and again."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self

import click

from netcrm_google.accounts import Outside
from netcrm_google.words import duration

_SURE: Final = 0.02
"""From so much of the whole on, the time left can be told (our choice)."""
_BLANK: Final = "\r\x1b[2K"


class Progress:
    """Shows how far one account is, if somebody looks on."""

    def __init__(self, account: str, outside: Outside) -> None:
        self._account = account
        self._is_watched = outside.is_watched()
        self._clock = outside.means.clock
        self._begun = self._clock()
        self._is_shown = False

    def __enter__(self) -> Self:
        return self

    def show(self, said: str, part: float = 1.0) -> None:
        """Show what there is so far, and about how long the rest takes if this is part of it."""
        if not self._is_watched:
            return
        left = ""
        if _SURE < part < 1.0:
            seconds = (self._clock() - self._begun) * (1 - part) / part
            left = f", about {duration(seconds)} left"
        click.echo(f"{_BLANK}{self._account}: {said}{left}", err=True, nl=False)
        self._is_shown = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave a clean line, so that what came of it stands alone."""
        if self._is_shown:
            click.echo(_BLANK, err=True, nl=False)
