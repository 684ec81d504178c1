"""One request over our own client, and its answer read to the end, whatever comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from integrations.answers import Answer
from integrations.bodies import CutOff, Unfit, body_of, decoded
from integrations.connector import Meaning, Stopped, Trouble

if TYPE_CHECKING:
    import httpx2


def send(
    client: httpx2.Client,
    method: str,
    address: str,
    headers: Mapping[str, str],
    content: bytes | None,
    most: int,
) -> Answer:
    """Return the answer to a request, of ``most`` bytes; one of status 0 where none came.

    Raises Stopped for what cannot be sent, and for an answer that is not read to its end.
    """
    import httpx2

    named = {"Accept-Encoding": "gzip", **headers}
    try:
        with client.stream(method, address, headers=named, content=content) as response:
            data = body_of(response, most)
            answered = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, answered, data, decoded(data))
    except (httpx2.LocalProtocolError, UnicodeEncodeError) as error:
        # What it says quotes the header, and with it the key.
        wrong = "the key, or another header, holds characters that none may hold"
        raise Stopped(Meaning(Trouble.WRONG, wrong)) from error.with_traceback(None)
    except CutOff as error:
        return Answer(0, {}, str(error).encode(), None)
    except Unfit as error:
        raise Stopped(Meaning(Trouble.WRONG, str(error))) from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        text = f"{type(error).__name__}: {error}"[:300]
        return Answer(0, {}, text.encode("utf-8", "replace"), None)
