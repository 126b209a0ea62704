import { gzipSync } from 'node:zlib'

/** One entry of a tar archive (POSIX.1-2017 pax, "ustar Interchange Format"). */
export function tarEntry(name: string, data: string | Buffer, kind = '0'): Buffer {
  const bytes = Buffer.from(data)
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write(kind, 156)
  header.write('ustar\0', 257)
  const body = Buffer.alloc(Math.ceil(bytes.length / 512) * 512)
  bytes.copy(body)
  return Buffer.concat([header, body])
}

export function archive(...entries: readonly Buffer[]): Buffer {
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]))
}

/** A chart of files by path, below a folder. */
export function chartOf(files: Readonly<Record<string, string>>): Buffer {
  return archive(...Object.entries(files).map(([name, data]) => tarEntry(`chart/${name}`, data)))
}

/** A small chart that Helm would take. */
export function goodChart(version = '1.0.0', name = 'Web'): Buffer {
  return chartOf({
    'Chart.yaml': [
      'apiVersion: v2',
      `name: ${name}`,
      `version: ${version}`,
      'description: serves pages',
      'home: https://web.example.com',
      'icon: https://web.example.com/icon.png',
      'maintainers: [{name: Ann, email: ann@example.com}]',
    ].join('\n'),
    'values.yaml': 'replicas: 1\n',
    'templates/service.yaml': 'kind: {{ .Values.kind }}\n',
    'crds/widgets.yaml': [
      'apiVersion: apiextensions.k8s.io/v1',
      'kind: CustomResourceDefinition',
      'spec:',
      '  group: example.com',
      '  names: {plural: widgets}',
      '  versions: [{name: v1alpha1, served: true}, {name: v1, served: true, storage: true}]',
    ].join('\n'),
  })
}
