"""How messages show what a client sent: as JSON, short, and never as more than plain text."""

import json
import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Any

LONGEST = 80


def shown(value: Any) -> str:
    """A value as JSON, cut to 80 characters."""
    return cut(json.dumps(value, ensure_ascii=False))


def cut(text: str) -> str:
    """At most 80 characters of a text; what would not show as itself, or is no Unicode, is escaped."""
    short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return short if short.isprintable() else "".join(map(_visible, short))


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if character.isascii() else json.dumps(character)[1:-1]


def bare(name: str) -> str:
    """A name without quotes; one that is empty or has unusual characters keeps them."""
    return cut(name) if re.fullmatch(r"[\w./~:-]+", name) else shown(name)


def pointer(path: Iterable[str | int]) -> str:
    """A JSON pointer; the empty one is the whole."""
    tokens = (str(token).replace("~", "~0").replace("/", "~1") for token in path)
    return "".join(f"/{cut(json.dumps(token, ensure_ascii=False)[1:-1])}" for token in tokens)


def either(words: Collection[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a wrong one is most like, ignoring case; None where none is near."""
    folded = {candidate.lower(): candidate for candidate in known}
    # The comparison is quadratic; nothing known is anywhere near as long.
    close = get_close_matches(name[:LONGEST].lower(), folded, n=1)
    return folded[close[0]] if close else None


def hint(name: str, known: Collection[str], prefix: str = "") -> str:
    """What to write instead of an unknown name: the nearest known one, else all of them."""
    if close := nearest(name, known):
        return f"did you mean {prefix}{close}?"
    return f"known are {', '.join(known)}" if known else "none is known"
