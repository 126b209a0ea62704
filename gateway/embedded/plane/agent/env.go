package agent

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"
)

// idleScript stands in for the entry point of an image.
//
//go:embed idle.sh
var idleScript string

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// invocation is what a container runs: its arguments and its environment.
type invocation struct {
	argv []string
	env  []string
	idle bool
}

// environment builds the variables of a container in order, each name once, the last value winning.
type environment struct {
	names  []string
	values map[string]string
}

func (e *environment) set(name, value string) {
	if _, known := e.values[name]; !known {
		e.names = append(e.names, name)
	}
	e.values[name] = value
}

func (e *environment) list() []string {
	list := make([]string, 0, len(e.names))
	for _, name := range e.names {
		list = append(list, name+"="+e.values[name])
	}
	return list
}

// invocationOf resolves command, arguments and variables of a container. It fails where a ConfigMap or Secret that is not
// optional is missing, as the kubelet does.
func (p *podWorker) invocationOf(ctx context.Context, spec *corev1.Container) (invocation, error) {
	env := &environment{values: map[string]string{}}
	path := os.Getenv("PATH")
	if path == "" {
		path = defaultPath
	}
	env.set("PATH", path)
	env.set("HOME", p.containerDir(spec.Name))
	env.set("HOSTNAME", p.hostname())
	if server, err := url.Parse(p.manager.server); err == nil {
		env.set("KUBERNETES_SERVICE_HOST", server.Hostname())
		env.set("KUBERNETES_SERVICE_PORT", server.Port())
	}
	if spec.TTY {
		env.set("TERM", "xterm")
	}
	for _, source := range spec.EnvFrom {
		if err := p.envFrom(ctx, env, source); err != nil {
			return invocation{}, err
		}
	}
	expand := expansion.MappingFuncFor(env.values)
	for _, variable := range spec.Env {
		value := expansion.Expand(variable.Value, expand)
		if variable.ValueFrom != nil {
			found, ok, err := p.valueFrom(ctx, spec, variable.ValueFrom)
			if err != nil {
				return invocation{}, err
			}
			if !ok {
				continue
			}
			value = found
		}
		env.set(variable.Name, value)
	}
	env.set(marker, p.containerDir(spec.Name))
	result := invocation{}
	if len(spec.Command) == 0 {
		env.set("KS_FACADE_IMAGE", spec.Image)
		env.set("KS_FACADE_CONTAINER", spec.Name)
		result.argv, result.idle = []string{"/bin/sh", "-c", idleScript}, true
	} else {
		for _, word := range append(append([]string(nil), spec.Command...), spec.Args...) {
			result.argv = append(result.argv, expansion.Expand(word, expand))
		}
	}
	result.env = env.list()
	return result, nil
}

func (p *podWorker) hostname() string {
	if p.pod.Spec.Hostname != "" {
		return p.pod.Spec.Hostname
	}
	return p.pod.Name
}

func (p *podWorker) envFrom(ctx context.Context, env *environment, source corev1.EnvFromSource) error {
	if ref := source.ConfigMapRef; ref != nil {
		data, err := configMap(ctx, p.manager.client, p.pod.Namespace, ref.Name, ref.Optional)
		if err != nil {
			return err
		}
		for key, value := range data {
			env.set(source.Prefix+key, string(value))
		}
	}
	if ref := source.SecretRef; ref != nil {
		data, err := secret(ctx, p.manager.client, p.pod.Namespace, ref.Name, ref.Optional)
		if err != nil {
			return err
		}
		for key, value := range data {
			env.set(source.Prefix+key, string(value))
		}
	}
	return nil
}

func (p *podWorker) valueFrom(ctx context.Context, spec *corev1.Container, from *corev1.EnvVarSource) (string, bool, error) {
	switch {
	case from.FieldRef != nil:
		return p.field(from.FieldRef.FieldPath), true, nil
	case from.ResourceFieldRef != nil:
		return resourceOf(spec, from.ResourceFieldRef.Resource), true, nil
	case from.ConfigMapKeyRef != nil:
		ref := from.ConfigMapKeyRef
		data, err := configMap(ctx, p.manager.client, p.pod.Namespace, ref.Name, ref.Optional)
		return keyOf("configmap", ref.Name, ref.Key, ref.Optional, data, err)
	case from.SecretKeyRef != nil:
		ref := from.SecretKeyRef
		data, err := secret(ctx, p.manager.client, p.pod.Namespace, ref.Name, ref.Optional)
		return keyOf("secret", ref.Name, ref.Key, ref.Optional, data, err)
	}
	return "", false, nil
}

func keyOf(kind, name, key string, optional *bool, data map[string][]byte, err error) (string, bool, error) {
	if err != nil {
		return "", false, err
	}
	value, ok := data[key]
	if !ok && (optional == nil || !*optional) {
		return "", false, fmt.Errorf("couldn't find key %s in %s %s", key, kind, name)
	}
	return string(value), ok, nil
}

// field is a value of the downward API.
func (p *podWorker) field(path string) string {
	pod := p.pod
	switch path {
	case "metadata.name":
		return pod.Name
	case "metadata.namespace":
		return pod.Namespace
	case "metadata.uid":
		return string(pod.UID)
	case "spec.nodeName":
		return pod.Spec.NodeName
	case "spec.serviceAccountName":
		return pod.Spec.ServiceAccountName
	case "status.hostIP", "status.hostIPs":
		return hostIP
	case "status.podIP", "status.podIPs":
		return p.ip
	}
	if key, ok := subscript(path, "metadata.labels"); ok {
		return pod.Labels[key]
	}
	if key, ok := subscript(path, "metadata.annotations"); ok {
		return pod.Annotations[key]
	}
	return ""
}

func subscript(path, base string) (string, bool) {
	rest, ok := strings.CutPrefix(path, base+"['")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, "']")
}

func resourceOf(spec *corev1.Container, name string) string {
	list, kind := spec.Resources.Limits, strings.TrimPrefix(name, "limits.")
	if rest, ok := strings.CutPrefix(name, "requests."); ok {
		list, kind = spec.Resources.Requests, rest
	}
	quantity := list[corev1.ResourceName(kind)]
	return strconv.FormatInt(quantity.Value(), 10)
}

// configMap returns the data of a ConfigMap; nothing where it is missing and optional.
func configMap(ctx context.Context, client kubernetes.Interface, namespace, name string, optional *bool) (map[string][]byte, error) {
	object, err := client.CoreV1().ConfigMaps(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return nil, unlessOptional(err, optional)
	}
	data := map[string][]byte{}
	for key, value := range object.Data {
		data[key] = []byte(value)
	}
	for key, value := range object.BinaryData {
		data[key] = value
	}
	return data, nil
}

// secret returns the data of a Secret; nothing where it is missing and optional.
func secret(ctx context.Context, client kubernetes.Interface, namespace, name string, optional *bool) (map[string][]byte, error) {
	object, err := client.CoreV1().Secrets(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return nil, unlessOptional(err, optional)
	}
	return object.Data, nil
}

func unlessOptional(err error, optional *bool) error {
	if apierrors.IsNotFound(err) && optional != nil && *optional {
		return nil
	}
	return err
}
