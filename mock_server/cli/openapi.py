"""`kailenty-mock openapi`."""

import click
import orjson
import yaml

from openapi import load_app_api, load_mock_control

_DOCUMENTS = {"app-api": load_app_api, "mock-control": load_mock_control}


class _Dumper(yaml.SafeDumper):
    """Writes shared parts out, instead of anchors that few tools follow."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@click.command()
@click.option(
    "--format", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True, help="How to write it."
)
@click.option(
    "--document",
    type=click.Choice(list(_DOCUMENTS)),
    default="app-api",
    show_default=True,
    help="The App API's, or that of the mock's own control API.",
)
def command(format: str, document: str) -> None:
    """Print the OpenAPI 3.1 document, in one piece."""
    raw = _DOCUMENTS[document]().raw
    if format == "json":
        click.echo(orjson.dumps(raw, option=orjson.OPT_INDENT_2))
    else:
        click.echo(yaml.dump(raw, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100), nl=False)
