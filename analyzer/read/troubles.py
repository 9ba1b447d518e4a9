"""What happens when a part of the snapshot cannot be read: the run ends there, or the part is reported and left out."""

from __future__ import annotations

from collections.abc import Callable

from ..models.errors import InputError
from ..models.snapshot import Broken
from .budget import TooMuchError


class Troubles:
    """The parts that could not be read so far."""

    def __init__(self, keep_going: bool, report: Callable[[str], None] | None) -> None:
        self.broken: list[Broken] = []
        self._keep_going = keep_going
        self._report = report

    def meet(self, error: InputError, kind: str = "", id: str = "") -> None:
        """Raise the error, or report it and remember the part as broken; "" where kind or id cannot be known."""
        if not self._keep_going or isinstance(error, TooMuchError):
            raise error
        self.broken.append(Broken(kind, id, error.what))
        if self._report is not None:
            self._report(error.what)

    def hides(self, kind: str, id: str) -> bool:
        """Return whether a resource that the snapshot lacks may stand in a part that could not be read."""
        return any(part.kind in (kind, "") and part.id in (id, "") for part in self.broken)
