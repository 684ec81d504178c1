resource "azurerm_cognitive_deployment" "chat" {
  name = "chat"
  model {
    format = "OpenAI"
    name   = "gpt-4o"
  }
}

# resource "aws_bedrockagent_agent" "old" { foundation_model = "anthropic.claude-v2" }

resource "aws_ecs_task_definition" "chat" {
  container_definitions = jsonencode([{
    image       = "ollama/ollama:0.5.4"
    environment = [{ name = "OPENAI_API_KEY", value = var.key }]
  }])
}

resource "aws_bedrockagent_agent" "help" {
  foundation_model = "anthropic.claude-3-5-sonnet-20240620-v1:0"
}
