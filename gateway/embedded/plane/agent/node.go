package agent

import (
	"context"
	"encoding/json"
	"runtime"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/klog/v2"
)

const (
	leaseNamespace = "kube-node-lease"
	leaseSeconds   = int32(40)
	renewEvery     = 10 * time.Second
	reportEvery    = 5 * time.Minute
)

// node keeps one Node object registered and Ready.
type node struct {
	client  kubernetes.Interface
	name    string
	index   int
	port    int
	version string
}

func (n *node) object() *corev1.Node {
	labels := map[string]string{
		"kubernetes.io/hostname":         n.name,
		"kubernetes.io/os":               runtime.GOOS,
		"kubernetes.io/arch":             runtime.GOARCH,
		"node-role.kubernetes.io/worker": "",
	}
	if n.index == 0 {
		labels["node-role.kubernetes.io/control-plane"] = ""
	}
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: n.name, Labels: labels},
		Status:     n.status(),
	}
}

// status claims more than the machine has: nothing here is measured, and requests are made for real machines.
func (n *node) status() corev1.NodeStatus {
	room := corev1.ResourceList{
		corev1.ResourceCPU:              resource.MustParse("32"),
		corev1.ResourceMemory:           resource.MustParse("256Gi"),
		corev1.ResourceEphemeralStorage: resource.MustParse("1Ti"),
		corev1.ResourcePods:             resource.MustParse("1000"),
	}
	now := metav1.Now()
	condition := func(kind corev1.NodeConditionType, value corev1.ConditionStatus, reason, message string) corev1.NodeCondition {
		return corev1.NodeCondition{
			Type: kind, Status: value, Reason: reason, Message: message,
			LastHeartbeatTime: now, LastTransitionTime: now,
		}
	}
	return corev1.NodeStatus{
		Capacity:    room,
		Allocatable: room,
		Conditions: []corev1.NodeCondition{
			condition(corev1.NodeMemoryPressure, corev1.ConditionFalse, "KubeletHasSufficientMemory", "memory is not limited"),
			condition(corev1.NodeDiskPressure, corev1.ConditionFalse, "KubeletHasNoDiskPressure", "disk is not limited"),
			condition(corev1.NodePIDPressure, corev1.ConditionFalse, "KubeletHasSufficientPID", "processes are not limited"),
			condition(corev1.NodeReady, corev1.ConditionTrue, "KubeletReady", "the node agent runs"),
		},
		Addresses: []corev1.NodeAddress{
			{Type: corev1.NodeInternalIP, Address: "127.0.0.1"},
			{Type: corev1.NodeHostName, Address: n.name},
		},
		DaemonEndpoints:  corev1.NodeDaemonEndpoints{KubeletEndpoint: corev1.DaemonEndpoint{Port: int32(n.port)}},
		DeclaredFeatures: []string{websocketFeature},
		NodeInfo: corev1.NodeSystemInfo{
			Architecture:            runtime.GOARCH,
			OperatingSystem:         runtime.GOOS,
			OSImage:                 "local processes",
			KernelVersion:           kernelVersion(),
			KubeletVersion:          n.version,
			ContainerRuntimeVersion: "ks-facade://1",
		},
	}
}

// register creates the Node, or brings an existing one's status up to date.
func (n *node) register(ctx context.Context) error {
	nodes := n.client.CoreV1().Nodes()
	_, err := nodes.Create(ctx, n.object(), metav1.CreateOptions{})
	if !apierrors.IsAlreadyExists(err) {
		return err
	}
	return n.report(ctx)
}

func (n *node) report(ctx context.Context) error {
	existing, err := n.client.CoreV1().Nodes().Get(ctx, n.name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	status := n.status()
	for i, condition := range status.Conditions {
		for _, old := range existing.Status.Conditions {
			if old.Type == condition.Type && old.Status == condition.Status {
				status.Conditions[i].LastTransitionTime = old.LastTransitionTime
			}
		}
	}
	patch, err := json.Marshal(map[string]any{"status": status})
	if err != nil {
		return err
	}
	_, err = n.client.CoreV1().Nodes().Patch(
		ctx, n.name, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
	return err
}

func (n *node) renew(ctx context.Context) error {
	leases := n.client.CoordinationV1().Leases(leaseNamespace)
	now := metav1.NewMicroTime(time.Now())
	lease, err := leases.Get(ctx, n.name, metav1.GetOptions{})
	if err == nil {
		lease.Spec.RenewTime = &now
		_, err = leases.Update(ctx, lease, metav1.UpdateOptions{})
		return err
	}
	if !apierrors.IsNotFound(err) {
		return err
	}
	seconds := leaseSeconds
	lease = &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{Name: n.name, Namespace: leaseNamespace},
		Spec: coordinationv1.LeaseSpec{
			HolderIdentity: &n.name, LeaseDurationSeconds: &seconds, RenewTime: &now,
		},
	}
	if object, err := n.client.CoreV1().Nodes().Get(ctx, n.name, metav1.GetOptions{}); err == nil {
		lease.OwnerReferences = []metav1.OwnerReference{
			{APIVersion: "v1", Kind: "Node", Name: n.name, UID: object.UID},
		}
	}
	_, err = leases.Create(ctx, lease, metav1.CreateOptions{})
	return err
}

// keep registers the node and renews its lease and status until ctx ends. A node that was deleted comes back.
func (n *node) keep(ctx context.Context) {
	const retry = 300 * time.Millisecond
	for pause := time.Duration(0); ; pause = retry {
		if !sleep(ctx, pause) {
			return
		}
		err := n.register(ctx)
		if err == nil {
			break
		}
		klog.ErrorS(err, "the node is not registered yet", "node", n.name)
	}
	reported := time.Now()
	for pause := time.Duration(0); sleep(ctx, pause); pause = renewEvery {
		if err := n.renew(ctx); err != nil {
			klog.ErrorS(err, "the lease was not renewed", "node", n.name)
		}
		_, err := n.client.CoreV1().Nodes().Get(ctx, n.name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			err = n.register(ctx)
		} else if err == nil && time.Since(reported) > reportEvery {
			err = n.report(ctx)
			reported = time.Now()
		}
		if err != nil && ctx.Err() == nil {
			klog.ErrorS(err, "the node's status was not reported", "node", n.name)
		}
	}
}

// sleep waits for d and tells whether ctx still goes on.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
