"""Reading phrasings."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.variants import (
    OUT_OF_SCOPE,
    SMALL_TALK,
    VariantError,
    content_hash,
    load_variants,
)

GOOD = '{"slug": "paspor-biaya", "text": "berapa?", "lang": "id", "register": "santai"}'


def test_packaged_phrasings_cover_every_entry() -> None:
    variants = load_variants()
    slugs = {variant.slug for variant in variants}
    assert {OUT_OF_SCOPE, SMALL_TALK} <= slugs
    assert len(slugs) == 117 + 2
    regional = [variant for variant in variants if variant.lang != "id"]
    assert regional
    assert not any(variant.reviewed for variant in regional)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        (GOOD.replace("berapa?", " "), "text is missing or empty"),
        (GOOD.replace('"slug": "paspor-biaya", ', ""), "slug is missing"),
        (GOOD.replace("santai", "lucu"), "register 'lucu'"),
        (GOOD.replace("berapa?", "a" * 1_001), "longer than"),
        (GOOD, "same slug and text as a.variants.jsonl:1"),
        (GOOD.replace("}", ', "reviewed": 1}').replace("berapa", "apa"), "reviewed is not"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, problem: str) -> None:
    (tmp_path / "a.variants.jsonl").write_text(f"{GOOD}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(VariantError, match=r"^a\.variants\.jsonl:3: ") as caught:
        load_variants(tmp_path)
    assert problem in str(caught.value)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(VariantError, match="no "):
        load_variants(tmp_path)


def test_content_hash_ignores_order_and_sees_edits() -> None:
    variants = load_variants()[:5]
    assert content_hash(variants) == content_hash(variants[::-1])
    assert content_hash(variants) != content_hash(variants[1:])
