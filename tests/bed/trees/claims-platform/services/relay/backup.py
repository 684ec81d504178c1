import os

import requests

resource = os.environ["RESOURCE"]
FILES_URL = f"https://{resource}.blob.core.windows.net/claims"
OPEN_URL = f"https://{resource}/openai.azure.com"


def ask(question: str) -> requests.Response:
    url = f"https://{resource}.openai.azure.com/openai/responses"
    return requests.post(url, json=dict(model="GPT-4o mini", input=question), timeout=60)
