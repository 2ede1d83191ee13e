"""The command map: who introduced whom, as a picture in a file."""

from __future__ import annotations

import shlex
from pathlib import PurePath
from typing import Final

import click

from netcrm.cli.base import App, as_json, as_of, pass_app, print_json, say, warn
from netcrm.cli.letters import write_file

_FORMS: Final = {
    ".html": "html", ".htm": "html", ".svg": "svg", ".dot": "dot", ".gv": "dot",
    ".graphml": "graphml",
}  # fmt: skip
_NEXT: Final = {
    "html": "To look at it, open it in a browser. Search for somebody, or click on them.",
    "svg": "To look at it, open it in a browser. It can also stand in a document.",
    "dot": "To draw it: dot -Tsvg {file} > picture.svg",
    "graphml": "Programs that work with graphs read it, such as Gephi, yEd and networkx.",
}


@click.command("map")
@click.argument("file")
@click.option("--field", default="", help="Only people of this field, and through whom they came.")
@as_of
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
@as_json
@pass_app
def map_command(
    app: App, file: str, field: str, as_of: str | None, replace: bool, as_json: bool
) -> None:
    """Draw who introduced whom, into a file.

    What it becomes, the name says: .html is a page to look around in, .svg a drawing; .dot is for
    Graphviz, .graphml for programs that work with graphs. A page needs no network and loads
    nothing. Notes, letters and what you learned are in none of them, nor why somebody is not to be
    contacted, nor the words of a referral made in a talk that is marked as confidential.

    \b
    Example:
      netcrm map network.html
      netcrm map nursing.svg --field nursing
    """
    form = _FORMS.get(PurePath(file).suffix.lower())
    if form is None:
        endings = ".html, .svg, .dot or .graphml"
        raise click.UsageError(f"{file}: its name should end in {endings}; that says what it is")
    from netcrm.network.picturing import drawn

    with app.open() as net:
        picture = net.picture(field=field, as_of=as_of)
    write_file(file, drawn(picture, form).encode(), over=replace)
    if as_json:
        print_json(
            file=file,
            form=form,
            as_of=str(picture.as_of),
            people=len(picture.people),
            links={f"{kind}s": number for kind, number in picture.counts.items()},
        )
        return
    say(f"Drew {picture.summary} in {file}, which only you can read.")
    say(_NEXT[form].format(file=shlex.quote(file)))
    if not picture.people:
        warn('Nobody is in it yet. To add somebody: netcrm add "Ana Ruiz"')
