package agent

import (
	"context"
	"os"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
)

// mountVolumes gives a container the volumes that are files or scratch space: each is a folder of the pod, and the mount
// path, taken as below the container's folder, a link to it. Other kinds of volume do not exist here.
func (p *podWorker) mountVolumes(ctx context.Context, spec *corev1.Container) error {
	dir := p.containerDir(spec.Name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, mount := range spec.VolumeMounts {
		for _, volume := range p.pod.Spec.Volumes {
			if volume.Name != mount.Name {
				continue
			}
			source, err := p.volume(ctx, &volume)
			if err != nil {
				return err
			}
			if source == "" {
				continue
			}
			link := filepath.Join(dir, filepath.Clean("/"+mount.MountPath))
			if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
				return err
			}
			target := filepath.Join(source, filepath.Clean("/"+mount.SubPath))
			if err := os.Symlink(target, link); err != nil && !os.IsExist(err) {
				return err
			}
		}
	}
	return nil
}

// volume makes a volume's folder and fills it; an empty path for a kind that is not made.
func (p *podWorker) volume(ctx context.Context, volume *corev1.Volume) (string, error) {
	dir := filepath.Join(p.dir, ".volumes", volume.Name)
	var data map[string][]byte
	var items []corev1.KeyToPath
	var err error
	switch {
	case volume.EmptyDir != nil:
	case volume.ConfigMap != nil:
		source := volume.ConfigMap
		items = source.Items
		data, err = configMap(ctx, p.manager.client, p.pod.Namespace, source.Name, source.Optional)
	case volume.Secret != nil:
		source := volume.Secret
		items = source.Items
		data, err = secret(ctx, p.manager.client, p.pod.Namespace, source.SecretName, source.Optional)
	default:
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	if len(items) > 0 {
		chosen := map[string][]byte{}
		for _, item := range items {
			if value, ok := data[item.Key]; ok {
				chosen[item.Path] = value
			}
		}
		data = chosen
	}
	for name, value := range data {
		file := filepath.Join(dir, filepath.Clean("/"+name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(file, value, 0o644); err != nil {
			return "", err
		}
	}
	return dir, nil
}
