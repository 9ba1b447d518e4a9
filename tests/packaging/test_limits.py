"""Code stays small enough to be read at one sitting: files of at most 300 lines, functions of at most 40.

A docstring and decorators do not count towards a function: saying more is never the way to a shorter one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES_A_FILE = 300
LINES_A_FUNCTION = 40


def python_files() -> list[Path]:
    """Return every module of the project once, although analyzer/models is models/ by another name."""
    found = {path.resolve() for folder in ("analyzer", "models") for path in (ROOT / folder).rglob("*.py")}
    return sorted(found)


def long_functions(source: str) -> Iterator[str]:
    """Yield `line: name has N lines` for every function of the source that is too long."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node) is not None:
                lines -= (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
            if lines > LINES_A_FUNCTION:
                yield f"{node.lineno}: {node.name} has {lines} lines"


def test_no_file_is_longer_than_300_lines():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    assert lengths, "no module found"
    assert {path: lines for path, lines in lengths.items() if lines > LINES_A_FILE} == {}


def test_no_function_is_longer_than_40_lines():
    assert [
        f"{path.relative_to(ROOT)}:{long}" for path in python_files() for long in long_functions(path.read_text("utf-8"))
    ] == []


def test_a_function_of_41_lines_is_too_long_and_its_docstring_does_not_count():
    body = "    x = 1\n" * 39
    fits = f'@twice\ndef short():\n    """One.\n\n    Two.\n    """\n{body}'
    assert list(long_functions(fits)) == []
    assert list(long_functions(f"{fits}    x = 2\n")) == ["2: short has 41 lines"]
