"""What the commands share: the network they work on, their common options, and what they print."""

from __future__ import annotations

import itertools
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from netcrm.network import Network
    from netcrm.plugins import Plugins

F = TypeVar("F", bound=Callable[..., Any])

BACKUPS: Final = 7
"""How many automatic backups are kept (our choice)."""
JSON_VERSION: Final = 1
"""The number of the shape of what `--json` prints."""

# What a terminal would obey instead of show: control codes, and marks that turn text around. And
# halves of characters, which stand for bytes of file names that are no text.
_OBEYED: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_NOT_ASCII: Final = re.compile(r"[^\t\n -~]")


class App:
    """What the options before the command say."""

    def __init__(
        self,
        location: str,
        plugin_files: Sequence[str] = (),
        blocked: Sequence[str] = (),
        zone: str = "",
    ) -> None:
        self.location = location
        self.plugin_files = plugin_files
        self.blocked = blocked
        self.zone = zone
        self._plugins: Plugins | None = None
        self._opened: list[Network] = []

    @property
    def plugins(self) -> Plugins:
        """All plugins: installed, in the user's own folder, and files named on the command line."""
        if self._plugins is None:
            from netcrm.plugins import Plugins

            own = sorted(config_folder().joinpath("plugins").glob("*.py"))
            self._plugins = Plugins(
                files=[*own, *map(Path, self.plugin_files)], installed=True, blocked=self.blocked
            )
        return self._plugins

    @property
    def failures(self) -> dict[str, str]:
        """What is wrong with plugins, as far as they were used."""
        return {} if self._plugins is None else self._plugins.failures

    def open(self, *, create: bool = False) -> Network:
        """Open the network that is meant."""
        from netcrm.network import open as open_network

        net = open_network(
            self.location,
            tz=self.zone,
            plugins=self.plugins,
            create=create,
            questions=config_folder() / "questions.txt",
        )
        self._opened.append(net)
        return net

    def look_after(self) -> None:
        """After a command that changed a network, make the backup of the day, if it is due.

        The command has succeeded, so whatever is wrong with that is only told.
        """
        from netcrm.errors import NetcrmError

        changed = next((net for net in self._opened if net.changed), None)
        self._opened.clear()
        if changed is None:
            return
        from netcrm.storage.backups import Backups
        from netcrm.storage.files import file_of

        try:
            keep, file = _backups_to_keep(), file_of(changed.location)
            if not keep or file is None or not Backups.beside(file).due(changed.now()):
                return
            with self.open() as net, progress("Backing up") as watch:
                net.backup_if_due(keep, watch=watch)
                advice = net.advice()
        except (NetcrmError, OSError) as error:
            warn(f"netcrm: the change is stored, but not backed up: {error}")
            return
        if advice and sys.stderr.isatty():
            warn(advice)


def pass_app(command: F) -> F:
    """Give a command the App as its first argument."""
    passing: F = click.make_pass_decorator(App)(command)  # type: ignore[assignment]
    return passing


def app_of(context: click.Context) -> App:
    """Return what the options before the command say, also while a shell completes."""
    root = context.find_root()
    if root.obj is None:
        given = root.params
        root.obj = App(
            location=given.get("network") or default_location(),
            plugin_files=given.get("plugin") or (),
            blocked=[n for names in given.get("no_plugin") or () for n in names.split(",")],
            zone=given.get("tz") or "",
        )
    app: App = root.obj
    return app


def _backups_to_keep() -> int:
    from netcrm.errors import InvalidError

    said = os.environ.get("NETCRM_BACKUPS", "")
    if not said:
        return BACKUPS
    if not said.isdecimal():
        raise InvalidError(f"NETCRM_BACKUPS is {said!r}; it should be how many to keep, or 0")
    return int(said)


def data_folder() -> Path:
    """Return the folder for the user's data on this system."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or "~/AppData/Local").expanduser() / "netcrm"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/netcrm").expanduser()
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "netcrm"


def config_folder() -> Path:
    """Return the folder for the user's configuration on this system."""
    return Path(click.get_app_dir("netcrm"))


