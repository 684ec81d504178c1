"""Signing in to Slack: with the token of an app that was installed for this.

Reference: https://docs.slack.dev/authentication/tokens
"""

from __future__ import annotations

from integrations.connector import Context
from integrations.keys import Key
from scanner.errors import ConfigError


def sign_in(context: Context) -> Key:
    """Return who asks Slack. Raises ConfigError for what is no token of an installed app."""
    token = context.settings.get("token", "")
    if not token.startswith(("xoxp-", "xoxb-", "xoxe.xoxp-", "xoxe.xoxb-")):
        raise ConfigError("slack: token has to be that of an installed app: xoxp-... or xoxb-...")
    # Somebody's name is on a user token, yet the lists of the administration hold the whole
    # organisation for whoever may read them at all.
    return Key({"Authorization": f"Bearer {token}"})
