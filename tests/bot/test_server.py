"""A process that has pages alone, without workers, keeps up with what others change."""

import asyncio
from datetime import timedelta

from fastapi import FastAPI

from bot.app import App
from bot.server import keep_fresh
from escalation.risk import Level
from handlers.setting_models import SettingVersion

PATIENCE = 1_000
"""Looks at a hundredth of a second each; the first round comes at once."""


def rung(app: App) -> timedelta | None:
    return app.resources.deadlines.rule(Level.TINGGI, is_request=False).rung


def test_pages_alone_use_a_setting_that_another_process_stored(app: App) -> None:
    with app.database.write() as work:
        content = '{"tinggi.tiap_anak_tangga": 20}'
        row = SettingVersion(
            section="waktu", number=1, content=content, account_id=1, who="Ani", at=app.clock()
        )
        work.db.add(row)
        work.commit()
    assert rung(app) == timedelta(minutes=30)

    async def serve() -> None:
        async with keep_fresh(app)(FastAPI()):
            for _ in range(PATIENCE):
                if rung(app) != timedelta(minutes=30):
                    return
                await asyncio.sleep(0.01)

    asyncio.run(serve())
    assert rung(app) == timedelta(minutes=20)
