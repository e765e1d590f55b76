"""One way only: each part of the package imports from the parts before it, never from those after.

Also: layers and models know no training framework, papers hold recipes and claims alone, and
chapters define nothing and train with `fit` alone.
"""

import ast
import json
from pathlib import Path

import pytest

from replications.paths import BOOK, REPOSITORY

PACKAGE = REPOSITORY / "replications"

# Each part may import those above it and its own modules; a folder whose rooms have an order of
# their own is listed room by room. A corpus's batches are made of token ids, so tokens come first;
# a run returns its record, so records come before training.
ORDER = (
    "fits",
    "paths errors atomic_write items code_version",
    "tokens",
    "corpora.store",
    "corpora.world",
    "corpora.raw",
    "corpora.preparation",
    "corpora.sources",
    "corpora.loading",
    "corpora",
    "corpora.texts corpora.sweeps",
    "corpora.yours",
    "corpora.batches",
    "layers",
    "models decoding",
    "objectives metrics",
    "recipes renames",
    "baselines",
    "records",
    "training.provenance training.checkpoints training.progress training.shares",
    "training.callbacks training.failures",
    "training.trainers",
    "training.fit training.repeats",
    "training.meta_device",
    "training.mean_lengths",
    "training.costs",
    "training.memory",
    "training.jobs",
    "training.queue training.estimates",
    "training.workers",
    "training.cluster",
    "training",
    "claims.criteria claims.multiplicity claims.measures.metric_names",
    "claims.measures.values claims.intervals",
    "claims.measures",
    "claims.measures.trajectory claims.measures.transitions claims.measures.trends",
    "claims.measures.tuned claims.measures.accounting claims.measures.early_stopping",
    "claims.measures.finished_runs claims.measures.valley_edges",
    "claims.measures.power_laws",
    "claims.measures.scaling claims.measures.curve_growth",
    "claims.shared_recipes claims.scatter claims.items",
    "claims.claim",
    "claims.estimates claims.verdicts claims.ledger",
    "claims.check",
    "claims",
    "claims.scoreboard",
    "papers",
    "yours.recipes yours.models",
    "yours.folders",
    "yours",
    "figures",
    "cli",
)
RANK = {part: rank for rank, parts in enumerate(ORDER) for part in parts.split()}

# What may not be imported although it comes before: networks are made of tensors alone.
NOT_FOR = {
    "layers": {"replications.tokens", "replications.corpora", "lightning", "pytorch_lightning"},
    "models": {"replications.tokens", "replications.corpora", "lightning", "pytorch_lightning"},
}


def imports_of(tree: ast.AST, module: str) -> set[str]:
    """Full dotted names of all that is imported anywhere in a module, also inside functions."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".")[: -node.level]
                base = ".".join([*package, base]).rstrip(".")
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return found


def part_of(name: str) -> str:
    """The longest part of ORDER that a module lies in; "" where there is none."""
    inner = name.split(".")[1:]
    prefixes = (".".join(inner[:length]) for length in range(len(inner), 0, -1))
    return next((prefix for prefix in prefixes if prefix in RANK), "")


def wrong_imports(tree: ast.AST, module: str) -> list[str]:
    part = part_of(module)
    room = module.split(".")[1] if "." in module else ""
    wrong = []
    for name in sorted(imports_of(tree, module)):
        banned = any(name == b or name.startswith(b + ".") for b in NOT_FOR.get(room, ()))
        other = part_of(name) if name.startswith("replications.") else None
        if banned or (other in RANK and other != part and RANK[other] > RANK[part]):
            wrong.append(f"{module} imports {name}")
    return wrong


def module_name(file: Path) -> str:
    parts = file.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = sorted(file for file in PACKAGE.rglob("*.py") if file != PACKAGE / "__init__.py")


@pytest.mark.parametrize("file", MODULES, ids=module_name)
def test_a_module_imports_only_what_comes_before_it(file):
    name = module_name(file)
    assert part_of(name) in RANK, f"give {name} its place in ORDER"
    module = f"{name}.__init__" if file.name == "__init__.py" else name
    assert wrong_imports(ast.parse(file.read_text(encoding="utf-8")), module) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("replications.layers.attention", "import lightning as L"),
        ("replications.models.skip_gram", "from lightning.pytorch import LightningModule"),
        ("replications.models.skip_gram", "from replications.corpora import load_corpus"),
        ("replications.models.skip_gram", "from ..objectives import word_vectors"),
        (
            "replications.corpora.world.analogies",
            "def draw():\n    from replications.papers import glove",
        ),
        ("replications.records", "from replications import training"),
        ("replications.records", "import replications.claims"),
    ],
)
def test_an_import_against_the_direction_is_found(module, source):
    assert len(wrong_imports(ast.parse(source), module)) == 1


def test_an_import_along_the_direction_is_let_through():
    source = "import torch\nfrom replications.models import skip_gram\nfrom . import ranking"
    assert wrong_imports(ast.parse(source), "replications.objectives.word_vectors") == []


def classes_in(tree: ast.AST) -> list[str]:
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


PAPERS = sorted((PACKAGE / "papers").glob("*/*.py"))


@pytest.mark.parametrize("file", PAPERS, ids=module_name)
def test_a_paper_holds_recipes_and_claims_and_no_class(file):
    assert classes_in(ast.parse(file.read_text(encoding="utf-8"))) == []


TRAINING_CALLS = {"backward", "zero_grad", "training_step", "Trainer", "manual_backward"}


def own_code(source: str) -> list[str]:
    """What a chapter's cell defines or trains by itself, instead of importing it."""
    # IPython's own lines are no Python; they define nothing.
    lines = [
        "pass" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()
    ]
    found = []
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.append(f"defines {node.name}")
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else None
            called = node.func.id if isinstance(node.func, ast.Name) else called
            if called in TRAINING_CALLS:
                found.append(f"calls {called}")
    return found


CHAPTERS = sorted(BOOK.glob("*.ipynb"))


@pytest.mark.parametrize("file", CHAPTERS, ids=lambda file: file.stem)
def test_a_chapter_defines_no_class_no_function_and_no_training_loop(file):
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert [own for source in code for own in own_code(source)] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class Model:\n    pass", ["defines Model"]),
        ("def train():\n    return 1", ["defines train"]),
        ("for batch in data:\n    loss(batch).backward()", ["calls backward"]),
        ("%matplotlib inline\nL.Trainer(max_epochs=1)", ["calls Trainer"]),
        ("!ls\nrecord = fit(recipe, seed=0)\nsorted(xs, key=lambda x: -x)", []),
    ],
)
def test_what_a_cell_does_by_itself_is_found(source, found):
    assert own_code(source) == found


FOLDERS = sorted({path.parent for path in PACKAGE.rglob("*.py")})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(PACKAGE)))
def test_a_folder_fits_on_a_screen(folder):
    assert len(list(folder.glob("*.py"))) <= 25
