"""How what questions return shows itself: in notebooks and as a data frame.

Models draw nothing themselves: whoever hands them out names the one who does (`shows_with`), and without one they are plain values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from .errors import ReachError

# What a value is in each media type; "" for a type that is not to be had.
Drawer = Callable[["Shown"], Mapping[str, str]]
_drawers: list[Drawer] = []


def shows_with(drawer: Drawer) -> None:
    """Let `drawer` draw everything that is Shown, in the place of whoever did."""
    _drawers[:] = [drawer]


class Shown:
    """Something that draws itself in a notebook; `shown_as` is the word by which the drawer knows how, "" for not at all."""

    __slots__ = ()
    shown_as: ClassVar[str] = ""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Return it in the media types that a notebook can show; empty where nobody draws it."""
        return {kind: text for drawer in _drawers for kind, text in drawer(self).items() if text}

    def _repr_html_(self) -> str | None:
        """Return it as HTML that needs nothing else; None where nobody draws it."""
        return self._repr_mimebundle_().get("text/html")

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print it as text, on IPython's printer: lists would be printed as such otherwise."""
        printer.text(self._repr_mimebundle_().get("text/plain") or repr(self))


class Framed(Shown):
    """Something with rows, that can be a data frame."""

    __slots__ = ()

    def columns(self) -> dict[str, Sequence[object]]:
        """Return its rows as columns of equal length, by name."""
        raise NotImplementedError

    def to_frame(self) -> Any:
        """Return its rows as a pandas DataFrame. Raises ReachError where pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            hint = "`pip install pandas`, or `pip install 'vpc-reach[notebook]'`"
            raise ReachError("a data frame needs `pandas`, which is not installed", hint=hint) from error
        return pandas.DataFrame(self.columns())
