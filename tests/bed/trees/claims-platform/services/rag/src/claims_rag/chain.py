from claims_rag.anthropic import client
from langchain_openai import ChatOpenAI

URL = "https://api.deepseek.com/v1"
chat = ChatOpenAI(model="deepseek-chat", base_url=URL)
print(client, chat)
