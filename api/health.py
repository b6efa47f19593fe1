"""Whether the product lives, whether it can store, and how long things wait."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse

from api.deps import SiteDep
from escalation import case_watch as watch
from handlers import balance, in_force, inbox, outbox, windows

router = APIRouter()


@router.get("/healthz")
def alive() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(site: SiteDep) -> JSONResponse:
    """Say whether a message can be stored now, and since when the oldest ones wait."""
    site.database.ping()
    now = site.clock()
    with site.database.read() as db:
        waiting, oldest = inbox.waiting(db)
        unsent = outbox.oldest_unsent(db)
        deliveries = outbox.summary(db)
        ladder = watch.ladder_state(db, now=now)
        refused = windows.refused_templates(db, now=now)
        unreadable = in_force.read(db).unreadable
    return JSONResponse(
        {
            "status": "ok",
            "messages_waiting": waiting,
            "oldest_message_seconds": (now - oldest).total_seconds() if oldest else 0,
            "oldest_delivery_seconds": (now - unsent).total_seconds() if unsent else 0,
            "deliveries": deliveries,
            "cases_without_reachable_owner": ladder.unreachable,
            "cases_at_desk": ladder.at_desk,
            "oldest_untaken_case_seconds": ladder.oldest_untaken_seconds,
            # The packaged values count instead.
            "settings_unreadable": list(unreadable),
            "templates_refused": [each.sentence(site.resources.texts) for each in refused],
        }
    )


@router.get("/metrics")
def metrics(site: SiteDep) -> PlainTextResponse:
    """Give the counters in Prometheus' text format; identifiers only."""
    with site.database.read() as db:
        taken = balance.tally(db)
        deliveries = outbox.summary(db)
        lost_answers = outbox.lost_answers(db)
        ladder = watch.ladder_state(db, now=site.clock())
    lines = [
        "# TYPE pimpasa_messages_received_total counter",
        f"pimpasa_messages_received_total {taken.received}",
        "# TYPE pimpasa_messages_waiting gauge",
        f"pimpasa_messages_waiting {taken.waiting}",
        "# TYPE pimpasa_messages_ended_total counter",
        *(
            f'pimpasa_messages_ended_total{{ending="{ending}"}} {count}'
            for ending, count in sorted(taken.endings.items())
        ),
        "# TYPE pimpasa_deliveries gauge",
        *(
            f'pimpasa_deliveries{{status="{status}"}} {count}'
            for status, count in sorted(deliveries.items())
        ),
        "# TYPE pimpasa_deliveries_possibly_twice_total counter",
        f"pimpasa_deliveries_possibly_twice_total {lost_answers}",
        "# TYPE pimpasa_webhook_calls_refused_total counter",
        *(
            f'pimpasa_webhook_calls_refused_total{{channel="{channel}",reason="{reason}"}} {count}'
            for (channel, reason), count in sorted(site.refused.items())
        ),
        "# TYPE pimpasa_cases_without_reachable_owner gauge",
        f"pimpasa_cases_without_reachable_owner {ladder.unreachable}",
        "# TYPE pimpasa_cases_at_desk gauge",
        f"pimpasa_cases_at_desk {ladder.at_desk}",
        "# TYPE pimpasa_oldest_untaken_case_seconds gauge",
        f"pimpasa_oldest_untaken_case_seconds {ladder.oldest_untaken_seconds:.0f}",
    ]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")
