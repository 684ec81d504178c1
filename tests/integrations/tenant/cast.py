"""Which applications and services every seeded tenant has, and what they have to be found as."""

from __future__ import annotations

from typing import NamedTuple


class AiApp(NamedTuple):
    """An application that is AI, how that can be told, and the product that it has to be found as."""

    name: str
    product: str
    client_id: str = ""
    host: str = ""


AI = (
    AiApp("ChatGPT", "openai/chatgpt", client_id="e0476654-c1d5-430b-ab80-70cbd947616a"),
    AiApp("Claude", "anthropic/claude", client_id="08ad6f98-a4f8-4635-bb8d-f1a3044760f0"),
    AiApp("Assistant connector", "anthropic/claude", host="claude.ai"),
    AiApp("Perplexity", "perplexity/perplexity", host="perplexity.ai"),
    AiApp("Otter", "otter-ai/otter", host="otter.ai"),
    AiApp("Fireflies", "fireflies/fireflies", host="fireflies.ai"),
    AiApp("Read", "read-ai/read-ai", host="read.ai"),
    AiApp("Grammarly", "grammarly/grammarly", host="grammarly.com"),
    AiApp("Jasper", "jasper/jasper", host="jasper.ai"),
    AiApp("Midjourney", "midjourney/midjourney", host="midjourney.com"),
    AiApp("Gamma", "gamma/gamma", host="gamma.app"),
    AiApp("Cursor", "anysphere/cursor", host="cursor.com"),
    AiApp("ElevenLabs", "elevenlabs/elevenlabs", host="elevenlabs.io"),
    AiApp("Synthesia", "synthesia/synthesia", host="synthesia.io"),
    AiApp("Copy", "copy-ai/copy-ai", host="copy.ai"),
    AiApp("Writer", "writer/writer", host="writer.com"),
    AiApp("Fathom", "fathom/fathom", host="fathom.video"),
    AiApp("tl;dv", "tldv/tldv", host="tldv.io"),
    AiApp("Krisp", "krisp/krisp", host="krisp.ai"),
    AiApp("Glean", "glean/glean", host="glean.com"),
)
# Services that grant permissions to applications: Microsoft's own, and some of the tenant's.
SERVICES = (
    ("Microsoft Graph", "00000003-0000-0000-c000-000000000000"),
    ("Office 365 Exchange Online", "00000002-0000-0ff1-ce00-000000000000"),
    ("Office 365 SharePoint Online", "00000003-0000-0ff1-ce00-000000000000"),
    ("Office 365 Management APIs", "c5393580-f805-4401-95e8-94b7a6ef2fc2"),
    ("Power BI Service", "00000009-0000-0000-c000-000000000000"),
    ("Dataverse", "00000007-0000-0000-c000-000000000000"),
)
OWN_SERVICES = 24
# Names that sound like AI, and nothing else that does: candidates at most.
SOUNDING = ("ChatGPT helper", "Claude Monet Gallery", "OpenAI reader")
