import { join } from 'node:path'
import type { Component } from './external.ts'
import type { Pki } from './pki.ts'

/** Where one plane's parts stand, for the command lines of its components. */
export interface Layout {
  dir: string
  /** A short folder: the path of a Unix socket has 107 bytes at most. */
  runDir: string
  port: number
  /** The data outlives this start, so etcd must not lose it at a power cut. */
  durable: boolean
  nodes: readonly string[]
  pki: Pki
  componentKubeconfig: string
}

/** The socket that etcd listens at. */
export function etcdSocket({ runDir }: Layout): string {
  return join(runDir, 'etcd.sock')
}

function etcd(layout: Layout): string[] {
  const { dir, durable } = layout
  // Nobody dials a single member's peer address; clients come through a socket that only this user can open.
  const peer = 'http://127.0.0.1:1'
  return [
    '--name=plane',
    `--data-dir=${join(dir, 'etcd')}`,
    `--listen-client-urls=unix://${etcdSocket(layout)}`,
    `--advertise-client-urls=${peer}`,
    '--listen-peer-urls=http://127.0.0.1:0',
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=plane=${peer}`,
    '--log-level=warn',
    '--snapshot-count=20000',
    '--auto-compaction-retention=0',
    ...(durable ? [] : ['--unsafe-no-fsync']),
  ]
}

function apiserver(layout: Layout): string[] {
  const { port, pki, nodes } = layout
  return [
    `--etcd-servers=unix://${etcdSocket(layout)}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${pki.file('apiserver.crt')}`,
    `--tls-private-key-file=${pki.file('apiserver.key')}`,
    `--client-ca-file=${pki.file('ca.crt')}`,
    `--service-account-key-file=${pki.file('sa.key')}`,
    `--service-account-signing-key-file=${pki.file('sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=Node,RBAC',
    '--allow-privileged=true',
    '--endpoint-reconciler-type=none',
    `--kubelet-client-certificate=${pki.file('apiserver-kubelet-client.crt')}`,
    `--kubelet-client-key=${pki.file('apiserver-kubelet-client.key')}`,
    `--kubelet-certificate-authority=${pki.file('ca.crt')}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--requestheader-client-ca-file=${pki.file('proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${pki.file('proxy-client.crt')}`,
    `--proxy-client-key-file=${pki.file('proxy-client.key')}`,
    '--profiling=false',
    // Without nodes nobody mounts a token into a pod, so pods stay as they were written.
    ...(nodes.length === 0 ? ['--disable-admission-plugins=ServiceAccount'] : []),
  ]
}

function controllerManager({ pki, componentKubeconfig, nodes }: Layout): string[] {
  return [
    `--kubeconfig=${componentKubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--use-service-account-credentials=false',
    `--service-account-private-key-file=${pki.file('sa.key')}`,
    `--root-ca-file=${pki.file('ca.crt')}`,
    `--cluster-signing-cert-file=${pki.file('ca.crt')}`,
    `--cluster-signing-key-file=${pki.file('ca.key')}`,
    '--kube-api-qps=200',
    '--kube-api-burst=400',
    '--profiling=false',
    // Node objects that somebody writes by hand never report, and are not to be tainted and emptied for it.
    ...(nodes.length === 0
      ? ['--controllers=*,-node-lifecycle-controller,-taint-eviction-controller']
      : []),
  ]
}

function scheduler({ componentKubeconfig }: Layout): string[] {
  return [
    `--kubeconfig=${componentKubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--kube-api-qps=200',
    '--kube-api-burst=400',
    '--profiling=false',
  ]
}

function nodeAgent({ dir, nodes, pki, componentKubeconfig }: Layout): string[] {
  return [
    `--kubeconfig=${componentKubeconfig}`,
    ...nodes.map((name) => `--name=${name}`),
    `--root=${dir}`,
    `--cert=${pki.file('kubelet.crt')}`,
    `--key=${pki.file('kubelet.key')}`,
    `--client-ca=${pki.file('ca.crt')}`,
  ]
}

const builders: Record<Component, (layout: Layout) => string[]> = {
  etcd,
  'kube-apiserver': apiserver,
  'kube-controller-manager': controllerManager,
  'kube-scheduler': scheduler,
  'node-agent': nodeAgent,
}

/** The command line of a component, without the program. */
export function flagsOf(component: Component, layout: Layout): string[] {
  return builders[component](layout)
}
