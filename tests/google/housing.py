"""A network in a file, and the commands `netcrm google` on it, as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import click
from click.testing import CliRunner

import netcrm
from netcrm import App, Interaction, NetcrmError, Network
from netcrm_google.accounts import Outside
from netcrm_google.auth import scopes
from netcrm_google.commands import google_command
from netcrm_google.outside import OUTSIDE
from netcrm_google.tokens import Token
from tests.google import GoogleServer
from tests.google.mailing import ME
from tests.google.signing import signed_in


@attrs.define
class Done:
    """What a command said, and with which exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@attrs.define
class House:
    """A network in a file, and the commands; each account is at a Google of its own."""

    folder: Path
    world: Outside

    @property
    def file(self) -> Path:
        return self.folder / "network.json"

    def run(self, *words: str, text: str = "", **world: Any) -> Done:
        @click.group()
        @click.pass_context
        def cli(context: click.Context) -> None:
            context.obj = App(str(self.file))
            context.meta[OUTSIDE] = self.world._replace(**world)

        cli.add_command(google_command)
        result = CliRunner().invoke(cli, ["google", *words], input=text, standalone_mode=False)
        if isinstance(result.exception, NetcrmError):
            return Done(result.exception.exit_code, result.output, str(result.exception))
        if result.exception is not None:
            raise result.exception
        code = result.return_value if isinstance(result.return_value, int) else 0
        return Done(code, result.stdout, result.stderr)

    def open(self, **more: Any) -> Network:
        return netcrm.open(str(self.file), tz="America/New_York", **more)

    def sign_in(self, google: GoogleServer, account: str = ME, **more: Any) -> Token:
        """Sign in to an account, in short; more is said as in a token."""
        return signed_in(self.world, google, scopes(more.get("purpose", "sync")), account, **more)

    def refs(self) -> list[str]:
        with self.open() as net:
            people = [net.contact(one) for one in ("ana", "luis")]
            talks = [talk for one in people for talk in net.timeline(one)]
        return sorted({talk.ref for talk in talks if isinstance(talk, Interaction)})
