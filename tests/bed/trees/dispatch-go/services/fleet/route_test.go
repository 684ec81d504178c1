package fleet

import "github.com/tmc/langchaingo/llms"
