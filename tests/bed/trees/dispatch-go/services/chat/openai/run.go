package openai

func Run(arguments ...any) {}
