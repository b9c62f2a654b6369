"""How far a step is, and how long it is still going to take."""

import time
from collections.abc import Iterable, Iterator

EVERY_SECONDS = 5


def progress(items: Iterable, tell: str, count: int | None = None) -> Iterator:
    """The items, with a line every few seconds."""
    count = len(items) if count is None else count
    began = told = time.time()
    for at, item in enumerate(items):
        yield item
        now = time.time()
        if now - told > EVERY_SECONDS or at + 1 == count:
            told, left = now, (now - began) / (at + 1) * (count - at - 1)
            print(f'{tell}: {at + 1} of {count}, {minutes(left)} left', flush=True)


def minutes(seconds: float) -> str:
    return f'{seconds:.0f} s' if seconds < 90 else f'{seconds / 60:.0f} min'
