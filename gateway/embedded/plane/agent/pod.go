package agent

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/klog/v2"
)

// podWorker runs one pod, from its binding to a node of ours until its object is gone.
type podWorker struct {
	manager *podManager
	pod     *corev1.Pod // as first seen: spec and identity do not change
	dir     string
	logs    string
	ip      string

	mu         sync.Mutex
	latest     *corev1.Pod
	containers []*container // init containers first
	inits      int
	phase      corev1.PodPhase // set once it is final
	reason     string
	message    string
	startTime  metav1.Time
	conditions map[corev1.PodConditionType]corev1.PodCondition

	cancel     context.CancelFunc // no container is started any more
	done       chan struct{}      // every container ended
	dirty      chan struct{}
	terminate  sync.Once
	terminated chan struct{}
}

func newPodWorker(manager *podManager, pod *corev1.Pod, ip string) *podWorker {
	name := pod.Namespace + "_" + pod.Name + "_" + string(pod.UID)
	worker := &podWorker{
		manager: manager, pod: pod, latest: pod, ip: ip,
		dir:        filepath.Join(manager.root, "pods", name),
		logs:       filepath.Join(manager.root, "pod-logs", name),
		conditions: map[corev1.PodConditionType]corev1.PodCondition{},
		done:       make(chan struct{}), dirty: make(chan struct{}, 1), terminated: make(chan struct{}),
		startTime: metav1.Now(),
	}
	for i := range pod.Spec.InitContainers {
		worker.containers = append(worker.containers, &container{spec: &pod.Spec.InitContainers[i]})
	}
	worker.inits = len(worker.containers)
	for i := range pod.Spec.Containers {
		worker.containers = append(worker.containers, &container{spec: &pod.Spec.Containers[i]})
	}
	for _, c := range worker.containers {
		c.state = waiting("ContainerCreating", "")
	}
	worker.resume()
	return worker
}

// resume takes over what an agent before us reported of the pod.
func (p *podWorker) resume() {
	status := p.pod.Status
	if status.StartTime != nil {
		p.startTime = *status.StartTime
	}
	if status.Phase == corev1.PodSucceeded || status.Phase == corev1.PodFailed {
		p.phase, p.reason, p.message = status.Phase, status.Reason, status.Message
	}
	for _, condition := range status.Conditions {
		p.conditions[condition.Type] = condition
	}
	known := map[string]corev1.ContainerStatus{}
	for _, list := range [][]corev1.ContainerStatus{status.InitContainerStatuses, status.ContainerStatuses} {
		for _, old := range list {
			known[old.Name] = old
		}
	}
	for index, c := range p.containers {
		old, ok := known[c.spec.Name]
		if !ok {
			continue
		}
		c.restarts, c.last = old.RestartCount, old.LastTerminationState
		if old.State.Terminated != nil && (p.phase != "" || index < p.inits) {
			c.state, c.log = old.State, openLog(p.logPath(c.spec.Name, c.restarts))
		}
		if p.phase != "" || (old.State.Running == nil && old.State.Terminated == nil) {
			continue
		}
		if index >= p.inits {
			p.lost(c, old)
		}
	}
}

// lost notes that a container ran when the agent before us went away: its tree is gone.
func (p *podWorker) lost(c *container, old corev1.ContainerStatus) {
	ended := old.State.Terminated
	if ended == nil {
		ended = &corev1.ContainerStateTerminated{
			ExitCode: 137, Reason: "ContainerStatusUnknown", Message: "the node agent was restarted",
			StartedAt: old.State.Running.StartedAt, FinishedAt: metav1.Now(), ContainerID: old.ContainerID,
		}
	}
	c.previous = openLog(p.logPath(c.spec.Name, c.restarts))
	policy := p.pod.Spec.RestartPolicy
	if policy == corev1.RestartPolicyNever || (policy == corev1.RestartPolicyOnFailure && ended.ExitCode == 0) {
		c.state, c.log, c.finished = corev1.ContainerState{Terminated: ended}, c.previous, true
		return
	}
	c.last = corev1.ContainerState{Terminated: ended}
	c.restarts++
}

// run runs the pod's containers until all are finished or the pod is terminated.
func (p *podWorker) run(ctx context.Context) {
	ctx, p.cancel = context.WithCancel(ctx)
	go p.report(context.WithoutCancel(ctx))
	go func() {
		defer close(p.done)
		if p.phase != "" {
			return
		}
		if err := os.MkdirAll(p.dir, 0o755); err != nil {
			klog.ErrorS(err, "the pod's folder", "pod", klog.KObj(p.pod))
		}
		p.changed()
		var sidecars sync.WaitGroup
		side, stopSidecars := context.WithCancel(ctx)
		if p.runInits(ctx, side, &sidecars) {
			p.runMains(ctx)
		}
		stopSidecars()
		p.stopRuns(p.grace(), 0, p.inits)
		sidecars.Wait()
		p.finish(ctx)
	}()
	if deadline := p.pod.Spec.ActiveDeadlineSeconds; deadline != nil && p.phase == "" {
		go p.expire(time.Until(p.startTime.Add(time.Duration(*deadline) * time.Second)))
	}
}

