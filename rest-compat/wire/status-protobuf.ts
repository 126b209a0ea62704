import type { KubeStatus } from '../../gateway/lib/errors.ts'

export const PROTOBUF = 'application/vnd.kubernetes.protobuf'

/** What every object in Kubernetes' protobuf encoding starts with. */
const MAGIC = Buffer.from('k8s\0')
const VARINT = 0
const BYTES = 2

/**
 * A Status in Kubernetes' protobuf encoding: the magic bytes and a `runtime.Unknown` around the message. As there, fields
 * without a pointer are written even when they are empty. Source: the Kubernetes API concepts, "Kubernetes Protobuf
 * encoding", and the published `generated.proto` of `apimachinery/pkg/runtime` and `apis/meta/v1`.
 */
export function statusProtobuf(status: KubeStatus): Buffer {
  const { details } = status
  const message = Buffer.concat([
    bytes(1, Buffer.concat([text(1), text(2), text(3)])),
    text(2, status.status),
    text(3, status.message),
    text(4, status.reason),
    ...(details ? [bytes(5, detailsOf(details))] : []),
    number(6, status.code),
  ])
  const type = Buffer.concat([text(1, 'v1'), text(2, 'Status')])
  return Buffer.concat([MAGIC, bytes(1, type), bytes(2, message), text(3), text(4)])
}

function detailsOf(details: NonNullable<KubeStatus['details']>): Buffer {
  const causes = details.causes ?? []
  return Buffer.concat([
    text(1, details.name),
    text(2, details.group),
    text(3, details.kind),
    ...causes.map(({ reason, message, field }) =>
      bytes(4, Buffer.concat([text(1, reason), text(2, message), text(3, field)])),
    ),
    number(5, details.retryAfterSeconds ?? 0),
    text(6, details.uid),
  ])
}

function text(field: number, value = ''): Buffer {
  return bytes(field, Buffer.from(value))
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | BYTES), varint(value.length), value])
}

function number(field: number, value = 0): Buffer {
  return Buffer.concat([varint((field << 3) | VARINT), varint(value)])
}

/** Of a number that is not negative. */
function varint(value: number): Buffer {
  const out: number[] = []
  let rest = value
  while (rest > 0x7f) {
    out.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  out.push(rest)
  return Buffer.from(out)
}
