"""Batch verbs: JSON Lines in, one JSON line out for each, in order; a broken line goes on."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from bot.app import load_thinking
from bot.clock import utc_now
from bot.settings import Settings
from escalation.risk import RiskEngine
from escalation.risk import as_json as risk_json
from handlers.database import Database
from handlers.resources import Knowledge
from knowledge.answer import AnswerPolicy, choose
from knowledge.answer import as_json as decision_json
from knowledge.places import Gazetteer
from knowledge.places import as_json as place_json

Answerer = Callable[[dict[str, Any]], dict[str, Any]]


class BadLine(ValueError):
    """An input line that does not have what its verb needs."""


def run(lines: Iterable[str], answer: Answerer) -> None:
    """Answer each line on stdout."""
    for line in lines:
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            if not isinstance(raw, dict):
                raise BadLine("a line must be a JSON object")
            result = answer(raw)
        except (ValueError, RecursionError) as error:
            result = {"error": str(error)}
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def text_of(raw: dict[str, Any], key: str = "text") -> str:
    """Give a required text. Raises BadLine."""
    value = raw.get(key)
    if not isinstance(value, str):
        raise BadLine(f'"{key}" must be a text')
    return value


def ask(knowledge: Knowledge) -> Answerer:
    """Answer `{"text"}` with the FAQ's decision."""
    policy = AnswerPolicy()
    return lambda raw: decision_json(choose(knowledge.matcher.match(text_of(raw)), policy=policy))


def assess(risk: RiskEngine) -> Answerer:
    """Answer `{"text"}` or `{"messages"}` with the danger that was read."""

    def answer(raw: dict[str, Any]) -> dict[str, Any]:
        messages = raw.get("messages")
        if messages is None:
            messages = [text_of(raw)]
        if not isinstance(messages, list) or not all(isinstance(m, str) for m in messages):
            raise BadLine('"messages" must be a list of texts')
        return risk_json(risk.assess(messages))

    return answer


def locate(places: Gazetteer) -> Answerer:
    """Answer `{"text"}` with the place it names."""
    return lambda raw: place_json(places.locate(text_of(raw)))


def answerer(verb: str, settings: Settings, *, database_url: str | None) -> Answerer:
    """Build what a verb needs and nothing more."""
    if verb == "locate":
        return locate(Gazetteer.load())
    database = Database(database_url) if database_url else None
    thinking = load_thinking(settings.models_dir, database=database, clock=utc_now)
    return ask(thinking.knowledge) if verb == "ask" else assess(thinking.risk)
