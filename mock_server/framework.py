"""The one door to Connexion, which comes without what it imports and the mock never uses.

Its test client, remote references and remote checks of tokens bring two HTTP clients: a quarter of the start-up.
"""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_UNUSED = ("httpx", "requests", "starlette.testclient")


class _Hollow(ModuleType):
    """A module that has a class of any name."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return object


@contextmanager
def _without(names: tuple[str, ...]) -> Iterator[None]:
    """Let imports find hollow modules, where the real ones are not at hand already."""
    hollow = {name: _Hollow(name) for name in names if name not in sys.modules}
    sys.modules.update(hollow)
    try:
        yield
    finally:
        for name in hollow:
            del sys.modules[name]


with _without(_UNUSED), warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of an old resolver of JSON Schema's, unused here as well
    from connexion.exceptions import ProblemException
    from connexion.middleware import ConnexionMiddleware
    from connexion.middleware.abstract import ROUTING_CONTEXT, RoutedAPI, RoutedMiddleware, SpecMiddleware
    from connexion.middleware.main import API
    from connexion.resolver import Resolver
    from connexion.spec import OpenAPISpecification

__all__ = [
    "API",
    "ROUTING_CONTEXT",
    "ConnexionMiddleware",
    "OpenAPISpecification",
    "ProblemException",
    "Resolver",
    "RoutedAPI",
    "RoutedMiddleware",
    "SpecMiddleware",
]
