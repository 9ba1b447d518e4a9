"""`python -m benchmarks.reference` writes the documents of the reference networks to analyzer/data/networks."""

from __future__ import annotations

from pathlib import Path

from . import networks

FOLDER = Path(__file__).parents[2] / "analyzer" / "data" / "networks"

for name, files in networks():
    for old in (FOLDER / name).rglob("*.json"):
        old.unlink()
    for path, text in files.items():
        file = FOLDER / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    print(f"{name}: {len(files)} documents, {sum(map(len, files.values())):,} bytes")
