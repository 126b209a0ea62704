//go:build !linux

package agent

import (
	"runtime"
	"syscall"
)

func groupOfItsOwn() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

func sessionWithTerminal() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Setctty: true}
}

// marked finds nothing where the system does not show other processes' environment; groups are killed all the same.
func marked(string) []int { return nil }

func kernelVersion() string { return runtime.GOOS }
