"""The command line: a thin shell over Network. Each command is loaded when it is used."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from importlib import import_module
from typing import Any, Final

import click

from netcrm import __version__
from netcrm.cli.base import App, app_of, warn
from netcrm.errors import NetcrmError, PluginError

_COMMANDS: Final = {
    "home": "init demo doctor plugins completion",
    "people": "add edit show list find tag",
    "today": "today agenda waive promise",
    "asking": "ask plan meeting interviews step",
    "me": "me pitch",
    "aims": "objective campaign field research",
    "prepare": "prepare brief organisation",
    "questions": "questions answer",
    "talk": "log refer",
    "referrals": "referrals tree resolve",
    "introduce": "introduce knows",
    "debrief": "debrief",
    "learn": "learn insights decide opportunity",
    "letters": "draft lint",
    "ties": "tie dormant",
    "path": "path",
    "prospects": "prospects next growth",
    "map": "map",
    "numbers": "funnel compare review ics",
    "keep": "due explain rule snooze pause spread",
    "same": "dupes merge distinct",
    "gone": "remove trash forget",
    "told": "suggestions news",
    "data": "import history undo",
    "moving": "copy export backup restore verify",
}
_MODULE_OF: Final = {name: file for file, names in _COMMANDS.items() for name in names.split()}
_BROUGHT: Final = {"google": "netcrm-google", "postgres": "netcrm-postgres"}
"""Commands of our own plugins, for whoever has not installed them."""
_REPORTING: Final = ("plugins", "doctor")  # they list what is wrong with plugins themselves
_DEBUG: Final = "NETCRM_DEBUG"


class _Commands(click.Group):
    """Our own commands, and those that plugins add; ours win."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [*_MODULE_OF, *sorted(plugin_commands(app_of(context)))]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in _MODULE_OF:
            module = import_module(f"netcrm.cli.{_MODULE_OF[name]}")
            command: click.Command = getattr(module, f"{name}_command")
            return command
        return plugin_commands(app_of(context)).get(name)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(context, args)
        except click.UsageError as error:
            plugin = _BROUGHT.get(args[0])
            if plugin is None:
                raise
            hint = f"{error.message} It comes with {plugin}: install that."
            raise click.UsageError(hint, context) from None

    def invoke(self, context: click.Context) -> Any:
        try:
            result = super().invoke(context)
            app_of(context).look_after()
            return result
        except BrokenPipeError:
            raise _ReaderGone from None  # of this one click would make exit code 1
        except (NetcrmError, OSError, click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            name = context.invoked_subcommand
            if name in _MODULE_OF or _DEBUG in os.environ:
                raise
            why = f"{type(error).__name__}: {error}"
            raise PluginError(f"command {name}, which a plugin adds, failed: {why}") from error
        finally:
            if context.invoked_subcommand not in _REPORTING:
                for name, why in app_of(context).failures.items():
                    warn(f"netcrm: plugin {name} has failed: {why}")


class _ReaderGone(Exception):  # noqa: N818 - nobody's mistake
    pass


def plugin_commands(app: App) -> dict[str, click.Command]:
    """Return the commands that plugins add to our own."""
    return app.plugins.commands(click.Command, _MODULE_OF)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: netcrm init, or see it at work first: netcrm demo",
)
@click.option(
    "-n",
    "--network",
    metavar="PATH-OR-URL",
    help="The network to use; else NETCRM_NETWORK, else a file in your data folder.",
)
@click.option(
    "--plugin",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="Use this single-file plugin too.",
)
@click.option(
    "--no-plugin",
    multiple=True,
    metavar="NAME",
    envvar="NETCRM_BLOCK_PLUGINS",
    help="Do not load this plugin.",
)
@click.option(
    "--tz", metavar="ZONE", envvar="NETCRM_TZ", default="", help="Your home zone, as Europe/London."
)
@click.version_option(__version__, message="netcrm %(version)s")
@click.pass_context
def cli(context: click.Context, /, **_: Any) -> None:
    """Keep up with the people you learn from.

    netcrm keeps who you know, who introduced whom and what was said when, and tells you whom to get
    back to today, and why.
    """
    app_of(context)


def main() -> int:
    """Run the command line and return its exit code. A user's mistake is one line, no traceback."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # somebody closed it before we began
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115, PTH123 - to the very end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # not every terminal has every letter
    try:
        result = cli.main(prog_name="netcrm", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except NetcrmError as error:
        warn(f"netcrm: {error}")
        return error.exit_code
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        warn(shown.getvalue().rstrip())  # made harmless: it may quote what was typed, or pasted
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        warn("netcrm: interrupted; what was committed stays")
        return 130
    except (_ReaderGone, BrokenPipeError):
        _drop_output()  # the reader of our output has gone: nobody is left to tell
        return 0
    except Exception as error:
        _drop_output()
        if _DEBUG in os.environ:
            raise
        told = isinstance(error, OSError)  # a full disk, say, behind standard output
        advice = "" if told else f". That is a mistake in netcrm; to see where: {_DEBUG}=1"
        warn(f"netcrm: {error if told else f'{type(error).__name__}: {error}'}{advice}")
        return 1
    finally:
        gc.freeze()  # looking through everything once more at the end does not pay off either


def _drop_output() -> None:
    """Let what is still to be written go nowhere, instead of failing once more at the very end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
