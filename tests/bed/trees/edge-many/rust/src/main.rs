use async_openai::{config::OpenAIConfig, Client};
use crate::openai::prompts;
// use ollama_rs::Ollama;

mod openai;

fn main() {
    let hint = "use candle_core::Tensor;";
    let key = std::env::var("OPENAI_API_KEY").unwrap();
    let config = OpenAIConfig::new().with_api_key(key).with_api_base("https://api.openai.com/v1");
    let _ = (Client::with_config(config), prompts(), hint);
}
