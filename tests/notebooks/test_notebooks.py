"""Notebooks run from the first cell to the last, and what is committed is what they show: `REACH_WRITE_DOCS=1` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
DRAWN = "image/svg+xml"


def executed(path: Path) -> Any:
    """Return the notebook, run by the kernel of this environment in its own folder."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}, record_timing=False
    )
    client.execute()
    return lean(notebook)


def lean(notebook: Any) -> Any:
    """Return the notebook without what differs from one machine to the next and says nothing: the version of its Python."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}
    return notebook


def shown(notebook: Any) -> list[Any]:
    """Return each cell with what it shows; of an image that it is there: Graphviz may be of another version, with other fonts."""
    return [
        (cell.source, [_shown(output) for output in cell.get("outputs", [])], cell.get("execution_count"))
        for cell in notebook.cells
    ]


def _shown(output: Any) -> Any:
    data = {kind: "an image" if kind == DRAWN else text for kind, text in output.get("data", {}).items()}
    return output.output_type, data, output.get("text", ""), output.get("ename", "")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_committed_is_what_a_notebook_shows(path: Path):
    committed, fresh = nbformat.read(path, as_version=4), executed(path)
    if os.environ.get("REACH_WRITE_DOCS"):
        nbformat.write(fresh, path)
    assert shown(committed) == shown(fresh), "run `REACH_WRITE_DOCS=1 pytest tests/notebooks` and look at the difference"
    assert committed.metadata == lean(committed).metadata


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_question_shows_an_answer(path: Path):
    outputs = [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert "text/html" in kinds
    assert {output.output_type for output in outputs} <= {"execute_result", "stream"}, "nothing failed, and nothing warned"
    assert {output.name for output in outputs if output.output_type == "stream"} <= {"stdout"}
    told = path.read_text("utf-8")
    assert "/home/" not in told
    assert str(FOLDER) not in told


def test_the_four_notebooks_are_there():
    assert [path.stem for path in NOTEBOOKS] == ["01_first_question", "02_blast_radius", "03_invariants", "04_what_changed"]
