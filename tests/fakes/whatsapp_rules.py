"""What Meta refuses in a request to send, and the errors it gives, after its own pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.whatsapp_payloads import width

STATUSES = {0: 401, 10: 403, 190: 401, 200: 403, 131000: 500, 131016: 503, 133004: 503}
"""HTTP status beside an error's number; 400 with all others."""

REFUSED_STATES = {
    **dict.fromkeys(("PENDING", "REJECTED", "IN_APPEAL"), 132001),
    "PAUSED": 132015,
    "DISABLED": 132016,
}
"""Error of a template that is not approved. Meta, "Error codes"."""

TEMPLATE_FIELDS = {"id", "name", "status", "language", "category", "rejected_reason"}

TOP = {"messaging_product", "recipient_type", "to", "recipient", "type", "context"}
RECEIPT = {"messaging_product", "status", "message_id", "typing_indicator"}


@dataclass(frozen=True, slots=True)
class Template:
    """A message that Meta approved: how many parameters and quick-reply buttons it has."""

    parameters: int = 0
    quick_replies: int = 0
    language: str = "id"
    status: str = "APPROVED"


class Refusal(Exception):
    """One of Meta's errors."""

    def __init__(
        self,
        code: int,
        details: str,
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
    ) -> None:
        self.code = code
        self.details = details
        self.headers = dict(headers or {})
        self.http_status = status or STATUSES.get(code, 400)
        super().__init__(code)

    def body(self) -> dict[str, Any]:
        return {
            "error": {
                "message": f"(#{self.code}) {self.details}",
                "type": "OAuthException",
                "code": self.code,
                "error_data": {"messaging_product": "whatsapp", "details": self.details},
                "fbtrace_id": "AxBxCxDx",
            }
        }


def check(payload: Any, templates: Mapping[str, Template]) -> None:
    """Raise Refusal for a message that Meta would not take."""
    need(isinstance(payload, dict), 100, "not an object")
    need(payload.get("messaging_product") == "whatsapp", 100, "messaging_product")
    need(payload.get("recipient_type") in (None, "individual"), 100, "recipient_type")
    kind = payload.get("type", "text")
    need(kind in CHECKS, 100, f"type {kind}")
    need(set(payload) <= TOP | {kind}, 100, f"unknown {sorted(set(payload) - TOP - {kind})}")
    address = payload.get("to", payload.get("recipient"))
    need(isinstance(address, str) and bool(address), 131008, "to or recipient")
    need(isinstance(payload.get(kind), dict), 131008, kind)
    if kind == "template":
        _template(payload[kind], templates)
    else:
        CHECKS[kind](payload[kind])


def check_receipt(payload: Mapping[str, Any], known: set[str]) -> None:
    """Raise Refusal for a read receipt that Meta would not take."""
    need(set(payload) <= RECEIPT, 100, "unknown parameter")
    need(payload.get("messaging_product") == "whatsapp", 100, "messaging_product")
    need(payload.get("status") == "read", 100, "status")
    need(payload.get("message_id") in known, 131009, "message_id")
    need(payload.get("typing_indicator", {"type": "text"}) == {"type": "text"}, 100, "typing")


def check_template_query(query: Mapping[str, str]) -> list[str]:
    """Give the fields asked for. Raise Refusal for a question that Meta would not answer."""
    need(set(query) <= {"name", "status", "language", "fields", "limit"}, 100, "unknown parameter")
    need(query.get("limit", "25").isdigit(), 100, "limit")
    fields = query.get("fields", "name,status,language").split(",")
    need(set(fields) <= TEMPLATE_FIELDS, 100, "Tried accessing nonexisting field")
    return ["id", *fields]


def need(holds: bool, code: int, details: str) -> None:
    if not holds:
        raise Refusal(code, details)


def _string(value: Any, most: int, what: str) -> str:
    need(isinstance(value, str) and bool(value.strip()), 131008, f"{what} is missing")
    assert isinstance(value, str)
    need(width(value) <= most, 131009, f"{what} is longer than {most}")
    return value


def _only(part: Mapping[str, Any], allowed: set[str], what: str) -> None:
    need(isinstance(part, dict) and set(part) <= allowed, 100, f"{what}: unknown parameter")