def complete_name(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the handles of people for completion in a shell; nothing if there is trouble."""
    from click.shell_completion import CompletionItem

    from netcrm.errors import NetcrmError

    try:
        with app_of(context).open() as net:
            people = net.handles(incomplete)
            return [CompletionItem(handle, help=safe(name)) for handle, name in people.items()]
    except NetcrmError:
        return []


def default_location() -> str:
    """Return the network that is meant when none is named."""
    return os.environ.get("NETCRM_NETWORK") or str(data_folder() / "network.json")


def who_argument(name: str = "who", **options: Any) -> Callable[[F], F]:
    """Return an argument that names a person."""
    return click.argument(name, shell_complete=complete_name, **options)


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
as_of = click.option("--as-of", metavar="DAY", help="Answer for this day instead of today.")
dry_run = click.option("--dry-run", is_flag=True, help="Only show what would be done.")


def safe(text: str) -> str:
    """Return *text* with everything a terminal would obey made visible instead.

    The one place through which all text that came from outside is printed.
    """
    return _OBEYED.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def say(text: str = "", *, style: str = "") -> None:
    """Print a line, in a colour where colours are wanted."""
    click.echo(_styled(safe(text), style))


def _styled(line: str, style: str) -> str:
    plain = not style or os.environ.get("NO_COLOR")
    return line if plain else click.style(line, **_STYLES[style])


_STYLES: Final[dict[str, dict[str, Any]]] = {
    "heading": {"bold": True},
    "late": {"fg": "red"},
    "now": {"fg": "yellow"},
    "faint": {"dim": True},
}


def warn(text: str) -> None:
    """Print a line to standard error."""
    click.echo(safe(text), err=True)


def print_json(**content: Any) -> None:
    """Print one JSON object."""
    click.echo(json_text(**content))


def json_text(**content: Any) -> str:
    """Return one JSON object; what a terminal would obey is escaped, which JSON readers undo."""
    import json

    content = {"netcrm": JSON_VERSION, **content}
    return _escaped(json.dumps(content, ensure_ascii=False, indent=2))


def print_json_each(name: str, items: Iterable[Any], **content: Any) -> None:
    """Print what `print_json` would with a list called *name* at the end, one item after another.

    So many items need not be in memory.
    """
    import json

    import orjson  # many times as quick, where there are thousands

    head = json.dumps({"netcrm": JSON_VERSION, **content}, indent=2).removesuffix("\n}")
    opening = f'{head},\n  "{name}": ['
    before = opening
    for item in items:
        text = orjson.dumps(item, option=orjson.OPT_INDENT_2).decode().replace("\n", "\n    ")
        click.echo(f"{before}\n    {_escaped(text)}", nl=False)
        before = ","
    click.echo(f"{opening}]\n}}" if before is opening else "\n  ]\n}")


def _escaped(text: str) -> str:
    """Return JSON with what a terminal would obey, or cannot show, written as its number."""
    plain = not (sys.stdout.encoding or "").lower().startswith("utf")  # as in some pipes
    return (_NOT_ASCII if plain else _OBEYED).sub(_number, text)


def _number(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[n : n + 2].hex()}" for n in range(0, len(units), 2))


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar while something long is done, if somebody is looking."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def watch(done: int, total: int) -> None:
            if done < bar.pos:  # another round begins
                bar.pos, bar.finished = 0, False
            bar.length = total
            bar.update(done - bar.pos)

        yield watch
        bar.update((bar.length or 0) - bar.pos)


def width(text: str) -> int:
    """Return how many columns a terminal takes for *text*."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def table(rows: Iterable[Sequence[str]], *, styles: Sequence[str] = ()) -> None:
    """Print rows in columns as wide as they need."""
    lines = [[safe(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    printed = []
    for line, style in itertools.zip_longest(lines, styles, fillvalue=""):
        cells = [cell + " " * (size - width(cell)) for cell, size in zip(line, widths, strict=True)]
        printed.append(_styled("  ".join(cells).rstrip(), style))
    if printed:
        click.echo("\n".join(printed))  # each echo is a call of the system


def names_or_stdin(names: Sequence[str]) -> list[str]:
    """Return the names given; `-` stands for the lines of standard input."""
    given: list[str] = []
    for name in names:
        if name == "-":
            try:
                given += [line.strip() for line in sys.stdin if line.strip()]
            except UnicodeDecodeError as error:
                raise click.UsageError(f"standard input is not text: {error}") from None
        else:
            given.append(name)
    return given
