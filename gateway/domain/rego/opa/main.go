// Command opa is OPA's Rego evaluator as a WebAssembly reactor (GOOS=wasip1, -buildmode=c-shared): policies come in as
// text, inputs as JSON, answers go out as numbers. It has no imports but those of WASI, and its host gives it none of
// the files and sockets that WASI knows, so a policy sees its input and nothing else.
//
// A call that traps or exits leaves the instance unusable: the host throws it away.
package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"unsafe"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

const (
	isFalse = 0
	isTrue  = 1
	failed  = -1
)

// Where the garbage collector begins to work harder; the memory of the module ends at 192 MiB (see build.ts).
const softMemoryLimit = 128 << 20

// What reaches out of a policy, tells about its host, or writes anywhere. A policy that calls one does not compile.
var withheld = map[string]bool{
	"http.send":              true,
	"net.lookup_ip_addr":     true,
	"opa.runtime":            true,
	"providers.aws.sign_req": true,
	"trace":                  true,
}

var (
	capabilities = restricted()
	policies     = map[uint32]rego.PreparedEvalQuery{}
	request      []byte
	message      []byte
)

func main() {}

func init() {
	debug.SetMemoryLimit(softMemoryLimit)
}

func restricted() *ast.Capabilities {
	all := ast.CapabilitiesForThisVersion(ast.CapabilitiesRegoVersion(ast.RegoV0))
	builtins := make([]*ast.Builtin, 0, len(all.Builtins))
	for _, builtin := range all.Builtins {
		if !withheld[builtin.Name] {
			builtins = append(builtins, builtin)
		}
	}
	all.Builtins = builtins
	// Schemas may name documents of other hosts.
	all.AllowNet = []string{}
	return all
}

// reserve gives the address of size bytes, into which the host writes before its next call.
//
//go:wasmexport reserve
func reserve(size uint32) unsafe.Pointer {
	if uint32(cap(request)) < size || cap(request) > 1<<20 {
		request = make([]byte, size, size+1)
	}
	request = request[:size]
	return unsafe.Pointer(unsafe.SliceData(request))
}

// prepare compiles the policy that stands in the reserved bytes after a query of queryLength bytes, and keeps it as id.
// Answers isTrue, or failed with a message.
//
//go:wasmexport prepare
func prepare(id uint32, queryLength uint32) int32 {
	query, text := string(request[:queryLength]), string(request[queryLength:])
	module, err := parse(text)
	if err != nil {
		return fail(err)
	}
	prepared, err := rego.New(
		rego.Query(query),
		rego.SetRegoVersion(ast.RegoV0),
		rego.Capabilities(capabilities),
		rego.ParsedModule(module),
	).PrepareForEval(context.Background())
	if err != nil {
		return fail(err)
	}
	policies[id] = prepared
	return isTrue
}

// evaluate answers isTrue when the query of policy id is exactly true for the JSON in the reserved bytes, isFalse when it
// is anything else or undefined, failed with a message when the evaluation ended in an error.
//
//go:wasmexport evaluate
func evaluate(id uint32) int32 {
	policy, known := policies[id]
	if !known {
		return fail(fmt.Errorf("policy %d is not prepared", id))
	}
	input, err := ast.ValueFromReader(bytes.NewReader(request))
	if err != nil {
		return fail(err)
	}
	results, err := policy.Eval(context.Background(), rego.EvalParsedInput(input))
	if err != nil {
		return fail(err)
	}
	if len(results) == 1 && len(results[0].Expressions) == 1 && results[0].Expressions[0].Value == true {
		return isTrue
	}
	return isFalse
}

// forget lets a policy go.
//
//go:wasmexport forget
func forget(id uint32) {
	delete(policies, id)
}

//go:wasmexport message_address
func messageAddress() unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(message))
}

//go:wasmexport message_size
func messageSize() uint32 {
	return uint32(len(message))
}

func fail(err error) int32 {
	message = []byte(err.Error())
	return failed
}

// parse reads Rego v0. Controllers of the platform print rules as `allow = true if { … }`, which v0 takes for an
// unconditional rule and one that is called "if"; the condition is what was meant, so "if" is a keyword then.
func parse(text string) (*ast.Module, error) {
	options := ast.ParserOptions{RegoVersion: ast.RegoV0, Capabilities: capabilities}
	module, err := ast.ParseModuleWithOpts("policy.rego", text, options)
	if err == nil && hasRuleCalledIf(module) {
		options.FutureKeywords = []string{"if"}
		module, err = ast.ParseModuleWithOpts("policy.rego", text, options)
	}
	if err != nil {
		return nil, err
	}
	if module == nil || strings.TrimSpace(text) == "" {
		return nil, fmt.Errorf("the policy is empty")
	}
	return module, nil
}

func hasRuleCalledIf(module *ast.Module) bool {
	if module == nil {
		return false
	}
	for _, rule := range module.Rules {
		for ; rule != nil; rule = rule.Else {
			if rule.Head.Ref()[0].Value.Compare(ast.Var("if")) == 0 {
				return true
			}
		}
	}
	return false
}
