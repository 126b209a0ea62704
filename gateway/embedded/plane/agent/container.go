package agent

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	firstBackOff = 10 * time.Second
	lastBackOff  = 5 * time.Minute
	// A run that lasted this long was a good one: the next back-off starts small again.
	goodRun = 10 * time.Minute
)

// container is one container of a pod through all its runs. The pod's lock guards it.
type container struct {
	spec     *corev1.Container
	restarts int32
	state    corev1.ContainerState
	last     corev1.ContainerState
	run      *containerRun
	log      *containerLog
	previous *containerLog
	failures int
	// finished: it ended and will not be started again.
	finished bool
}

func waiting(reason, message string) corev1.ContainerState {
	return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}
}

func (c *container) id(pod *corev1.Pod) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d", pod.UID, c.spec.Name, c.restarts))
	return fmt.Sprintf("ks-facade://%x", sum)
}

// exit is the code of the last run, -1 while there was none.
func (c *container) exit() int32 {
	if c.state.Terminated == nil {
		return -1
	}
	return c.state.Terminated.ExitCode
}

func (p *podWorker) containerDir(name string) string { return filepath.Join(p.dir, name) }

func (p *podWorker) logPath(name string, restart int32) string {
	return filepath.Join(p.logs, name, fmt.Sprintf("%d.log", restart))
}

// runContainer runs a container as often as policy wants; it returns when it is finished or ctx ended.
func (p *podWorker) runContainer(ctx context.Context, c *container, policy corev1.RestartPolicy, started func()) {
	for ctx.Err() == nil {
		p.runOnce(ctx, c, started)
		p.mu.Lock()
		again := policy == corev1.RestartPolicyAlways ||
			(policy == corev1.RestartPolicyOnFailure && c.exit() != 0)
		if !again || ctx.Err() != nil {
			c.finished = !again
			p.mu.Unlock()
			p.changed()
			return
		}
		pause := c.backOff()
		c.last, c.previous = c.state, c.log
		message := fmt.Sprintf("back-off %s restarting failed container=%s pod=%s_%s(%s)",
			pause, c.spec.Name, p.pod.Name, p.pod.Namespace, p.pod.UID)
		if pause > 0 {
			c.state = waiting("CrashLoopBackOff", message)
		}
		p.mu.Unlock()
		p.changed()
		if !sleep(ctx, pause) {
			return
		}
		p.mu.Lock()
		c.restarts++
		p.mu.Unlock()
		_ = os.Remove(p.logPath(c.spec.Name, c.restarts-2))
		_ = os.Remove(p.logPath(c.spec.Name, c.restarts-2) + ".1")
	}
}

// backOff is the pause before the next run: none after the first, then 10 s, doubling to 5 minutes. The lock is held.
func (c *container) backOff() time.Duration {
	if ended := c.state.Terminated; ended != nil && ended.FinishedAt.Sub(ended.StartedAt.Time) >= goodRun {
		c.failures = 0
	}
	c.failures++
	if c.failures == 1 {
		return 0
	}
	return min(firstBackOff<<min(c.failures-2, 10), lastBackOff)
}

// runOnce runs a container once, from its start to its end.
func (p *podWorker) runOnce(ctx context.Context, c *container, started func()) {
	run, err := p.start(ctx, c)
	if err != nil {
		now := metav1.Now()
		p.mu.Lock()
		c.state = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
			ExitCode: 128, Reason: "StartError", Message: err.Error(), StartedAt: now, FinishedAt: now,
			ContainerID: c.id(p.pod),
		}}
		p.mu.Unlock()
		p.changed()
		return
	}
	p.changed()
	started()
	<-run.done
	p.mu.Lock()
	defer p.mu.Unlock()
	began := c.state.Running.StartedAt
	reason := "Completed"
	if run.code != 0 {
		reason = "Error"
	}
	c.run = nil
	c.state = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
		ExitCode: int32(run.code), Signal: int32(run.signal), Reason: reason,
		StartedAt: began, FinishedAt: metav1.Now(), ContainerID: c.id(p.pod),
	}}
}

// start waits until the container's variables and volumes can be had, then starts its process tree.
func (p *podWorker) start(ctx context.Context, c *container) (*containerRun, error) {
	var call invocation
	for pause := time.Second; ; pause = min(2*pause, 30*time.Second) {
		err := p.mountVolumes(ctx, c.spec)
		if err == nil {
			call, err = p.invocationOf(ctx, c.spec)
		}
		if err == nil {
			break
		}
		p.mu.Lock()
		c.state = waiting("CreateContainerConfigError", err.Error())
		p.mu.Unlock()
		p.changed()
		if !sleep(ctx, pause) {
			return nil, ctx.Err()
		}
	}
	log, err := createLog(p.logPath(c.spec.Name, c.restarts))
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if ctx.Err() != nil {
		log.close()
		return nil, ctx.Err()
	}
	c.log = log
	run, err := startRun(call, p.containerDir(c.spec.Name), log, c.spec.Stdin, c.spec.StdinOnce, c.spec.TTY)
	if err != nil {
		log.write([]byte(err.Error()+"\n"), true)
		log.close()
		return nil, err
	}
	c.run = run
	c.state = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.Now()}}
	return run, nil
}
