package llms

import "github.com/liushuangls/go-anthropic/v2"
