"""Trained models: found by the hash of their content, built in a process of their own."""

import hashlib
import logging
import subprocess
import sys
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from escalation import risk_model
from escalation.risk_model import RiskModel
from knowledge import matcher_model
from knowledge.matcher_model import Model
from knowledge.variants import content_hash, load_variants

log = logging.getLogger(__name__)

HASH_SHOWN = 16
RISK_SOURCES = ("indicators.yaml", "data/risk-messages.jsonl")
"""What the risk model learns from, beside the ordinary phrasings of the FAQ."""


class TrainingFailed(Exception):
    """A training command that did not give a model. The message is Indonesian."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where the models for the packaged content are, or will be."""

    matcher: Path
    risk: Path


def model_files(folder: Path) -> ModelFiles:
    """Give the files of the models that fit the packaged content."""
    phrasings = content_hash(load_variants())
    words = [file.read_text("utf-8") for file in _word_files()]
    sources = [(files("escalation") / name).read_text("utf-8") for name in RISK_SOURCES]
    matcher = _hash(f"{matcher_model.FORMAT}", phrasings, *words)
    risk = _hash(f"{risk_model.FORMAT}", phrasings, *words, *sources)
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


def _word_files() -> list[Traversable]:
    found = (files("knowledge") / "words").iterdir()
    return sorted((file for file in found if file.is_file()), key=lambda file: file.name)
