rootProject.name = "billing"
include("chat")
// include("openai")
