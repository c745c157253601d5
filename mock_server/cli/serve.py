"""`kailenty-mock serve`."""

import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from difflib import get_close_matches
from itertools import groupby
from typing import Any

import click
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from fixtures import World, WorldError, load_world
from mock_server.cli.options import Refused, domains, filled, moment, rate_limit
from mock_server.control.personas import personas
from mock_server.settings import Settings

# A generated world may have thousands of users; the banner shows some of each role and status.
_SHOWN = 2

# What no two worlds may share: a credential must tell its workspace.
_OWN: Mapping[str, Callable[[World], str]] = {
    "workspace": lambda world: world.workspace,
    "tenantId": lambda world: world.tenant_id,
}


@click.command()
@click.option("--host", default="127.0.0.1", callback=filled, show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port; 0 picks one.")
@click.option(
    "--world",
    multiple=True,
    default=("acme", "globex"),
    show_default=True,
    help="A world to serve: a built-in name, or a YAML or JSON file. May be given several times.",
)
@click.option(
    "--database",
    default="sqlite://",
    show_default="in memory",
    help="Where state is kept, a SQLAlchemy URL of SQLite or PostgreSQL: sqlite:///mock.db. One that has workspaces is "
    "taken as it is.",
)
@click.option(
    "--host-suffix",
    multiple=True,
    callback=domains,
    help="A further domain under which <workspace>.<suffix> names a workspace, beside localhost and kailenty.com.",
)
@click.option("--clock", callback=moment, metavar="TIME", help="Where the clock starts, RFC 3339. Default: now.")
@click.option("--frozen", is_flag=True, help="Let the clock stand still.")
@click.option(
    "--max-body", type=click.IntRange(1), default=1_048_576, show_default=True, help="The largest body, in bytes."
)
@click.option(
    "--enforce",
    type=click.Choice(["strict", "warn"]),
    default="strict",
    show_default=True,
    help="Whether to refuse what a role may not do and what is unknown in a request, or only to tell so.",
)
@click.option(
    "--journal",
    type=click.IntRange(0, 1_000_000),
    default=1000,
    show_default=True,
    help="How many requests each workspace remembers, to explain them; 0 for none.",
)
@click.option(
    "--rate-limit",
    callback=rate_limit,
    metavar="LIMIT",
    help="How many requests each credential may make, such as 100/minute, by the clock. Default: any number.",
)
@click.option(
    "--validate-responses",
    is_flag=True,
    help="Check each answer against the contract; a breach is a 500 that names it.",
)
@click.option(
    "--control-token",
    callback=filled,
    metavar="TOKEN",
    help="Require this bearer token for /_mock. Needed where the address is not a loopback one.",
)
@click.option(
    "--access-log/--no-access-log", default=True, show_default=True, help="Log each request as JSON, on stderr."
)
@click.option(
    "--defect",
    metavar="ID",
    help="Break one rule on purpose, to see who notices; `kailenty-mock defects` lists them.",
)
@click.option(
    "--until-stdin-closes",
    is_flag=True,
    help="Stop also when the standard input ends, as a pipe does when the program that holds it is gone.",
)
@click.option("--banner/--no-banner", default=True, show_default=True, help="Print personas with their credentials.")
def command(
    host: str,
    port: int,
    world: tuple[str, ...],
    database: str,
    host_suffix: tuple[str, ...],
    clock: datetime | None,
    banner: bool,
    defect: str | None,
    enforce: str,
    until_stdin_closes: bool,
    **options: Any,
) -> None:
    """Serve the mock until it is stopped by Ctrl-C or SIGTERM.

    Workspaces are told by host: http://acme.localhost:8080/api/v1/app/... is acme. At http://localhost:8080 the
    credential decides.
    """
    settings = Settings(
        host=host,
        port=port,
        worlds=world,
        database=database,
        host_suffixes=("localhost", "kailenty.com", *host_suffix),
        clock=clock,
        soft=enforce == "warn",
        **options,
    )
    _log(settings)
    with _to_stay():
        wrap = _wrapper(defect)
        app = _app(settings)
        from mock_server.serving import CannotListen, serve
    try:
        until = _end_of_input if until_stdin_closes else None
        serve(wrap(app), host, port, _announce(app, banner=banner), app.state.desk.close, until)
    except CannotListen as error:
        raise click.ClickException(str(error)) from None
    app.state.store.close()


@contextmanager
def _to_stay() -> Iterator[None]:
    """What is made meanwhile lasts as long as the server, so the collector need not look at it again and again."""
    gc.disable()
    try:
        yield
        gc.collect()
        gc.freeze()
    finally:
        gc.enable()


def _app(settings: Settings) -> Any:
    worlds = _load(settings.worlds)
    # The server's libraries take most of the start-up, so that only this command pays for them, once it can serve.
    from mock_server.app import App

    try:
        return App(settings, worlds)
    except SQLAlchemyError as error:
        # The driver's own words; SQLAlchemy adds its statement, and a link.
        problem = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise Refused(f"--database {_shown(settings.database)}: {problem}") from None
    except ImportError as error:
        lacks = f"its driver {error.name} is not installed"
        problem = lacks if isinstance(error, ModuleNotFoundError) else str(error).partition("\n")[0]
        raise Refused(f"--database {_shown(settings.database)}: {problem}") from None


def _wrapper(name: str | None) -> Callable[[Any], Any]:
    """What is put around the app: nothing, or a defect, which announces itself."""
    if name is None:
        return lambda app: app
    from mock_server.defects import DEFECTS, Defective

    if name not in DEFECTS:
        meant = "".join(f"; did you mean {near}?" for near in get_close_matches(name, DEFECTS, n=1))
        raise Refused(f"--defect {name} is none{meant or ';'} `kailenty-mock defects` lists them all")
    defect = DEFECTS[name]
    click.echo(f"This mock breaks {defect.rule} on purpose: {defect.sentence} ({defect.id})", err=True)
    return lambda app: Defective(app, app.state, defect)


def _end_of_input() -> None:
    """Wait until nobody is left who could write to the standard input; what is written there means nothing."""
    # Not by sys.stdin.read(): the lock that it holds would have the interpreter abort at its end.
    with suppress(OSError):
        while sys.__stdin__ is not None and os.read(sys.__stdin__.fileno(), 65_536):
            pass


def _load(names: tuple[str, ...]) -> list[World]:
    try:
        worlds = [load_world(name) for name in names]
    except (WorldError, OSError) as error:
        raise Refused(str(error)) from None
    for kind, owned in _OWN.items():
        seen = [owned(world) for world in worlds]
        if twice := next((one for one in seen if seen.count(one) > 1), None):
            those = " and ".join(name for name, one in zip(names, seen, strict=True) if one == twice)
            raise Refused(f"{those} have the same {kind} {twice}, each needs its own")
    return worlds


def _shown(database: str) -> str:
    """A database URL without its password."""
    try:
        return make_url(database).render_as_string()
    except SQLAlchemyError:
        return database


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
        url = _url(app, port)
        click.echo(f"kailenty mock at {url}/api/v1/app")
        click.echo(f"explorer     at {url}/api/docs")
        if _has_control(app.settings):
            click.echo(f"console      at {url}/_mock/")
        if banner:
            _banner(app, port)
        sys.stdout.flush()

    return ready


def _url(app: Any, port: int) -> str:
    host = app.settings.host
    return f"http://{'localhost' if app.settings.on_loopback else f'[{host}]' if ':' in host else host}:{port}"


def _has_control(settings: Settings) -> bool:
    """Whether anybody may use the control API."""
    return settings.on_loopback or settings.control_token is not None


def _banner(app: Any, port: int) -> None:
    with app.state.store.transaction() as tx:
        people = [
            persona
            for workspace in app.state.of_start
            for persona in personas(tx, workspace, suffix="localhost", port=port, shown=_SHOWN)
        ]
    for workspace, members in groupby(people, key=lambda persona: persona["host"]):
        click.echo(f"\nhttp://{workspace}/api/v1/app")
        for persona in members:
            _persona(persona)
    if _has_control(app.settings):
        click.echo(f"\nAll personas, with Microsoft tokens: {_url(app, port)}/_mock/#/people", nl=False)
    click.echo("\nStop with Ctrl-C.")


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
