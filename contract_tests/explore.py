"""Properties over generated values: seeded, and with the shortest chain of requests when one fails."""

from collections.abc import Callable
from typing import TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis.strategies import SearchStrategy

from contract_tests.target import Target

T = TypeVar("T")


def explore(target: Target, values: SearchStrategy[T], check: Callable[[T], None], *, examples: int = 0) -> None:
    """Check many values, the same ones for the same seed. The first that fails is made as small as it can be."""

    def one(value: T) -> None:
        target.transport.steps.clear()
        check(value)

    run = hypothesis.settings(
        max_examples=examples or target.settings.examples,
        database=None,
        deadline=None,
        # Shrinking asks a server many times; a few tries are worth it, and the mutation phases are not.
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )(hypothesis.given(values)(one))
    hypothesis.seed(target.settings.seed)(run)()
