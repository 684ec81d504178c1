import os

from openai import OpenAI

client = OpenAI(
    base_url="https://openrouter.ai/api/v1",
    api_key=os.getenv("OPENROUTER_API_KEY"),
)
answer = client.chat.completions.create(model="mistralai/mistral-large", messages=[])