def _text(part: Mapping[str, Any]) -> None:
    _only(part, {"body", "preview_url"}, "text")
    body = part.get("body")
    need(isinstance(body, str) and bool(body), 131008, "text.body")
    need(width(str(body)) <= 4096, 100, "text.body is longer than 4096")


def _interactive(part: Mapping[str, Any]) -> None:
    _only(part, {"type", "header", "body", "footer", "action"}, "interactive")
    kind, action = part.get("type"), part.get("action")
    need(kind in INTERACTIVE, 131009, "interactive.type")
    need(isinstance(action, dict), 131008, "interactive.action")
    _only(part.get("body", {}), {"text"}, "body")
    _string(part.get("body", {}).get("text"), 4096 if kind == "list" else 1024, "body")
    INTERACTIVE[str(kind)](action)  # type: ignore[arg-type]


def _buttons(action: Mapping[str, Any]) -> None:
    _only(action, {"buttons"}, "action")
    buttons = action.get("buttons")
    need(isinstance(buttons, list) and 1 <= len(buttons) <= 3, 131009, "1 to 3 buttons")
    assert isinstance(buttons, list)
    for button in buttons:
        _only(button, {"type", "reply"}, "button")
        need(button.get("type") == "reply", 131009, "button.type")
        _only(button.get("reply"), {"id", "title"}, "reply")
        _string(button["reply"].get("id"), 256, "button id")
        _string(button["reply"].get("title"), 20, "button title")
    for key in ("id", "title"):
        need(len({b["reply"][key] for b in buttons}) == len(buttons), 131009, f"{key} twice")


def _list(action: Mapping[str, Any]) -> None:
    _only(action, {"button", "sections"}, "action")
    _string(action.get("button"), 20, "list button")
    sections = action.get("sections")
    need(isinstance(sections, list) and 1 <= len(sections) <= 10, 131009, "1 to 10 sections")
    assert isinstance(sections, list)
    rows = []
    for section in sections:
        _only(section, {"title", "rows"}, "section")
        if len(sections) > 1 or "title" in section:
            _string(section.get("title"), 24, "section title")
        need(isinstance(section.get("rows"), list), 131008, "rows")
        rows += section["rows"]
    need(1 <= len(rows) <= 10, 131009, "1 to 10 rows")
    for row in rows:
        _only(row, {"id", "title", "description"}, "row")
        _string(row.get("id"), 200, "row id")
        _string(row.get("title"), 24, "row title")
        if "description" in row:
            _string(row["description"], 72, "row description")
    need(len({row["id"] for row in rows}) == len(rows), 131009, "row id twice")


def _location_request(action: Mapping[str, Any]) -> None:
    need(action == {"name": "send_location"}, 131009, "action.name")


def _template(part: Mapping[str, Any], templates: Mapping[str, Template]) -> None:
    _only(part, {"name", "language", "components"}, "template")
    known = templates.get(str(part.get("name")))
    need(known is not None and part.get("language") == {"code": known.language}, 132001, "name")
    assert known is not None
    need(known.status not in REFUSED_STATES, REFUSED_STATES.get(known.status, 0), known.status)
    components = part.get("components", [])
    bodies = [c for c in components if c.get("type") == "body"]
    buttons = [c for c in components if c.get("type") == "button"]
    need(len(bodies) + len(buttons) == len(components), 100, "component type")
    texts = [p for body in bodies for p in body.get("parameters", [])]
    need(len(texts) == known.parameters, 132000, f"{known.parameters} parameters expected")
    for parameter in texts:
        need(parameter.get("type") == "text", 132012, "parameter type")
        text = _string(parameter.get("text"), 1024, "parameter")
        need(not any(bad in text for bad in ("\n", "\t", "     ")), 132018, "line break")
    for index, button in enumerate(buttons):
        need(index < known.quick_replies, 132018, "no such button")
        need(button.get("sub_type") == "quick_reply", 132018, "sub_type")
        need(button.get("index") == str(index), 132018, "index")
        (parameter,) = button.get("parameters", [{}])
        need(parameter.get("type") == "payload", 132018, "button parameter")
        _string(parameter.get("payload"), 128, "payload")


Check = Callable[[Mapping[str, Any]], None]
CHECKS: dict[str, Check] = {"text": _text, "interactive": _interactive, "template": lambda _: None}
INTERACTIVE: dict[str, Check] = {
    "button": _buttons,
    "list": _list,
    "location_request_message": _location_request,
}
