"""How webhooks leave: what they may reach, and the key that signs them."""

from __future__ import annotations

from notifications.channels.web import Web, WebRules
from services.webhook_deliver import WebhookWay
from wiring.secret_key import secret_key
from wiring.settings import Settings, networks_in


def web_of(settings: Settings) -> Web:
    """The way out, within what the settings allow."""
    return Web(WebRules(settings.webhook_http, networks_in(settings.webhook_networks), settings.webhook_timeout))


def webhook_way(settings: Settings) -> WebhookWay:
    """The way out with the key and what is done about a lost answer."""
    return WebhookWay(web_of(settings), secret_key(settings), settings.public_url, settings.resend_ambiguous)
