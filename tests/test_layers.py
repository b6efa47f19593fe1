"""The layers: a folder imports only from those to its right, and importing does nothing else."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("bot", "api", "handlers", "escalation", "knowledge")
"""Highest first."""

ABOVE_ALL = ("bench", "tests")
"""May import every layer, and no layer imports them."""

DATABASE = ("sqlmodel", "sqlalchemy")
KNOWLEDGE_WITH_DATABASE = {
    *("models.py", "store.py", "faq_files.py"),
    *("editions.py", "confirmations.py"),
}
ENVIRONMENT = {"environ", "getenv", "environb", "putenv"}
OPENERS = {
    *("open", "connect", "create_connection", "create_engine", "urlopen", "run", "Popen"),
    *("read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "exists", "is_file"),
    *("safe_load", "load", "loads", "iterdir", "glob", "reader", "DictReader", "loadtxt"),
}
RUN_BY_ALEMBIC = {"bot/migrations/env.py"}
"""A script by its nature: alembic runs it, nobody imports it."""


def modules(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Give every imported module with its line, wherever in the module it stands."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                folders = file.relative_to(ROOT).parts[: -node.level]
                yield node.lineno, ".".join((*folders, node.module or "")).rstrip(".")
            else:
                yield node.lineno, node.module or ""


def tops(file: Path) -> Iterator[tuple[int, str]]:
    yield from ((line, name.split(".")[0]) for line, name in imports(file))


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Give what runs when the module is imported: all but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Lambda):
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            defaults = [*child.args.defaults, *filter(None, child.args.kw_defaults)]
            for part in (*child.decorator_list, *defaults):
                yield part
                yield from at_import(part)
            continue
        if isinstance(child, ast.If) and ast.unparse(child.test) == "__name__ == '__main__'":
            continue
        yield child
        yield from at_import(child)


def each(*folders: str) -> pytest.MarkDecorator:
    files = modules(*folders)
    return pytest.mark.parametrize("file", [pytest.param(f, id=named(f)) for f in files])


@each(*LAYERS)
def test_a_folder_imports_only_from_those_to_its_right(file: Path) -> None:
    above = LAYERS[: LAYERS.index(file.relative_to(ROOT).parts[0])]
    wrong = [(line, top) for line, top in tops(file) if top in (*above, *ABOVE_ALL)]
    assert wrong == []


@each(*(layer for layer in LAYERS if layer != "bot"))
def test_nothing_but_tests_and_bench_imports_bot(file: Path) -> None:
    assert [line for line, top in tops(file) if top == "bot"] == []


@each("knowledge")
def test_only_its_tables_and_stores_bring_knowledge_to_a_database(file: Path) -> None:
    if file.name not in KNOWLEDGE_WITH_DATABASE:
        assert [(line, top) for line, top in tops(file) if top in DATABASE] == []


@each(*LAYERS, "bench")
def test_no_module_shadows_the_standard_library(file: Path) -> None:
    names = {file.stem, file.parent.name} - {"__init__"}
    assert not names & sys.stdlib_module_names


@each(*LAYERS)
def test_only_the_settings_read_the_environment(file: Path) -> None:
    if named(file) == "bot/settings.py":
        return
    found = [
        ast.unparse(node)
        for node in ast.walk(tree(file))
        if (isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT)
        or (isinstance(node, ast.ImportFrom) and {n.name for n in node.names} & ENVIRONMENT)
    ]
    assert found == []


@each(*LAYERS)
def test_a_module_calls_nothing_that_opens_or_reads_when_imported(file: Path) -> None:
    if named(file) in RUN_BY_ALEMBIC:
        return
    called = [
        ast.unparse(node)
        for node in at_import(tree(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id) in OPENERS
    ]
    assert called == []


IMPORT_ALL = """
import importlib, json, pathlib, sys
root, names = sys.argv[1], sys.argv[2:]
seen = []
def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes, pathlib.PurePath)):
        file = str(args[0])
        ours = file.startswith(root) and "/.venv/" not in file and not file.startswith(sys.prefix)
        if (ours or not file.startswith("/")) and not file.endswith((".py", ".pyc")):
            if "/__pycache__/" not in file:
                seen.append(file)
    if event in ("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen"):
        seen.append(event)
sys.addaudithook(watch)
for name in names:
    importlib.import_module(name)
print(json.dumps(seen))
"""


def test_importing_every_module_opens_no_file_of_ours_and_no_socket(tmp_path: Path) -> None:
    names = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for file in modules(*LAYERS)
        if named(file) not in RUN_BY_ALEMBIC
    ]
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, str(ROOT), *names],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_the_walk_finds_what_runs_at_import() -> None:
    source = (
        "open('a')\n"
        "class A:\n    x = open('b')\n    def f(self, y=open('c')):\n        open('never')\n"
        "later = lambda: open('never')\n"
        "if __name__ == '__main__':\n    open('never')\n"
    )
    calls = [ast.unparse(n) for n in at_import(ast.parse(source)) if isinstance(n, ast.Call)]
    assert sorted(calls) == ["open('a')", "open('b')", "open('c')"]
