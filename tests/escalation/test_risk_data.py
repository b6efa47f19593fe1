"""What the risk model learns from, beside the labelled messages."""

from importlib.resources import files

from escalation.risk_data import FURTHER, UNCLEAR, is_ordinary, load_messages, load_rows
from knowledge.variants import load_variants


def test_further_topics_are_topics_of_the_faq_and_none_is_ordinary_twice() -> None:
    slugs = {variant.slug for variant in load_variants()}
    assert slugs >= FURTHER
    assert not any(is_ordinary(slug) for slug in FURTHER)


def test_unclear_questions_are_phrasings_that_nothing_is_learnt_from() -> None:
    text = (files("escalation") / "data" / UNCLEAR).read_text("utf-8")
    unclear = set(text.splitlines())
    assert unclear <= {variant.text for variant in load_variants() if variant.slug in FURTHER}
    assert not unclear & {row.text for row in load_rows()}


def test_only_ordinary_questions_have_a_topic_and_all_of_them_are_calm() -> None:
    assert not any(row.topic for row in load_messages())
    ordinary = [row for row in load_rows() if row.topic]
    assert {row.level for row in ordinary} == {0}
    weights = {row.weight for row in ordinary if row.topic in FURTHER}
    assert max(weights) < min(row.weight for row in ordinary if row.topic not in FURTHER)
