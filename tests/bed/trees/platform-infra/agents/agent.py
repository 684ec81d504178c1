import os

from openai import AzureOpenAI

MODEL = "gpt-4o"
client = AzureOpenAI(
    azure_endpoint="https://harbour.openai.azure.com",
    api_key=os.environ["AZURE_OPENAI_API_KEY"],
)
