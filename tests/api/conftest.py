"""The rooms over a filled database."""

import pytest

from bot.app import App, seed
from knowledge.lint import Content
from knowledge.variants import Variant
from tests.api.rooms import Browser, add_account


@pytest.fixture
def visitor(app: App) -> Browser:
    """A browser at a server that is set up for real use: admins need a second factor."""
    return Browser(app, is_demo=False)


@pytest.fixture
def filled(app: App, packaged_faq: tuple[Content, tuple[Variant, ...]]) -> App:
    """The product with the packaged FAQ in its database, an admin and an editor."""
    content, variants = packaged_faq
    seed(app.database, clock=app.clock, content=content, variants=variants)
    add_account(app, "admin")
    add_account(app, "editor")
    return app


@pytest.fixture
def editor(filled: App) -> Browser:
    """An editor who is signed in."""
    visitor = Browser(filled)
    visitor.sign_in("editor")
    return visitor


@pytest.fixture
def admin(filled: App) -> Browser:
    """An admin who is signed in, at a demonstration."""
    visitor = Browser(filled)
    visitor.sign_in("admin")
    return visitor
