use ollama_rs::Ollama;