// runInits runs the init containers in order and tells whether the main ones may start.
func (p *podWorker) runInits(ctx, side context.Context, sidecars *sync.WaitGroup) bool {
	policy := p.pod.Spec.RestartPolicy
	if policy == corev1.RestartPolicyAlways {
		policy = corev1.RestartPolicyOnFailure
	}
	for _, c := range p.containers[:p.inits] {
		if own := c.spec.RestartPolicy; own != nil && *own == corev1.ContainerRestartPolicyAlways {
			started := make(chan struct{})
			var once sync.Once
			sidecars.Go(func() {
				p.runContainer(side, c, corev1.RestartPolicyAlways, func() { once.Do(func() { close(started) }) })
			})
			select {
			case <-started:
			case <-ctx.Done():
				return false
			}
			continue
		}
		p.runContainer(ctx, c, policy, func() {})
		if ctx.Err() != nil || c.exit() != 0 {
			return false
		}
	}
	return ctx.Err() == nil
}

func (p *podWorker) runMains(ctx context.Context) {
	var wait sync.WaitGroup
	for _, c := range p.containers[p.inits:] {
		if !c.finished {
			wait.Go(func() { p.runContainer(ctx, c, p.pod.Spec.RestartPolicy, func() {}) })
		}
	}
	wait.Wait()
}

// finish settles the phase once no container will be started again.
func (p *podWorker) finish(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.changed()
	if p.phase != "" || ctx.Err() != nil {
		return
	}
	p.phase = corev1.PodSucceeded
	for index, c := range p.containers {
		sidecar := c.spec.RestartPolicy != nil
		if (index >= p.inits && c.exit() != 0) || (index < p.inits && !sidecar && c.exit() != 0) {
			p.phase = corev1.PodFailed
		}
	}
}

func (p *podWorker) expire(after time.Duration) {
	select {
	case <-p.done:
		return
	case <-time.After(after):
	}
	p.mu.Lock()
	p.phase, p.reason = corev1.PodFailed, "DeadlineExceeded"
	p.message = "Pod was active on the node longer than the specified deadline"
	p.mu.Unlock()
	p.cancel()
	p.stopRuns(p.grace(), 0, len(p.containers))
	p.changed()
}

func (p *podWorker) grace() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if seconds := p.latest.DeletionGracePeriodSeconds; seconds != nil {
		return time.Duration(*seconds) * time.Second
	}
	if seconds := p.pod.Spec.TerminationGracePeriodSeconds; seconds != nil {
		return time.Duration(*seconds) * time.Second
	}
	return 30 * time.Second
}

// stopRuns ends the containers from..to at once and waits for them.
func (p *podWorker) stopRuns(grace time.Duration, from, to int) {
	var wait sync.WaitGroup
	p.mu.Lock()
	for _, c := range p.containers[from:to] {
		if run := c.run; run != nil {
			wait.Go(func() { run.stop(grace) })
		}
	}
	p.mu.Unlock()
	wait.Wait()
}

// stop ends the pod's processes for good; it returns when they are gone.
func (p *podWorker) stop(grace time.Duration) {
	p.terminate.Do(func() {
		p.cancel()
		p.stopRuns(grace, 0, len(p.containers))
		<-p.done
		killStrays(p.dir)
		close(p.terminated)
	})
	<-p.terminated
}

// remove stops the pod, reports its end and lets its object go; its folders are removed.
func (p *podWorker) remove(ctx context.Context, grace time.Duration) {
	p.stop(grace)
	p.mu.Lock()
	if p.phase == "" {
		p.phase = corev1.PodSucceeded
		for _, c := range p.containers[p.inits:] {
			if c.exit() != 0 {
				p.phase = corev1.PodFailed
			}
		}
	}
	p.mu.Unlock()
	zero := int64(0)
	for pause := time.Duration(0); sleep(ctx, pause); pause = time.Second {
		if err := p.push(ctx); apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
			break
		}
		err := p.manager.client.CoreV1().Pods(p.pod.Namespace).Delete(ctx, p.pod.Name, metav1.DeleteOptions{
			GracePeriodSeconds: &zero, Preconditions: &metav1.Preconditions{UID: &p.pod.UID},
		})
		if err == nil || apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
			break
		}
	}
	p.discard()
}

// discard removes the pod's folders.
func (p *podWorker) discard() {
	_ = os.RemoveAll(p.dir)
	_ = os.RemoveAll(p.logs)
}
