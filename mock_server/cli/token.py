"""`kailenty-mock token`."""

from datetime import UTC, datetime, timedelta

import click

from fixtures import load_world, renamed
from mock_server.access.tokens import Flaw, TokenKind, mint
from mock_server.cli.options import Refused, duration, moment


@click.command()
@click.argument("persona")
@click.option("--world", default="acme", show_default=True, help="The persona's world: a name or a file.")
@click.option("--workspace", metavar="NAME", help="Where it is of one made of that world, its name.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in TokenKind]),
    default=TokenKind.KAILENTY.value,
    show_default=True,
    help="A kailenty JWT or a Microsoft access token.",
)
@click.option("--flaw", type=click.Choice([flaw.value for flaw in Flaw]), help="What shall be wrong with it.")
@click.option(
    "--lifetime",
    default="8h",
    show_default=True,
    callback=duration,
    metavar="LENGTH",
    help="How long it is good: 90s, 15m, 8h, 30d.",
)
@click.option(
    "--now", callback=moment, metavar="TIME", help="When it is issued, RFC 3339, for a server with a clock of its own."
)
def command(
    persona: str,
    world: str,
    workspace: str | None,
    kind: str,
    flaw: str | None,
    lifetime: timedelta,
    now: datetime | None,
) -> None:
    """Mint a bearer token for PERSONA: a user's id or e-mail address.

    A server that serves the same world accepts it, unless --flaw says otherwise.

    \b
    curl -H "Authorization: Bearer $(kailenty-mock token usr_alan)" http://localhost:8080/api/v1/app/invites
    """
    try:
        loaded = load_world(world)
        if workspace is not None:
            loaded = renamed(loaded, workspace)
    except (ValueError, OSError) as error:
        raise Refused(str(error)) from None
    user = next((user for user in loaded.users if persona in (user.id, user.email)), None)
    if user is None:
        known = ", ".join(user.id for user in loaded.users[:20])
        raise Refused(f"{loaded.workspace} has no user {persona}; it has {known}")
    click.echo(
        mint(
            TokenKind(kind),
            workspace=loaded.workspace,
            tenant_id=loaded.tenant_id,
            user_id=user.id,
            object_id=user.object_id,
            email=user.email,
            name=user.name,
            token_id=f"cli-{user.id}",
            now=now or datetime.now(UTC),
            lifetime=lifetime,
            flaw=None if flaw is None else Flaw(flaw),
        )
    )
