import litellm
from litellm import completion

MODELS = {"fast": "groq/llama-3.1-8b-instant"}


def ask(question: str) -> str:
    completion(model="gemini/gemini-1.5-flash", messages=[])
    return litellm.completion(model="anthropic/claude-3-5-sonnet-20241022", messages=[])
