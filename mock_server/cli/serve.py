"""`kailenty-mock serve`."""

import logging
import sys
from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from fixtures import World, WorldError, load_world
from mock_server.cli.options import moment
from mock_server.control.personas import personas
from mock_server.settings import Settings

# A generated world may have thousands of users; the banner shows some of each role and status.
_SHOWN = 2


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port; 0 picks one.")
@click.option(
    "--world",
    "worlds",
    multiple=True,
    default=("acme", "globex"),
    show_default=True,
    help="A world to serve: a built-in name, or a YAML or JSON file. May be given several times.",
)
@click.option(
    "--database",
    default="sqlite://",
    show_default="in memory",
    help="Where state is kept, a SQLAlchemy URL: sqlite:///mock.db. One that has workspaces is taken as it is.",
)
@click.option(
    "--host-suffix",
    "host_suffixes",
    multiple=True,
    help="A further domain under which <workspace>.<suffix> names a workspace, beside localhost and kailenty.com.",
)
@click.option("--clock", callback=moment, metavar="TIME", help="Where the clock starts, RFC 3339. Default: now.")
@click.option("--frozen", is_flag=True, help="Let the clock stand still.")
@click.option(
    "--max-body", type=click.IntRange(1), default=1_048_576, show_default=True, help="The largest body, in bytes."
)
@click.option(
    "--validate-responses",
    is_flag=True,
    help="Check each answer against the contract; a breach is a 500 that names it.",
)
@click.option(
    "--control-token",
    metavar="TOKEN",
    help="Require this bearer token for /_mock. Needed where the address is not a loopback one.",
)
@click.option(
    "--access-log/--no-access-log", default=True, show_default=True, help="Log each request as JSON, on stderr."
)
@click.option("--banner/--no-banner", default=True, show_default=True, help="Print personas with their credentials.")
def command(
    host: str,
    port: int,
    worlds: tuple[str, ...],
    database: str,
    host_suffixes: tuple[str, ...],
    clock: datetime | None,
    banner: bool,
    **options: Any,
) -> None:
    """Serve the mock until it is stopped by Ctrl-C or SIGTERM.

    Workspaces are told by host: http://acme.localhost:8080/api/v1/app/... is acme. At http://localhost:8080 the
    credential decides.
    """
    # The server's libraries take most of the start-up, so that only this command pays for them.
    from mock_server.app import App
    from mock_server.server import AddressInUse, serve

    settings = Settings(
        host=host,
        port=port,
        worlds=worlds,
        database=database,
        host_suffixes=("localhost", "kailenty.com", *host_suffixes),
        clock=clock,
        **options,
    )
    _log(settings)
    try:
        app = App(settings, _load(worlds))
    except SQLAlchemyError as error:
        raise click.UsageError(f"--database {database}: {error}") from None
    except ModuleNotFoundError as error:
        raise click.UsageError(f"--database {database}: its driver {error.name} is not installed") from None
    try:
        serve(app, host, port, _announce(app, banner=banner))
    except (AddressInUse, OSError) as error:
        raise click.ClickException(str(error)) from None


def _load(names: tuple[str, ...]) -> list[World]:
    try:
        worlds = [load_world(name) for name in names]
    except (WorldError, OSError) as error:
        raise click.UsageError(str(error)) from None
    seen = [world.workspace for world in worlds]
    if twice := next((name for name in seen if seen.count(name) > 1), None):
        raise click.UsageError(f"two worlds are of the workspace {twice}, expected one")
    return worlds


def _log(settings: Settings) -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    access = logging.getLogger("mock_server.access")
    access.setLevel(logging.INFO if settings.access_log else logging.WARNING)
    access.propagate = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    access.addHandler(handler)


def _announce(app: Any, *, banner: bool) -> Callable[[int], None]:
    def ready(port: int) -> None:
        shown = "localhost" if app.settings.on_loopback else app.settings.host
        click.echo(f"kailenty mock at http://{shown}:{port}/api/v1/app")
        click.echo(f"explorer     at http://{shown}:{port}/api/docs")
        if banner:
            _banner(app, port)
        sys.stdout.flush()

    return ready


def _banner(app: Any, port: int) -> None:
    with app.state.store.transaction() as tx:
        people = personas(tx, now=app.state.clock.now(), suffix="localhost", port=port, shown=_SHOWN)
    for workspace, members in groupby(people, key=lambda persona: persona["host"]):
        click.echo(f"\nhttp://{workspace}/api/v1/app")
        for persona in members:
            _persona(persona)
    click.echo("\nAll personas, with Microsoft tokens: GET /_mock/personas.  Stop with Ctrl-C.")


def _persona(persona: dict[str, Any]) -> None:
    known = f"  {persona['role']:<8}{persona['userId']:<16}{persona['name']}"
    if persona["status"] != "active":
        click.echo(f"{known} ({persona['status']}: rejected with 401)")
        return
    click.echo(known)
    if persona["apiKey"]:
        click.echo(f"    X-API-Key: {persona['apiKey']}")
    else:
        click.echo(f"    Authorization: Bearer {persona['token']}")
