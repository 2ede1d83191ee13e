"""The command line: a thin shell over Network. Each command is loaded when it is used."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import click

from netcrm import __version__
from netcrm.cli.base import App, default_location, warn

_COMMANDS: Final = {
    "home": "init demo doctor plugins completion",
    "people": "add edit show list find tag",
    "talk": "log refer",
    "keep": "due explain rule snooze pause spread",
    "data": "import history undo",
}
_MODULE_OF: Final = {name: file for file, names in _COMMANDS.items() for name in names.split()}


class _Commands(click.Group):
    """Our own commands, and those that plugins add; ours win."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [*_MODULE_OF, *sorted(_plugin_commands(context))]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in _MODULE_OF:
            module = import_module(f"netcrm.cli.{_MODULE_OF[name]}")
            command: click.Command = getattr(module, f"{name}_command")
            return command
        found: click.Command | None = _plugin_commands(context).get(name)
        return found

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(context, args)
        except click.UsageError as error:
            for name, why in _app(context).plugins.failures.items():
                warn(f"netcrm: plugin {name} is set aside: {why}")
            raise error


def _app(context: click.Context) -> App:
    app = context.find_object(App)
    if app is None:  # while completing in a shell, before the options were read
        app = context.obj = App(default_location())
    return app


def _plugin_commands(context: click.Context) -> dict[str, Any]:
    found = _app(context).plugins.commands()
    return {name: found[name] for name in found if name not in _MODULE_OF}


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
@click.option("--plugin", multiple=True, metavar="FILE", help="Use this single-file plugin too.")
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
def cli(
    context: click.Context,
    network: str | None,
    plugin: tuple[str, ...],
    no_plugin: tuple[str, ...],
    tz: str,
) -> None:
    """Keep up with the people you learn from.

    netcrm keeps who you know, who introduced whom and what was said when, and tells you whom to get
    back to today, and why.
    """
    context.obj = App(
        location=network or default_location(),
        plugin_files=plugin,
        blocked=tuple(name for names in no_plugin for name in names.split(",")),
        zone=tz,
    )


def main() -> int:
    """Run the command line and return its exit code. A user's mistake is one line, no traceback."""
    import gc

    from netcrm.errors import NetcrmError

    gc.disable()  # a command is over before collecting its garbage has paid off
    try:
        result = cli.main(prog_name="netcrm", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except NetcrmError as error:
        warn(f"netcrm: {error}")
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        warn("netcrm: interrupted; what was committed stays")
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone: nobody is left to tell
        return 0
    finally:
        gc.freeze()  # nor has looking through everything once more at the end
