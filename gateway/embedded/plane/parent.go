package main

import (
	"io"
	"os"
	"syscall"
	"time"
)

// How long a component has to end by itself once the parent is gone.
const orphanGrace = 4 * time.Second

// watchParent ends this process when its standard input closes, where PLANE_STOP_WITH_STDIN says that it is a pipe from
// the process that started it: the system closes that pipe however the parent ends. PLANE_REMOVE_DIR names a folder
// of temporary data that is then removed, because nobody else is left to do it.
func watchParent() {
	if os.Getenv("PLANE_STOP_WITH_STDIN") == "" {
		return
	}
	dir := os.Getenv("PLANE_REMOVE_DIR")
	os.Unsetenv("PLANE_STOP_WITH_STDIN")
	os.Unsetenv("PLANE_REMOVE_DIR")
	go func() {
		io.Copy(io.Discard, os.Stdin)
		if dir == "" {
			syscall.Kill(os.Getpid(), syscall.SIGTERM)
			time.Sleep(orphanGrace)
			os.Exit(1)
		}
		// The node agent still empties its part of the folder.
		time.Sleep(orphanGrace / 2)
		os.RemoveAll(dir)
		os.Exit(1)
	}()
}
