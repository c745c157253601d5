"""`kailenty-contract rules`."""

import click
import orjson

from contract_tests.cli import options
from contract_tests.collect import collect
from contract_tests.outcomes import SetUpFailed
from openapi import load_rules


@click.command()
@click.option("--rules", multiple=True, callback=options.rule_ids, metavar="RULE", help="Only these, or families.")
@click.option("--tests", is_flag=True, help="Name the checks, instead of counting them.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(rules: tuple[str, ...], tests: bool, as_json: bool) -> None:
    """List the rules, and the checks of each."""
    try:
        found = collect()
    except SetUpFailed as error:
        raise options.Refused(str(error)) from None
    checks: dict[str, list[str]] = {rule: [] for rule in load_rules()}
    for test, marked in found:
        for rule in marked:
            checks.setdefault(rule, []).append(test)
    shown = [rule for name, rule in load_rules().items() if not rules or name in rules]
    if as_json:
        told = [{"id": one.id, "text": one.text, "documented": one.documented, "severity": one.severity,
                 "observable": one.observable, "checks": checks[one.id]} for one in shown]  # fmt: skip
        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2))
        return
    for one in shown:
        count = len(checks[one.id])
        seen = f"{count} checks" if count else "no check" if one.observable != "none" else "cannot be seen"
        source = "documented" if one.documented else "assumed"
        click.echo(f"{one.id:<8}  {source:<10}  {one.severity:<8}  {seen:<14}  {one.text}")
        for test in checks[one.id] if tests else ():
            click.echo(f"            {test}")
