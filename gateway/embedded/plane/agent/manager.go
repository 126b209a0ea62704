package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// podManager holds the pods of all nodes of this agent.
type podManager struct {
	client kubernetes.Interface
	root   string
	server string

	mu       sync.Mutex
	workers  map[types.UID]*podWorker
	removing map[types.UID]bool
	ips      map[string]types.UID
	closed   bool
}

func newPodManager(client kubernetes.Interface, root, server string) *podManager {
	return &podManager{
		client: client, root: root, server: server,
		workers: map[types.UID]*podWorker{}, removing: map[types.UID]bool{}, ips: map[string]types.UID{},
	}
}

// watch follows the pods that are bound to a node until ctx ends.
func (m *podManager) watch(ctx context.Context, node string, index int) {
	source := cache.NewListWatchFromClient(
		m.client.CoreV1().RESTClient(), "pods", corev1.NamespaceAll, fields.OneTermEqualSelector("spec.nodeName", node))
	_, informer := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: source,
		ObjectType:    &corev1.Pod{},
		Handler: cache.ResourceEventHandlerFuncs{
			AddFunc:    func(object any) { m.update(ctx, object.(*corev1.Pod), index) },
			UpdateFunc: func(_, object any) { m.update(ctx, object.(*corev1.Pod), index) },
			DeleteFunc: func(object any) {
				if unknown, ok := object.(cache.DeletedFinalStateUnknown); ok {
					object = unknown.Obj
				}
				if pod, ok := object.(*corev1.Pod); ok {
					m.gone(pod)
				}
			},
		},
	})
	go func() {
		if cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) && index == 0 {
			m.pruneLogs(ctx)
		}
	}()
	informer.RunWithContext(ctx)
}

// update starts a pod that is new and removes one that is to be deleted.
func (m *podManager) update(ctx context.Context, pod *corev1.Pod, index int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	worker := m.workers[pod.UID]
	if worker == nil {
		worker = newPodWorker(m, pod, m.address(pod, index))
		m.workers[pod.UID] = worker
		worker.run(ctx)
	}
	worker.mu.Lock()
	worker.latest = pod
	worker.mu.Unlock()
	if pod.DeletionTimestamp != nil && !m.removing[pod.UID] {
		m.removing[pod.UID] = true
		go worker.remove(ctx, worker.grace())
	}
}

// gone ends a pod whose object was removed by someone else, at once.
func (m *podManager) gone(pod *corev1.Pod) {
	m.mu.Lock()
	worker := m.workers[pod.UID]
	delete(m.workers, pod.UID)
	delete(m.removing, pod.UID)
	if worker != nil {
		delete(m.ips, worker.ip)
	}
	m.mu.Unlock()
	if worker != nil {
		go func() {
			worker.stopRuns(0, 0, len(worker.containers))
			worker.stop(0)
			worker.discard()
		}()
	}
}

// address gives a pod an address of its own in the node's range, the one it has where it has one. It is only text: pods share
// the loopback interface. The lock is held.
func (m *podManager) address(pod *corev1.Pod, index int) string {
	if pod.Spec.HostNetwork {
		return hostIP
	}
	if ip := pod.Status.PodIP; ip != "" && m.ips[ip] == "" {
		m.ips[ip] = pod.UID
		return ip
	}
	for number := 2; number < 1<<16; number++ {
		ip := fmt.Sprintf("10.%d.%d.%d", 244+index%12, number>>8, number&255)
		if last := number & 255; last == 0 || last == 255 || m.ips[ip] != "" {
			continue
		}
		m.ips[ip] = pod.UID
		return ip
	}
	return hostIP
}

// find returns the pod of that name on one of our nodes.
func (m *podManager) find(namespace, name string) *podWorker {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, worker := range m.workers {
		if worker.pod.Namespace == namespace && worker.pod.Name == name {
			return worker
		}
	}
	return nil
}

// pruneLogs removes the logs of pods that were deleted while no agent ran.
func (m *podManager) pruneLogs(ctx context.Context) {
	// The other nodes' pods come within the same moment; a log that stays a little longer does no harm.
	if !sleep(ctx, 10*time.Second) {
		return
	}
	dir := filepath.Join(m.root, "pod-logs")
	entries, _ := os.ReadDir(dir)
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, entry := range entries {
		uid := entry.Name()[strings.LastIndex(entry.Name(), "_")+1:]
		if m.workers[types.UID(uid)] == nil {
			_ = os.RemoveAll(filepath.Join(dir, entry.Name()))
		}
	}
}

// stopAll ends every process of every pod; the objects stay.
func (m *podManager) stopAll(grace time.Duration) {
	m.mu.Lock()
	m.closed = true
	workers := m.workers
	m.workers = map[types.UID]*podWorker{}
	m.mu.Unlock()
	var wait sync.WaitGroup
	for _, worker := range workers {
		wait.Go(func() { worker.stop(grace) })
	}
	wait.Wait()
	killStrays(filepath.Join(m.root, "pods"))
}
