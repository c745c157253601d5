"""The settings as options; each can be set in the environment and in the file too."""

import difflib
import re
import secrets
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from contract_tests.settings import CALLERS, MOCK, Settings, UsageError
from openapi import load_rules

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

FILE = Path("contract.toml")
_PREFIX = "KAILENTY_CONTRACT"
_HEADERS = {"x-api-key": "X-API-Key", "authorization": "Authorization"}
# What only the file can consent to, so that no option typed in haste does.
_CONSENTS = {"write-hosts": "host names", "label-users": "ids or e-mail addresses"}
_SHORT = {"key": "X-API-Key: ", "bearer": "Authorization: Bearer "}


class Refused(click.ClickException):
    """What is asked for cannot be done. One line says why."""

    exit_code = 2


def option(name: str, *declarations: str, **attributes: Any) -> Callable[[Decorated], Decorated]:
    """An option that the environment and the file can set too."""
    variable = f"{_PREFIX}_{name.strip('-').upper().replace('-', '_')}"
    attributes.setdefault("help", "")
    names = [name, *declarations]
    if attributes.get("is_flag"):
        attributes["default"] = False
    return click.option(*names, envvar=variable, show_envvar=True, **attributes)


def _file(context: click.Context, _: click.Parameter, path: Path | None) -> Path | None:
    """Read the file into the context's defaults."""
    if path is None and not FILE.exists():
        return None
    path = path or FILE
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    credentials = content.pop("credentials", {})
    if not isinstance(credentials, dict):
        raise Refused(f"{path}: [credentials] names one for each of {', '.join(CALLERS)}")
    _known(f"{path}: credentials", credentials, [name.replace("_", "-") for name in CALLERS])
    for name, what in _CONSENTS.items():
        given = content.pop(name, [])
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise Refused(f"{path}: {name} is no list of {what}")
        context.meta[name] = tuple(one.lower() for one in given)
    named = [
        parameter.opts[0].strip("-") for parameter in context.command.params if isinstance(parameter, click.Option)
    ]
    everywhere = {*named, *(one.strip("-") for one in ALL)}
    _known(str(path), content, sorted((everywhere - {"config", "help", *CALLERS, "other-user"}) | _CONSENTS.keys()))
    values = {**content, **credentials}
    defaults: dict[str, Any] = {name.replace("-", "_"): _plain(value) for name, value in values.items()}
    context.default_map = defaults
    return path


def _plain(value: Any) -> Any:
    return [str(one) for one in value] if isinstance(value, list) else value


def _known(place: str, given: Iterable[str], known: list[str]) -> None:
    for name in given:
        if name not in known:
            raise Refused(f"{place}: {name} is unknown{nearest(name, known)}")


def nearest(name: str, known: Iterable[str]) -> str:
    """The nearest known name, as the end of a sentence."""
    found = difflib.get_close_matches(name, list(known), 1, 0.4)
    return f"; is {found[0]} meant?" if found else ""


