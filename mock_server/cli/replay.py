"""`kailenty-mock replay`."""

import asyncio
import logging
import sys
from pathlib import Path

import click

from mock_server.cli.options import Refused


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Send the requests of the bundle FILE again, to a mock that begins where they began.

    Ends with 0 where each answer is the same to the byte, with 1 at the first difference, with 2 where FILE cannot be
    replayed. No server is needed, and none is touched.

    \b
    curl http://localhost:8080/_mock/worlds/acme/bundle > bundle.json && kailenty-mock replay bundle.json
    """
    logging.basicConfig(stream=sys.stderr, level=logging.CRITICAL)
    # As for `serve`: the libraries take most of the time.
    from mock_server.replay import NotReplayable, read, replay

    try:
        bundle = read(file.read_bytes())
        difference = asyncio.run(replay(bundle))
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from None
    except NotReplayable as problem:
        raise Refused(f"{file}: {problem}") from None
    count = len(bundle["requests"])
    if difference is None:
        told = "1 request, answered" if count == 1 else f"{count} requests, all answered"
        click.echo(f"{bundle['workspace']}: {told} the same, byte for byte")
        return
    request = difference.request
    click.echo(f"request {difference.number} of {count} is answered differently")
    click.echo(f"  {request['method']} {request['target']}")
    click.echo(f"  {request['requestId']}, at {request['at']}")
    click.echo(f"  {difference.place}")
    click.echo(f"    expected  {difference.expected}")
    click.echo(f"    got       {difference.got}")
    sys.exit(1)
