"""The forms of the settings: what is shown in their fields, and what was typed into them."""

from api.auth import Posted
from escalation.policy_limits import TimeLimits, read_clock
from escalation.policy_values import WORKING_DAYS, Value, Values
from handlers.hotlines import Danger
from handlers.setting_versions import Section

MAX_CHARS = 40


def fields_of(section: Section, values: Values, *, limits: TimeLimits) -> dict[str, list[str]]:
    """Give the fields of a form that holds these values, in the units people type."""
    found = {key: [str(value)] for key, value in values.items()}
    if section == Section.TIMES:
        for limit in (limit for group in limits.groups for limit in group.limits):
            value = values[limit.key]
            if isinstance(value, int):
                # What does not fill the unit shows as a fraction, and is refused until mended.
                found[limit.key] = [f"{value / limit.minutes:g}".replace(".", ",")]
        found[WORKING_DAYS] = str(values[WORKING_DAYS]).split()
    return found


def read_values(section: Section, form: Posted, *, limits: TimeLimits) -> dict[str, Value]:
    """Give what was typed; what is no number or time stays a text, for a fault to name it."""
    if section == Section.NUMBERS:
        return {danger: form.text(danger, most=MAX_CHARS) for danger in map(str, Danger)}
    found: dict[str, Value] = {}
    for limit in (limit for group in limits.groups for limit in group.limits):
        text = form.text(limit.key, most=MAX_CHARS)
        is_number = text.isascii() and text.isdecimal()
        found[limit.key] = int(text) * limit.minutes if is_number else text
    for clock in limits.clocks:
        text = form.text(clock.key, most=MAX_CHARS)
        found[clock.key] = read_clock(text) or text
    chosen = set(form.fields().get(WORKING_DAYS, ()))
    found[WORKING_DAYS] = " ".join(day for day in limits.days if day in chosen)
    return found


def typed(values: Values, form: Posted) -> dict[str, list[str]]:
    """Give the fields just as they were typed, for a form that is shown again."""
    given = form.fields()
    return {key: given.get(key, [""]) for key in values}
