"""A small bounded queue before the model: so many at once, so many waiting, nobody for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rag.errors import ModelUnavailable


class ModelQueue:
    """Lets ``at_once`` callers through; ``waiting`` more may wait, and all others are turned away."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._turns = threading.Semaphore(at_once)
        self._places = threading.Semaphore(at_once + waiting)

    @contextmanager
    def turn(self, limit_s: float) -> Iterator[None]:
        """A turn at the model.

        Raises:
            ModelUnavailable: the queue is full, or no turn came within ``limit_s`` seconds.
        """
        if not self._places.acquire(blocking=False):
            raise ModelUnavailable("the queue before the model is full")
        try:
            if not self._turns.acquire(timeout=limit_s):
                raise ModelUnavailable(f"no turn at the model within {limit_s:g} s")
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()
