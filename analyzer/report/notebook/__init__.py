"""Answers as a notebook shows them: a piece of HTML without script, link or image, and text where there is no HTML."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from .style import STYLE

if TYPE_CHECKING:
    from ...models.shown import Shown

__all__ = ["bundle"]


class _Module(Protocol):
    """A module of this package that shows one kind of value."""

    def media(self, value: object) -> dict[str, str]: ...


def bundle(value: Shown) -> dict[str, str]:
    """Return a value in the media types that notebooks show; empty for what has no module in this package.

    What AWS or users wrote is escaped. The style holds inside the piece alone, and on light and dark pages alike: words have the
    page's own colours, and what stands out has a background of its own.
    """
    if not value.shown_as:
        return {}
    media = cast(_Module, import_module(f".{value.shown_as}", __name__)).media(value)
    media["text/plain"] = media["text/plain"].rstrip("\n")
    if "text/html" in media:
        media["text/html"] = f'<div class="reach">\n<style>{STYLE}</style>\n{media["text/html"]}\n</div>'
    return media
