"""`kailenty-mock world`."""

import sys
from typing import BinaryIO

import click

from fixtures import World, WorldError, dump_world, generate_world, load_world, names, row_count
from mock_server.cli.options import Refused


@click.command()
@click.argument("name", required=False)
@click.option("--users", type=click.IntRange(1), help="Generate a world with this many users.")
@click.option("--invites", type=click.IntRange(0), default=200, show_default=True, help="How many invites.")
@click.option("--meetings", type=click.IntRange(0), help="How many meetings. Default: by users and invites.")
@click.option("--labels", type=click.IntRange(0), help="How many labels. Default: by users.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed, the same world.")
@click.option("--workspace", default="acme", show_default=True, help="The generated world's workspace.")
@click.option(
    "--format", type=click.Choice(["yaml", "json"]), help="How to write it. Default: yaml, json for a generated world."
)
@click.option("--out", type=click.File("wb"), default="-", help="The file to write. Default: standard output.")
def command(
    name: str | None,
    users: int | None,
    invites: int,
    meetings: int | None,
    labels: int | None,
    seed: int,
    workspace: str,
    format: str | None,
    out: BinaryIO,
) -> None:
    """Print the world NAME (acme, globex, or a file), or generate one with --users.

    \b
    kailenty-mock world acme > mine.yaml && kailenty-mock serve --world mine.yaml
    kailenty-mock world --users 500 --invites 20000 --seed 7 --out big.json && kailenty-mock serve --world big.json
    """
    if (name is None) == (users is None):
        raise click.UsageError(f"give a NAME ({', '.join(names())}, or a file) to print, or --users to generate")
    try:
        if users is None:
            world = load_world(name or "")
        else:
            world = _generate(workspace, users=users, invites=invites, meetings=meetings, labels=labels, seed=seed)
    except (WorldError, ValueError, OSError) as error:
        raise Refused(str(error)) from None
    generated = users is not None
    out.write(dump_world(world, "json" if format == "json" or (format is None and generated) else "yaml"))


def _generate(
    workspace: str, *, users: int, invites: int, meetings: int | None, labels: int | None, seed: int
) -> World:
    length = row_count(users=users, invites=invites, meetings=meetings, labels=labels)
    with click.progressbar(length=length, label="Generating", file=sys.stderr) as bar:
        return generate_world(
            workspace, users=users, invites=invites, meetings=meetings, labels=labels, seed=seed, progress=bar.update
        )
