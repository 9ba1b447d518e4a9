"""What the workers of tests do: pure functions of a model and a piece, which worker processes import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


class Model:
    """A number to add, and a folder in which workers can leave word of what they did."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number = number
        self.folder = folder


def added(model: Model, piece: int) -> tuple[int, int]:
    """Return the sum, and the process that made it."""
    (model.folder / f"{piece}-{os.getpid()}-{time.monotonic_ns()}").touch()
    time.sleep(0.02)
    return model.number + piece, os.getpid()


def added_but_dying_once(model: Model, piece: int) -> tuple[int, int]:
    """Return the sum; whoever first has piece 7 is killed in the middle of it."""
    once = model.folder / "killed"
    if piece == 7 and not once.exists():
        once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return added(model, piece)


def dying(model: Model, piece: int) -> int:
    """Kill the worker whenever it has piece 3."""
    if piece == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return piece


def failing(model: Model, piece: int) -> int:
    """Fail as a bug does."""
    raise ZeroDivisionError(str(piece))
