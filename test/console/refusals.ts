import type { Call } from './recorder.ts'

/** What the original answers no better: the path, the codes, and why the console asks all the same. */
export const known: readonly [path: RegExp, codes: readonly number[], why: string][] = [
  [/\/configs\/(gpu\/kinds|marketplace)$/, [404, 403], 'configurations of extensions and of 3.x'],
  [/\/clusterconfigurations\?name=ks-installer$/, [404, 403], 'the installer of 3.x'],
  [/^\/apis\/kubesphere\.io\/v1alpha1\/extensions$/, [403], 'asked before anybody is logged in'],
  // The first socket of a console is opened before its server has a way to add the token.
  [/\/watch\//, [403], 'a watch of a first socket, or of what the user may not watch'],
  [/^\/watch\/labels/, [404], 'no API group in its address'],
  [/^\/host\/api\/v1\/watch\//, [404, 403], 'an address without /clusters'],
  [/\/kapis\/networking\.k8s\.io\/v1\/watch\//, [400], 'there are no watches under /kapis'],
  [/\/resourcequotas\/[^/]+$/, [404], 'none is set'],
  [/\/horizontalpodautoscalers\/[^/?]+$/, [404], 'asked whether there is one'],
  [/\/kapis\/autoscaling\.kubesphere\.io\//, [404, 403], 'an extension'],
  [/\/kapis\/notification\.kubesphere\.io\//, [404, 403], 'an extension'],
  [
    /\/(workspacetemplates|users|namespaces|globalroles|clusters)\/[^/?]+$/,
    [404],
    'asked whether a name is taken',
  ],
  [/\/exec\?[^ ]*$/, [400], 'asked without an upgrade whether the address is there'],
]

/** Calls that failed and should not have: neither `excused` nor missing on the original too. */
export function unexpected(calls: readonly Call[], excused: (call: Call) => boolean): Call[] {
  return calls.filter(
    (call) =>
      call.status >= 400 &&
      !known.some(([pattern, codes]) => pattern.test(call.path) && codes.includes(call.status)) &&
      !excused(call),
  )
}
