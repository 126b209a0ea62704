package agent

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// marker is the variable by which every process of a pod is found again, whatever group or session it moved to.
const marker = "KS_FACADE_POD"

// A child's death signal is bound to the thread that made it, so one thread that lives as long as the agent makes all.
var spawns = func() chan func() {
	queue := make(chan func())
	go func() {
		runtime.LockOSThread()
		for start := range queue {
			start()
		}
	}()
	return queue
}()

// spawn starts cmd from the agent's lasting thread.
func spawn(cmd *exec.Cmd) error {
	result := make(chan error, 1)
	spawns <- func() { result <- cmd.Start() }
	return <-result
}

// command prepares a process: argv looked up in the PATH of env, in a process group of its own.
func command(argv, env []string, dir string) (*exec.Cmd, error) {
	if len(argv) == 0 || argv[0] == "" {
		return nil, errors.New("no command specified")
	}
	path, err := lookPath(argv[0], env, dir)
	if err != nil {
		return nil, err
	}
	return &exec.Cmd{Path: path, Args: argv, Env: env, Dir: dir, SysProcAttr: groupOfItsOwn()}, nil
}

func lookPath(name string, env []string, dir string) (string, error) {
	isFile := func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
	}
	if strings.Contains(name, "/") {
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		if !isFile(path) {
			return "", fmt.Errorf("exec: %q: stat %s: no such file or directory", name, name)
		}
		return path, nil
	}
	for _, entry := range env {
		list, ok := strings.CutPrefix(entry, "PATH=")
		if !ok {
			continue
		}
		for _, folder := range filepath.SplitList(list) {
			if path := filepath.Join(folder, name); filepath.IsAbs(path) && isFile(path) {
				return path, nil
			}
		}
	}
	return "", fmt.Errorf("exec: %q: executable file not found in $PATH", name)
}

// signalGroup sends a signal to the process group of pid.
func signalGroup(pid int, signal syscall.Signal) {
	_ = syscall.Kill(-pid, signal)
}

// exitCode is the code a shell would give: 128 and the signal's number for a process that a signal ended.
func exitCode(state *os.ProcessState) (code int, signal int) {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return 128 + int(status.Signal()), int(status.Signal())
	}
	return state.ExitCode(), 0
}

// killStrays kills every process that belongs to the pod folder dir or one below it, also those that left their group.
func killStrays(dir string) {
	for range 5 {
		pids := marked(dir)
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if len(pids) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}
