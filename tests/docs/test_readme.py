"""What the README shows is what the program prints: `REACH_WRITE_DOCS=1 pytest tests/docs` writes it anew."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from pathlib import Path

import pytest

from analyzer.cli import VERBS, main
from analyzer.invariants.written import parsed
from analyzer.threats.declared import DeclarationFile, declared
from analyzer.threats.knowledge import knowledge

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"(```console\n\$ (reach [^\n]*)\n)(.*?)(```)", re.DOTALL)
# Where declarations go by another name than in their file.
NAMED = {"contracts": "agreed"}
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def printed(command: str) -> str:
    """Return what a command prints, and the exit code where it is not 0."""
    out, code = io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):  # which `--help` ends with
        code = main(shlex.split(command)[1:])
    text = "\n".join(line.rstrip() for line in out.getvalue().rstrip().splitlines())
    return text + (f"\n(exit {code})" if code else "") + "\n"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_documents_show_what_the_program_prints(document: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    text = document.read_text("utf-8")
    fresh = SHOWN.sub(lambda found: found[1] + printed(found[2]) + found[4], text)
    if os.environ.get("REACH_WRITE_DOCS"):
        document.write_text(fresh, "utf-8")
    assert text == fresh, "run `REACH_WRITE_DOCS=1 pytest tests/docs` and look at the difference"


def test_the_readme_shows_five_questions():
    assert len(SHOWN.findall((ROOT / "README.md").read_text("utf-8"))) == 5


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_a_page_with_its_options(verb: str):
    page = (ROOT / "docs" / f"{verb}.md").read_text("utf-8")
    assert page.startswith("# ")
    assert f"```console\n$ reach {verb} --help\n" in page


def test_links_between_documents_lead_somewhere():
    for document in DOCUMENTS:
        text = re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
        for path, _, anchor in (link.partition("#") for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link):
            target = (document.parent / path).resolve() if path else document
            assert target.exists(), f"{document.name}: {path}"
            if anchor and target.suffix == ".md":
                titles = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
                anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
                assert anchor in anchors, f"{document.name}: {path}#{anchor}"


@pytest.mark.parametrize("name", ["from"])
def test_the_python_of_a_page_runs(name: str, capsys: pytest.CaptureFixture[str]):
    for code in re.findall(r"```python\n(.*?)```", (ROOT / "docs" / f"{name}.md").read_text("utf-8"), re.DOTALL):
        exec(compile(code, f"docs/{name}.md", "exec"), {})
    assert "reachable ['tcp/3306']" in capsys.readouterr().out


def test_the_readme_python_runs():
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})


def test_the_python_about_invariants_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "check.md").read_text("utf-8"), re.DOTALL)
    exec(compile(code, "docs/check.md", "exec"), {})
    assert "internet can reach crm" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["README.md", "docs/check.md"])
def test_invariants_in_documents_are_read(name: str):
    written = re.findall(r"```yaml\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    assert written
    for text in written:
        assert parsed(text, name)


def test_declarations_in_documents_are_read(tmp_path: Path):
    written = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "threats.md").read_text("utf-8"), re.DOTALL)
    files = [tmp_path / f"{number}.yaml" for number, _ in enumerate(written)]
    for file, text in zip(files, written, strict=True):
        file.write_text(text, "utf-8")
    [found] = [declared([str(file)], knowledge()) for file in files]
    assert {name for name in DeclarationFile.model_fields if not getattr(found, NAMED.get(name, name))} == set()
