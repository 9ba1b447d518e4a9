"""What `pip install vpc-reach` brings: the name `analyzer`, all of it, and no other name that a user's project may have.

The wheel is built from the tree and from the sdist, installed in an environment of its own, and used from a folder that has
its own `models.py` and `tests/`. No network: the dependencies are those of the environment that runs the tests.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

QUESTION = 'import analyzer; print(analyzer.load("demo").reach("sg-a", "rds").verdict)'
OWN_NAMES = 'import models; assert models.OWNER == "the user", models.__file__'
WHERE = "import analyzer; print(analyzer.__file__); import analyzer.models; print(analyzer.models.__file__)"
TEST_OF_THE_USER = """
import analyzer
import models


def test_the_user_asks():
    assert models.OWNER == "the user"
    print("verdict:", analyzer.load("demo").reach("sg-a", "rds").verdict)
"""
RUN_A_NOTEBOOK = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sys.argv[1:]])
NotebookClient(notebook, kernel_name="reach-wheel", timeout=60).execute()
print("".join(output.text for cell in notebook.cells for output in cell.outputs if output.output_type == "stream"))
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Return what the command prints; a failure shows both its streams."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "JUPYTER", "REACH"))}
    env |= {"JUPYTER_RUNTIME_DIR": str(cwd.parent / "runtime"), "IPYTHONDIR": str(cwd.parent / "ipython"), "PIP_NO_INDEX": "1"}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(*what: str | Path, into: Path) -> Path:
    """Return the one artifact that `python -m build` makes into the folder."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", into, *what, cwd=ROOT)
    (artifact,) = into.iterdir()
    return artifact


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build("--wheel", ROOT, into=tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The interpreter of a fresh environment with the wheel in it, and after it what the running environment has installed.

    A path that a .pth file adds is not searched for .pth files, so the running environment's editable install stays out.
    """
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    interpreter = home / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", interpreter, "install", "--no-deps", wheel, cwd=home)
    site = Path(run(interpreter, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).strip())
    dependencies = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    (site / "dependencies.pth").write_text("\n".join(dependencies) + "\n", "utf-8")
    kernel = home / "share" / "jupyter" / "kernels" / "reach-wheel"
    kernel.mkdir(parents=True)
    argv = [str(interpreter), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "wheel", "language": "python"}), "utf-8")
    return interpreter


@pytest.fixture
def folder(tmp_path):
    """A user's folder, with names in it that are names of this repository too."""
    folder = tmp_path / "home"
    for path, text in {
        "models.py": 'OWNER = "the user"\n',
        "tests/__init__.py": "",
        "tests/test_reach.py": TEST_OF_THE_USER,
        "pytest.ini": "[pytest]\npythonpath = .\n",
        "ask.py": f"{OWN_NAMES}\n{QUESTION}\n",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def names_in(wheel: Path) -> set[str]:
    """Return the names of the files in the wheel."""
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_link_to_models_is_relative():
    assert (ROOT / "analyzer" / "models").readlink() == Path("../models")


def test_analyzer_is_the_only_name_that_the_wheel_installs(wheel):
    metadata = f"{PROJECT['name'].replace('-', '_')}-{PROJECT['version']}.dist-info"
    assert {name.split("/")[0] for name in names_in(wheel)} == {"analyzer", metadata}


def test_the_wheel_has_every_module_and_all_data_as_real_files(wheel):
    expected = {
        f"{name}/{path.relative_to(ROOT / folder).as_posix()}"
        for name, folder in (("analyzer/models", "models"), ("analyzer", "analyzer"))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert {name for name in names_in(wheel) if name.startswith("analyzer/")} == expected
    assert [entry.filename for entry in zipfile.ZipFile(wheel).infolist() if stat.S_ISLNK(entry.external_attr >> 16)] == []


def test_the_sdist_builds_the_same_wheel(wheel, tmp_path):
    sdist = build("--sdist", ROOT, into=tmp_path / "sdist")
    (tmp_path / "unpacked").mkdir()
    run("tar", "-xf", sdist, "-C", tmp_path / "unpacked", cwd=tmp_path)
    (source,) = (tmp_path / "unpacked").iterdir()
    again = build("--wheel", source, into=tmp_path / "wheel")
    assert again.name == wheel.name
    assert names_in(again) == names_in(wheel)


def test_the_installed_analyzer_is_the_wheel_and_not_this_tree(python, folder):
    for line in run(python, "-c", WHERE, cwd=folder).split():
        assert Path(line).is_relative_to(python.parent.parent), line


def test_a_script_beside_models_of_its_own_gets_its_answer(python, folder):
    assert run(python, "ask.py", cwd=folder) == "reachable\n"


def test_pytest_in_a_folder_with_models_and_tests_of_its_own_gets_its_answer(python, folder):
    assert "verdict: reachable\n" in run(python, "-m", "pytest", "-s", "-p", "no:cacheprovider", cwd=folder)


def test_the_pytest_plugin_comes_along(python, folder):
    invariants = 'invariants:\n  - name: the office gets in\n    allow: {from: internet, to: "name:bastion", on: ssh}\n'
    (folder / "office.reach.yaml").write_text(invariants, "utf-8")
    printed = run(python, "-m", "pytest", "-v", "-p", "no:cacheprovider", "--reach-snapshot", "demo", cwd=folder)
    assert "office.reach.yaml::the office gets in PASSED" in printed
    assert "tests/test_reach.py::test_the_user_asks PASSED" in printed


def test_a_notebook_beside_models_of_its_own_gets_its_answer(python, folder):
    assert "reachable\n" in run(python, "-c", RUN_A_NOTEBOOK, OWN_NAMES, QUESTION, cwd=folder)


@pytest.mark.parametrize("script", ["reach", "vpc-reach"])
def test_the_console_script_gets_its_answer(python, folder, script):
    assert "CAN reach" in run(python.parent / script, "from", "sg-a", "to", "rds", "--snapshot", "demo", cwd=folder)
