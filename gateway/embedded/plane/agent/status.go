package agent

import (
	"context"
	"encoding/json"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/klog/v2"
)

const hostIP = "127.0.0.1"

// changed asks for a report of the pod's status.
func (p *podWorker) changed() {
	select {
	case p.dirty <- struct{}{}:
	default:
	}
}

// report writes the status whenever it changed, until the pod is terminated.
func (p *podWorker) report(ctx context.Context) {
	for {
		select {
		case <-p.terminated:
			return
		case <-p.dirty:
		}
		err := p.push(ctx)
		if err == nil || apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
			continue
		}
		klog.ErrorS(err, "the pod's status was not reported", "pod", klog.KObj(p.pod))
		time.Sleep(300 * time.Millisecond)
		p.changed()
	}
}

// push writes the status as it is now. A pod of the same name but another UID is left alone.
func (p *podWorker) push(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	p.mu.Lock()
	status := p.status()
	p.mu.Unlock()
	patch, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"uid": p.pod.UID},
		"status":   status,
	})
	if err != nil {
		return err
	}
	_, err = p.manager.client.CoreV1().Pods(p.pod.Namespace).Patch(
		ctx, p.pod.Name, types.MergePatchType, patch, metav1.PatchOptions{}, "status")
	return err
}

// status builds what the API shows of the pod. The lock is held.
func (p *podWorker) status() map[string]any {
	phase := p.phase
	initialized := true
	var inits, mains []corev1.ContainerStatus
	for index, c := range p.containers {
		status := p.containerStatus(c)
		if index >= p.inits {
			mains = append(mains, status)
			continue
		}
		sidecar := c.spec.RestartPolicy != nil
		done := c.exit() == 0 || (sidecar && c.state.Running != nil)
		status.Ready = done
		initialized = initialized && done
		inits = append(inits, status)
	}
	ready := phase == ""
	begun := len(mains) > 0
	for _, status := range mains {
		ready = ready && status.Ready
		begun = begun && (status.State.Waiting == nil || status.LastTerminationState.Terminated != nil)
	}
	if phase == "" {
		phase = corev1.PodPending
		if begun {
			phase = corev1.PodRunning
		}
	}
	final := phase == corev1.PodSucceeded || phase == corev1.PodFailed
	reason := ""
	switch {
	case phase == corev1.PodSucceeded:
		reason = "PodCompleted"
	case phase == corev1.PodFailed:
		reason = "PodFailed"
	}
	p.condition("PodReadyToStartContainers", !final, "", "")
	p.condition(corev1.PodInitialized, initialized || phase == corev1.PodSucceeded, orElse(reason, "ContainersNotInitialized"), "")
	p.condition(corev1.ContainersReady, ready, orElse(reason, "ContainersNotReady"), "")
	p.condition(corev1.PodReady, ready, orElse(reason, "ContainersNotReady"), "")
	p.condition(corev1.PodScheduled, true, "", "")
	return map[string]any{
		"phase": phase, "reason": none(p.reason), "message": none(p.message),
		"hostIP": hostIP, "hostIPs": []corev1.HostIP{{IP: hostIP}},
		"podIP": p.ip, "podIPs": []corev1.PodIP{{IP: p.ip}},
		"startTime":             p.startTime,
		"conditions":            p.conditionList(),
		"initContainerStatuses": inits,
		"containerStatuses":     mains,
	}
}

// none is what a merge patch takes a field away with.
func none(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func (p *podWorker) containerStatus(c *container) corev1.ContainerStatus {
	running := c.state.Running != nil
	status := corev1.ContainerStatus{
		Name: c.spec.Name, Image: c.spec.Image, ImageID: c.spec.Image, RestartCount: c.restarts,
		State: c.state, LastTerminationState: c.last, Ready: running, Started: &running,
	}
	if c.state.Waiting == nil {
		status.ContainerID = c.id(p.pod)
	}
	return status
}

// condition sets a condition; the time of its last change moves only when its value does. The reason is for False.
func (p *podWorker) condition(kind corev1.PodConditionType, value bool, reason, message string) {
	status := corev1.ConditionFalse
	if value {
		status = corev1.ConditionTrue
	}
	if value && kind != corev1.PodInitialized || value && reason == "ContainersNotInitialized" {
		reason = ""
	}
	old, known := p.conditions[kind]
	changed := metav1.Now()
	if known && old.Status == status {
		changed = old.LastTransitionTime
	}
	p.conditions[kind] = corev1.PodCondition{
		Type: kind, Status: status, Reason: reason, Message: message, LastTransitionTime: changed,
	}
}

// conditionList holds our conditions and those that others set meanwhile.
func (p *podWorker) conditionList() []corev1.PodCondition {
	ours := []corev1.PodConditionType{
		"PodReadyToStartContainers", corev1.PodInitialized, corev1.PodReady, corev1.ContainersReady, corev1.PodScheduled,
	}
	var list []corev1.PodCondition
	for _, kind := range ours {
		list = append(list, p.conditions[kind])
	}
	for _, condition := range p.latest.Status.Conditions {
		foreign := true
		for _, kind := range ours {
			foreign = foreign && condition.Type != kind
		}
		if foreign {
			list = append(list, condition)
		}
	}
	return list
}
