"""Matching with a model trained on a part of the packaged phrasings."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.followup import FollowUp
from knowledge.matcher import Matcher
from knowledge.matcher_model import Model, ModelError
from knowledge.text import Words
from knowledge.training import train
from knowledge.variants import OUT_OF_SCOPE, SMALL_TALK, Variant, load_variants

TOPICS = ("paspor-", "kontak-", "luar-gaji", OUT_OF_SCOPE, SMALL_TALK)


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load()


@pytest.fixture(scope="module")
def variants() -> tuple[Variant, ...]:
    """Every second phrasing of some entries: enough to learn from, quick to train."""
    chosen = [variant for variant in load_variants() if variant.slug.startswith(TOPICS)]
    return tuple(chosen[::2])


@pytest.fixture(scope="module")
def model(words: Words, variants: tuple[Variant, ...]) -> Model:
    return train(variants, words=words, progress=lambda share, note: None)


@pytest.fixture(scope="module")
def matcher(model: Model, words: Words, variants: tuple[Variant, ...]) -> Matcher:
    return Matcher(model, words, variants)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("paspor saya hilang di pasar, bagaimana mengurusnya", "paspor-hilang"),
        ("brp biaya bikin paspor elektronik 10 th", "paspor-biaya"),
        ("assalamualaikum pak mau tanya paspor sobek kena banjir gmn", "paspor-rusak"),
        ("gajiku ora dibayar majikan telung sasi", "luar-gaji-tidak-dibayar"),
    ],
)
def test_match(matcher: Matcher, text: str, slug: str) -> None:
    found = matcher.match(text)
    assert found.candidates[0].slug == slug
    assert any(reason.startswith("mirip: ") for reason in found.why)
    assert any(reason.startswith("kata: ") for reason in found.why)


def test_probabilities(matcher: Matcher) -> None:
    found = matcher.match("berapa lama paspor jadi")
    scores = [candidate.score for candidate in found.candidates]
    assert len(scores) >= 5
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) + found.out_of_scope + found.small_talk <= 1 + 1e-9
    slugs = {candidate.slug for candidate in found.candidates}
    assert not slugs & {OUT_OF_SCOPE, SMALL_TALK}


@pytest.mark.parametrize("text", ["", "🙏🙏", "... !!", "\u200b"])
def test_without_words(matcher: Matcher, text: str) -> None:
    found = matcher.match(text)
    assert len(found.candidates) >= 5
    assert found.candidates[0].score == 0
    assert found.why == ("pesan kosong atau tanpa kata",)


def test_greeting(matcher: Matcher) -> None:
    assert matcher.match("halo pak").small_talk > 0.5


def test_saved_model_decides_alike(
    model: Model, words: Words, variants: tuple[Variant, ...], matcher: Matcher, tmp_path: Path
) -> None:
    model.save(tmp_path / "model.npz")
    again = Matcher(Model.load(tmp_path / "model.npz"), words, variants)
    for text in ("paspor hilang", "ijazah ditahan agen", "harga cabai"):
        before, after = matcher.match(text), again.match(text)
        assert [c.slug for c in before.candidates] == [c.slug for c in after.candidates]
        scores = [c.score for c in before.candidates]
        assert scores == pytest.approx([c.score for c in after.candidates], abs=5e-3)
    assert list(tmp_path.iterdir()) == [tmp_path / "model.npz"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"text"])
def test_a_damaged_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.npz"
    file.write_bytes(content)
    with pytest.raises(ModelError, match="train again"):
        Model.load(file)
    with pytest.raises(ModelError, match="train again"):
        Model.load(tmp_path / "missing.npz")


def test_training_repeats_itself(model: Model, words: Words, variants: tuple[Variant, ...]) -> None:
    again = train(variants, words=words, progress=lambda share, note: None)
    assert again.content == model.content
    assert again.classes == model.classes
    for one, other in zip(model.nets, again.nets, strict=True):
        np.testing.assert_array_equal(one.inward, other.inward)
    np.testing.assert_array_equal(model.mixture, again.mixture)


def test_new_phrasing_works_at_once(
    model: Model, words: Words, variants: tuple[Variant, ...]
) -> None:
    text = "stempel zamrud kelinci harus dibawa ke mana"
    new = Variant("paspor-cekal", text, "id", "santai")
    found = Matcher(model, words, (*variants, new)).match(text)
    assert found.candidates[0].slug == "paspor-cekal"
    assert found.candidates[0].score > 0.9
    assert found.why[0] == f'mirip: "{text}"'


def test_new_entry_works_at_once(model: Model, words: Words, variants: tuple[Variant, ...]) -> None:
    new = Variant("paspor-museum", "apakah ada museum paspor kuno", "id", "santai")
    found = Matcher(model, words, (*variants, new)).match("museum paspor kuno ada")
    assert found.candidates[0].slug == "paspor-museum"


def test_moved_phrasing_follows_its_new_entry(
    model: Model, words: Words, variants: tuple[Variant, ...]
) -> None:
    old = next(variant for variant in variants if variant.slug == "paspor-biaya")
    moved = replace(old, slug="paspor-calo")
    kept = tuple(moved if variant is old else variant for variant in variants)
    assert Matcher(model, words, kept).match(old.text).candidates[0].slug == "paspor-calo"


def test_withdrawn_entry_is_never_offered(
    model: Model, words: Words, variants: tuple[Variant, ...]
) -> None:
    kept = tuple(variant for variant in variants if variant.slug != "paspor-hilang")
    found = Matcher(model, words, kept).match("paspor saya hilang")
    assert "paspor-hilang" not in {candidate.slug for candidate in found.candidates}


def test_fragment_leans_on_the_question_before(matcher: Matcher) -> None:
    alone = matcher.match("dendanya?")
    after = FollowUp(0.5, (("paspor saya hilang di terminal", 0.5),), {})
    together = matcher.match("dendanya?", follow_up=after)
    chance = {c.slug: c.score for c in together.candidates}["paspor-hilang"]
    before = {c.slug: c.score for c in alone.candidates}.get("paspor-hilang", 0.0)
    assert chance > before
    assert "dibaca bersama pertanyaan sebelumnya" in together.why


@pytest.mark.parametrize(
    "text",
    [
        "paspor hilang gimana",
        "apa itu e-paspor",
        "paspor saya rusak kena air",
        "nomor polisi berapa",
        "paspor saya hilang",
        "suwun nggih pak",
    ],
)
def test_what_is_clear_ignores_the_question_before(matcher: Matcher, text: str) -> None:
    after = FollowUp(0.5, (("gaji saya tidak dibayar majikan", 0.5),), {})
    assert matcher.match(text) == matcher.match(text, follow_up=after)


def test_serving_does_not_load_the_training_libraries() -> None:
    program = (
        "import sys, knowledge.matcher, knowledge.answer;"
        "print([name for name in ('sklearn', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
