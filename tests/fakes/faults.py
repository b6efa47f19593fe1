"""What goes wrong next with a fake provider, on order or by chance."""

import random
from collections import deque
from typing import Generic, TypeVar

Fault = TypeVar("Fault")


class Faults(Generic[Fault]):
    """The failures to come, one for each send or connection."""

    def __init__(self) -> None:
        self._next: deque[Fault | None] = deque()
        self._by_chance: tuple[random.Random, float, tuple[Fault, ...]] | None = None

    def next(self, fault: Fault | None, *, times: int = 1) -> None:
        """Let the next ones go wrong; with None they go well."""
        self._next.extend([fault] * times)

    def by_chance(self, share: float, *faults: Fault, seed: int) -> None:
        """Let a share of all go wrong, the same ones for the same seed."""
        self._by_chance = (random.Random(seed), share, faults)

    def stop(self) -> None:
        """Let everything go well from now on."""
        self._next.clear()
        self._by_chance = None

    def take(self) -> Fault | None:
        """Give what goes wrong with the one at hand."""
        if self._next:
            return self._next.popleft()
        if self._by_chance is not None:
            chance, share, faults = self._by_chance
            if chance.random() < share:
                return chance.choice(faults)
        return None
