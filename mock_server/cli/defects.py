"""`kailenty-mock defects`."""

import click
import orjson

from mock_server.defects import DEFECTS, UNBREAKABLE


@click.command()
@click.option("--format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to write.")
@click.option("--rule", metavar="ID", help="Only those that break this rule.")
def command(format: str, rule: str | None) -> None:
    """List the defects that `serve --defect ID` can have: id, the rule that it breaks, and how."""
    chosen = [one for one in DEFECTS.values() if rule in (None, one.rule)]
    if format == "json":
        defects = [{"id": one.id, "rule": one.rule, "also": one.also, "sentence": one.sentence} for one in chosen]
        told = {"defects": defects, "unbreakable": dict(UNBREAKABLE)}
        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2))
        return
    width = max((len(one.id) for one in chosen), default=0)
    for one in chosen:
        click.echo(f"{one.id:<{width}}  {one.rule:<7}  {one.sentence}")
