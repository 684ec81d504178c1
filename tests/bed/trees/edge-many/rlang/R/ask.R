library(ellmer)
# library(torch)
chat <- ellmer::chat_openai(model = "gpt-4o")
answer <- httr2::request("https://api.deepseek.com/models")
label <- "see tensorflow::tf_config()"
