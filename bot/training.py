"""Trained models: found by the hash of content and recipe, built in a process of their own."""

import hashlib
import logging
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from escalation.risk_model import RiskModel
from knowledge.matcher_model import Model
from knowledge.variants import content_hash, load_variants

log = logging.getLogger(__name__)

HASH_SHOWN = 16
RISK_SOURCES = (
    "indicators.yaml",
    "data/risk-messages.jsonl",
    "data/risk-limits.json",
    "data/unclear-questions.txt",
)
"""What the risk model learns from, beside the ordinary phrasings of the FAQ."""

# The code that both models are made with, and that of each: another recipe gives another model.
SHARED_CODE = ("text*.py", "net_steps.py")
MATCHER_CODE = ("matcher_*.py", "neighbours.py", "training.py")
RISK_CODE = ("risk_*.py",)


class TrainingFailed(Exception):
    """A training command that did not give a model. The message is Indonesian."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where the models for the packaged content are, or will be."""

    matcher: Path
    risk: Path


def model_files(folder: Path) -> ModelFiles:
    """Give the files of the models that fit the packaged content."""
    variants = load_variants()
    # How much a phrasing counts in training depends on its register.
    registers = sorted(
        f"{variant.slug}\t{variant.text}\t{variant.register}" for variant in variants
    )
    phrasings = _hash(content_hash(variants), *registers)
    words = [file.read_text("utf-8") for file in _word_files()]
    sources = [(files("escalation") / name).read_text("utf-8") for name in RISK_SOURCES]
    shared = [*words, *_code("knowledge", SHARED_CODE)]
    matcher = _hash(phrasings, *shared, *_code("knowledge", MATCHER_CODE))
    risk = _hash(phrasings, *shared, *sources, *_code("escalation", RISK_CODE))
    return ModelFiles(folder / f"matcher-{matcher}.npz", folder / f"risk-{risk}.npz")


def ensure_models(folder: Path, *, again: bool = False) -> ModelFiles:
    """Train what is missing (everything with `again`) and give the files. Raises TrainingFailed.

    Takes about a minute on two cores; progress goes to stderr.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = model_files(folder)
    steps = [("knowledge.training", found.matcher), ("escalation.risk_training", found.risk)]
    running = [
        (module, subprocess.Popen([sys.executable, "-m", module, "--out", str(file)], stdout=2))
        for module, file in steps
        if again or not file.exists()
    ]
    for module, process in running:
        if process.wait() != 0:
            raise TrainingFailed(f"Pelatihan {module} gagal (kode {process.returncode}).")
    return found


def load_models(files: ModelFiles) -> tuple[Model, RiskModel]:
    """Load both models."""
    return Model.load(files.matcher), RiskModel.load(files.risk)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:HASH_SHOWN]


def _code(package: str, patterns: tuple[str, ...]) -> list[str]:
    """Give the text of a package's modules whose name fits one of the patterns."""
    found = [
        file for file in files(package).iterdir() if any(fnmatch(file.name, p) for p in patterns)
    ]
    return [file.read_text("utf-8") for file in sorted(found, key=lambda file: file.name)]


def _word_files() -> list[Traversable]:
    found = (files("knowledge") / "words").iterdir()
    lists = (file for file in found if file.name.endswith((".csv", ".txt")))
    return sorted(lists, key=lambda file: file.name)
