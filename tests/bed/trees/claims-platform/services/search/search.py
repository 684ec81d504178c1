from sentence_transformers import SentenceTransformer
import chromadb
import openai

ENCODER = "BAAI/bge-m3"
model = SentenceTransformer(ENCODER)
store = chromadb.HttpClient(host="chroma")