def _credential(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A header line. What is told of a bad one never shows it."""
    if not value:
        return None
    name, _, rest = value.partition(":")
    line = f"{_SHORT[name]}{rest.strip()}" if name in _SHORT else f"{_HEADERS.get(name.lower(), '')}: {rest.strip()}"
    header, _, content = line.partition(": ")
    bearer = header != "Authorization" or content.startswith("Bearer ")
    if not header or not bearer or not re.fullmatch(r"[!-~]+( [!-~]+)?", content) or content.strip() == "Bearer":
        raise click.BadParameter("it is none of key:..., bearer:..., X-API-Key: ... and Authorization: Bearer ...")
    return line


def rule_ids(_: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Rule ids, given one by one or with commas; a family such as PAGE stands for its rules."""
    rules = load_rules()
    found: list[str] = []
    for name in (part.strip() for value in values for part in value.split(",")):
        family = [rule for rule in rules if rule.startswith(f"{name}-")]
        if name == "all" and parameter.name == "require":
            found.append(name)
        elif name in rules or family:
            found += family or [name]
        else:
            raise click.BadParameter(f"there is no rule {name}{nearest(name, rules)}")
    return tuple(dict.fromkeys(found))


def part(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, int]:
    if value is None:
        return 1, 1
    match = re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", value)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise click.BadParameter(f"{value} is no part such as 2/5")
    return int(match[1]), int(match[2])


_WHO = {
    "admin": "an admin",
    "manager": "a manager",
    "user": "a regular user",
    "other_user": "another regular user",
    "rival": "an admin of another workspace",
}

ALL: dict[str, dict[str, Any]] = {
    "--target": {"default": MOCK, "show_default": True, "help": "mock, or the URL of a workspace."},
    "--rival-url": {"help": "The URL of the other workspace, that of --rival."},
    **{
        f"--{name.replace('_', '-')}": {
            "callback": _credential,
            "metavar": "CREDENTIAL",
            "help": f"The credential of {who}: key:..., bearer:..., or a header line.",
        }
        for name, who in _WHO.items()
    },
    "--allow-writes": {"is_flag": True, "help": "Write too, if the file lists the host in write-hosts."},
    "--timeout": {
        "type": click.FloatRange(0.1),
        "default": 10.0,
        "show_default": True,
        "help": "Seconds an answer may take.",
    },
    "--rate": {
        "type": click.FloatRange(0),
        "default": 0.0,
        "help": "Requests a second at most; 0 for no limit.",
        "show_default": True,
    },
    "--max-requests": {
        "type": click.IntRange(1),
        "default": 50_000,
        "show_default": True,
        "help": "The budget of requests.",
    },
    "--max-seconds": {
        "type": click.FloatRange(1),
        "default": 1800.0,
        "show_default": True,
        "help": "The budget of time.",
    },
    "--seed": {
        "type": click.IntRange(0),
        "default": 1,
        "show_default": True,
        "help": "The same seed sends the same requests.",
    },
    "--examples": {
        "type": click.IntRange(1),
        "default": 10,
        "show_default": True,
        "help": "Values tried for a property.",
    },
    "--rules": {
        "multiple": True,
        "callback": rule_ids,
        "metavar": "RULE",
        "help": "Only these rules, or families: PAGE-02,SORT.",
    },
    "--ledger": {
        "type": click.Path(path_type=Path, dir_okay=False),
        "default": Path(".kailenty-contract/ledger.jsonl"),
        "show_default": True,
        "help": "Where creations are written down.",
    },
}


def settings_options(*left_out: str) -> Callable[[Decorated], Decorated]:
    """All settings as options of a command, but those left out."""

    def decorate(command: Decorated) -> Decorated:
        for name, attributes in reversed([one for one in ALL.items() if one[0] not in left_out]):
            command = option(name, **attributes)(command)
        return option(
            "--config",
            is_eager=True,
            expose_value=False,
            callback=_file,
            type=click.Path(path_type=Path),
            help="The file of settings.  [default: contract.toml, where there is one]",
        )(command)

    return decorate


def settings(context: click.Context, given: dict[str, Any]) -> Settings:
    """The settings that were given. Raises Refused where they contradict each other."""
    credentials = {name: given.pop(name) for name in CALLERS if given.get(name)}
    for name in CALLERS:
        given.pop(name, None)
    consents = {name.replace("-", "_"): context.meta.get(name, ()) for name in _CONSENTS}
    # A mock is new each time; elsewhere the rows of two runs are told apart by it.
    run_id = "ct1" if given["target"] == MOCK else f"ct-{secrets.token_hex(3)}"
    made = Settings(credentials=credentials, run_id=run_id, **consents, **given)
    try:
        _agree(made)
    except UsageError as error:
        raise Refused(str(error)) from None
    return made


def _agree(made: Settings) -> None:
    """Raises UsageError."""
    unknown = set(made.require) - {"all"} - set(made.rules)
    if made.rules and unknown:
        raise UsageError(f"--require {min(unknown)} contradicts --rules, which leaves it out")
    if made.is_mock:
        return
    if made.defect:
        raise UsageError("--defect is for the mock, not for a workspace")
    for name, url in (("--target", made.target), ("--rival-url", made.rival_url)):
        parts = urlsplit(url or "http://none")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise UsageError(f"{name} {url} is no URL such as https://acme.kailenty.com")
    if bool(made.rival_url) != ("rival" in made.credentials):
        raise UsageError("--rival and --rival-url need each other")
    host = urlsplit(made.target).hostname
    if made.allow_writes and host not in made.write_hosts:
        raise UsageError(f'--allow-writes needs write-hosts = ["{host}"] in {FILE}')
