"""Text as a terminal shows it best, with rich where it is installed (`pip install 'vpc-reach[tty]'`).

The text itself is the same everywhere, so that it can be tested and piped: here long lines are folded and a few words painted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

# Rich takes 0.1 to 0.25 ms a line: of more, nobody reads all, and whoever does wants it now.
MOST_LINES = 2_000
NARROWEST = 40
# How far below its beginning a line goes on.
HANGING = 4
# With what a line begins that is there to be copied.
COMMAND = "$ "
STYLES = {
    r"^(?:kind +id +name +.*| *(?:from|source) +(?:to|target) +verdict +on)$": "dim",
    r"\breachable\b": "green",
    r"\bblocked\b": "red",
    r"\b(?:conditional|unknown)\b": "yellow",
    r"  [A-Z]{2,6}-\d+(?=$|  <- )": "dim",
    r"  <- stops here$": "bold red",
    r"^[+-] .*": "bold",
    r"^[a-z]+(?:-[a-z]+)?(?=: \S)": "bold yellow",
}


def dressed(text: str, *, colour: bool) -> str:
    """Return a text for a terminal: lines that are longer than it is wide go on below, indented; with `colour` words are painted.

    Colours that it has already stay. Without rich, and of very many lines, it is returned as it is.
    """
    lines = text.split("\n")
    if len(lines) > MOST_LINES or find_spec("rich") is None:
        return text
    from rich.console import Console
    from rich.text import Text

    width = max(shutil.get_terminal_size().columns, NARROWEST)
    out = StringIO()
    console = Console(
        file=out, force_terminal=True, color_system="standard" if colour else None, width=width, legacy_windows=False
    )
    for line in lines[:-1]:
        told = Text.from_ansi(line)
        if colour:
            for pattern, style in STYLES.items():
                told.highlight_regex(pattern, style)
        for piece in _folded(told, console, width):
            console.print(piece, soft_wrap=True, highlight=False)
    return out.getvalue() + lines[-1]


def _folded(line: Text, console: Console, width: int) -> Iterator[Text]:
    """Yield a line in pieces that fit, those after the first one indented further than it; commands stay whole, to be copied."""
    if line.cell_len <= width or line.plain.lstrip().startswith(COMMAND):
        yield line
        return
    indent = len(line.plain) - len(line.plain.lstrip(" ")) + HANGING
    for number, piece in enumerate(line.wrap(console, width - indent)):
        piece.rstrip()
        if number:
            piece.pad_left(indent)
        yield piece
