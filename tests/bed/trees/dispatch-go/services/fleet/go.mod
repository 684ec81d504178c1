module git.harbour.example/dispatch/fleet

go 1.24

require (
	github.com/getkin/kin-openapi v0.128.0
	go.uber.org/zap v1.27.0
)
