// Package agent is a small kubelet: it keeps nodes Ready and runs the pods that are bound to them as local process trees.
// There are no images and no isolation: a container is the command of its spec, in a folder of its own.
package agent

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
)

// Options are the flags of the subcommand.
type Options struct {
	Kubeconfig string
	Nodes      []string
	Root       string
	Cert       string
	Key        string
	ClientCA   string
	// Version is what the nodes report as their kubelet's.
	Version string
}

// names collects a flag that is given more than once.
type names []string

func (n *names) String() string { return strings.Join(*n, ",") }

func (n *names) Set(value string) error {
	if value == "" {
		return errors.New("a node needs a name")
	}
	*n = append(*n, value)
	return nil
}

// Main runs the agent with the command line args until SIGTERM or SIGINT and returns the exit code.
func Main(args []string, version string) int {
	options := Options{Version: version}
	flags := flag.NewFlagSet("node-agent", flag.ContinueOnError)
	flags.StringVar(&options.Kubeconfig, "kubeconfig", "", "kubeconfig of the cluster")
	flags.Var((*names)(&options.Nodes), "name", "name of a node; may be given several times")
	flags.StringVar(&options.Root, "root", "", "folder for pods and their logs")
	flags.StringVar(&options.Cert, "cert", "", "serving certificate")
	flags.StringVar(&options.Key, "key", "", "key of the serving certificate")
	flags.StringVar(&options.ClientCA, "client-ca", "", "authority of the clients that may call")
	reap := flags.Bool("reap", false, "only end what an agent of --root left running")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	root, err := filepath.Abs(options.Root)
	if err == nil {
		root, err = filepath.EvalSymlinks(root)
	}
	if err != nil || options.Root == "" {
		fmt.Fprintf(os.Stderr, "node-agent: --root %q: %v\n", options.Root, err)
		return 2
	}
	options.Root = root
	killStrays(filepath.Join(root, "pods"))
	if *reap {
		return 0
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, options); err != nil {
		fmt.Fprintf(os.Stderr, "node-agent: %v\n", err)
		return 1
	}
	return 0
}

func run(ctx context.Context, options Options) error {
	config, err := clientcmd.BuildConfigFromFlags("", options.Kubeconfig)
	if err != nil {
		return err
	}
	config.QPS, config.Burst = 200, 400
	config.UserAgent = "ks-facade-node-agent"
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(options.Root, "pods")); err != nil {
		return err
	}
	pods := newPodManager(client, options.Root, config.Host)
	var wait sync.WaitGroup
	for index, name := range options.Nodes {
		listener, err := listen(options)
		if err != nil {
			return err
		}
		serving := newServer(pods)
		go func() {
			if err := serving.Serve(listener); err != nil && ctx.Err() == nil {
				klog.ErrorS(err, "the node's server ended", "node", name)
			}
		}()
		defer serving.Close()
		node := &node{client: client, name: name, index: index, port: portOf(listener), version: options.Version}
		wait.Go(func() { node.keep(ctx) })
		wait.Go(func() { pods.watch(ctx, name, index) })
	}
	<-ctx.Done()
	pods.stopAll(time.Second)
	wait.Wait()
	return nil
}
