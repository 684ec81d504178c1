"""How requests to OpenAI are signed: an admin key, and the organisation that it has to be of."""

from __future__ import annotations

from integrations.connector import Context
from integrations.keys import Key


def sign_in(context: Context) -> Key:
    """Return the key. With an organisation named, OpenAI refuses a key of any other."""
    headers = {"Authorization": f"Bearer {context.settings['admin_key']}"}
    if named := context.settings.get("tenant"):
        headers["OpenAI-Organization"] = named
    return Key(headers)
