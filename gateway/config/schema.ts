/** Every key of `kubesphere.yaml` and every flag, as data: pipeline.md §23. */

export type Kind = 'string' | 'bool' | 'int' | 'number' | 'duration' | 'map' | 'list'

export interface Key {
  /** Path in the file. */
  readonly key: string
  readonly kind: Kind
  /** Milliseconds where `kind` is `duration`. */
  readonly fallback: unknown
  readonly flag: string | undefined
  readonly about: string
}

const minute = 60_000
const hour = 60 * minute

function key(kind: Kind, path: string, fallback: unknown, about: string, flag?: string): Key {
  return { key: path, kind, fallback, flag, about }
}

const auth = 'authentication'
const cluster = 'multicluster'
const audit = 'auditing'

export const KEYS: readonly Key[] = [
  key('string', 'kubernetes.kubeconfig', '', 'kubeconfig of the host cluster', 'kubeconfig'),
  key('string', 'kubernetes.master', '', 'address of kube-apiserver', 'master'),
  key('int', 'kubernetes.qps', 1e6, 'requests a second'),
  key('int', 'kubernetes.burst', 1_000_000, 'requests at once'),
  key('string', 'cache.type', 'InMemoryCache', 'InMemoryCache or redis'),
  key('map', 'cache.options', {}, 'redis: host, port, username, password, db'),
  key(
    'int',
    `${auth}.authenticateRateLimiterMaxTries`,
    5,
    'failed logins that lock an account',
    'authenticate-rate-limiter-max-retries',
  ),
  key(
    'duration',
    `${auth}.authenticateRateLimiterDuration`,
    30 * minute,
    'how long it stays locked',
    'authenticate-rate-limiter-duration',
  ),
  key(
    'duration',
    `${auth}.loginHistoryRetentionPeriod`,
    168 * hour,
    'age of the oldest login record',
    'login-history-retention-period',
  ),
  key(
    'int',
    `${auth}.loginHistoryMaximumEntries`,
    100,
    'login records per user',
    'login-history-maximum-entries',
  ),
  key(
    'bool',
    `${auth}.multipleLogin`,
    false,
    'a login leaves earlier ones alive',
    'multiple-login',
  ),
  key('string', `${auth}.issuer.url`, '', 'issuer of tokens, address of the console'),
  key('string', `${auth}.issuer.jwtSecret`, '', 'key of access tokens', 'jwt-secret'),
  key('string', `${auth}.issuer.signKey`, '', 'PEM file of the key of id tokens'),
  key('string', `${auth}.issuer.signKeyData`, '', 'the same as base64'),
  key(
    'duration',
    `${auth}.issuer.accessTokenMaxAge`,
    2 * hour,
    'life of an access token; 0 = for ever',
    'access-token-max-age',
  ),
  key(
    'duration',
    `${auth}.issuer.accessTokenInactivityTimeout`,
    2 * hour,
    'further life of a refresh token',
  ),
  key(
    'duration',
    `${auth}.issuer.maximumClockSkew`,
    10_000,
    'how far in the future a token may be issued',
    'maximum-clock-skew',
  ),
  key('string', 'authorization.mode', 'RBAC', 'RBAC, AlwaysAllow or AlwaysDeny', 'authorization'),
  key(
    'string',
    `${cluster}.proxyPublishService`,
    '',
    'service that agents dial',
    'proxy-publish-service',
  ),
  key(
    'string',
    `${cluster}.proxyPublishAddress`,
    '',
    'address that agents dial',
    'proxy-publish-address',
  ),
  key(
    'string',
    `${cluster}.agentImage`,
    'kubesphere/tower:v1.0',
    'image of the agent',
    'agent-image',
  ),
  key(
    'duration',
    `${cluster}.clusterControllerResyncPeriod`,
    15 * minute,
    'resync of clusters',
    'cluster-controller-resync-period',
  ),
  key(
    'string',
    `${cluster}.hostClusterName`,
    'host',
    'name of the host cluster',
    'host-cluster-name',
  ),
  key('string', `${cluster}.clusterName`, '', 'name of this cluster'),
  key('string', `${cluster}.clusterRole`, '', 'host or member'),
  key('string', `${cluster}.chartPath`, '', 'chart of member clusters'),
  key('bool', `${audit}.enable`, false, 'record requests', 'auditing-enabled'),
  key('string', `${audit}.auditLevel`, '', 'None, Metadata, Request or RequestResponse'),
  key('int', `${audit}.eventBatchSize`, 0, 'events in a batch', 'auditing-event-batch-size'),
  key(
    'duration',
    `${audit}.eventBatchInterval`,
    0,
    'longest wait for a batch',
    'auditing-event-batch-interval',
  ),
  key(
    'string',
    `${audit}.webhookOptions.webhookUrl`,
    '',
    'where batches are posted',
    'auditing-webhook-url',
  ),
  key(
    'int',
    `${audit}.webhookOptions.eventSendersNum`,
    0,
    'posts at once',
    'auditing-event-senders-num',
  ),
  key('string', `${audit}.logOptions.path`, '', 'file of events', 'audit-log-path'),
  key('int', `${audit}.logOptions.maxAge`, 0, 'days that a file is kept', 'audit-log-maxage'),
  key('int', `${audit}.logOptions.maxBackups`, 0, 'files kept', 'audit-log-maxbackup'),
  key('int', `${audit}.logOptions.maxSize`, 0, 'megabytes of a file', 'audit-log-maxsize'),
  key('string', 'kubeconfig.authMode', 'client-certificate', 'credentials in kubeconfigs of users'),
  key('string', 'terminal.kubectl.image', 'kubesphere/kubectl:v1.27.4', 'image of the kubectl pod'),
  key('string', 'terminal.node.image', 'alpine:3.15', 'image of the node shell'),
  key('int', 'terminal.node.timeout', 600, 'seconds that an idle node shell lives'),
  key('string', 'terminal.uploadFileLimit', '100Mi', 'largest upload'),
  key('string', 'helmExecutor.image', 'kubesphere/helm:v3.12.1', 'controller-manager'),
  key('duration', 'helmExecutor.timeout', 5 * minute, 'controller-manager'),
  key('int', 'helmExecutor.historyMax', 2, 'controller-manager'),
  key('duration', 'helmExecutor.jobTTLAfterFinished', 0, 'controller-manager'),
  key('map', 'helmExecutor.resources', {}, 'controller-manager'),
  key('map', 'helmExecutor.affinity', {}, 'controller-manager'),
  key('string', 'extension.imageRegistry', '', 'controller-manager'),
  key('map', 'extension.nodeSelector', {}, 'controller-manager'),
  key('string', 'extension.ingress.ingressClassName', '', 'controller-manager'),
  key('string', 'extension.ingress.domainSuffix', '', 'controller-manager'),
  key('int', 'extension.ingress.httpPort', 0, 'controller-manager'),
  key('int', 'extension.ingress.httpsPort', 0, 'controller-manager'),
  key('string', 's3.endpoint', '', 'app store'),
  key('string', 's3.region', 'us-east-1', 'app store'),
  key('bool', 's3.disableSSL', true, 'app store'),
  key('bool', 's3.forcePathStyle', true, 'app store'),
  key('string', 's3.accessKeyID', 'AKIAIOSFODNN7EXAMPLE', 'app store'),
  key('string', 's3.secretAccessKey', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'app store'),
  key('string', 's3.sessionToken', '', 'app store'),
  key('string', 's3.bucket', 's2i-binaries', 'app store'),
  key('bool', 'kubesphere.tls', false, 'controller-manager'),
  key('string', 'composedApp.appSelector', '', 'controller-manager'),
  key(
    'string',
    'experimental.validationDirective',
    '',
    'Ignore, Warn or Strict for Kubernetes writes',
  ),
  key('string', 'server.bindAddress', '0.0.0.0', 'address to listen on', 'bind-address'),
  key('int', 'server.insecurePort', 9090, 'port of plain HTTP', 'insecure-port'),
  key('int', 'server.securePort', 0, 'port of HTTPS, instead of the other', 'secure-port'),
  key('string', 'server.tlsCertFile', '', 'PEM file of the certificate chain', 'tls-cert-file'),
  key('string', 'server.tlsPrivateKey', '', 'PEM file of its key', 'tls-private-key'),
  key(
    'list',
    'facade.trustedProxies',
    [],
    'addresses or CIDRs whose X-Client-Ip, X-Real-Ip and X-Forwarded-For are believed',
    'trusted-proxies',
  ),
  key(
    'list',
    'facade.openHosts',
    [],
    'addresses or CIDRs of this machine or its link at which registries and repositories may be asked',
  ),
  key(
    'list',
    'facade.caches',
    [],
    'watch caches that start with the process, as v1/pods or apps/v1/deployments; others start on first use',
    'caches',
  ),
  key(
    'bool',
    'facade.rotateRefreshTokens',
    false,
    'a refresh token is good for one use',
    'rotate-refresh-tokens',
  ),
  key(
    'duration',
    'facade.deadlines.kubernetes',
    75_000,
    'until kube-apiserver begins to answer what is passed on, watches and the like apart; 0 = any time',
  ),
  key('duration', 'facade.deadlines.member', 90_000, 'the same of a member cluster'),
  key('duration', 'facade.deadlines.extension', 5 * minute, 'the same of an extension'),
  key(
    'int',
    'facade.limits.requestsPerUser',
    1000,
    'requests that one caller of REST may have in flight; 0 = any number',
  ),
  key(
    'int',
    'facade.limits.streamsPerUser',
    10_000,
    'watches, logs, terminals and other streams that one caller of REST may have open; 0 = any number',
  ),
  key(
    'int',
    'facade.limits.socketsPerUser',
    1000,
    'websockets to the graph that one user may have open; 0 = any number',
  ),
  key(
    'int',
    'facade.threads',
    0,
    'threads that listen in front of the one that owns the caches, one for each core; 0 = that one listens itself',
    'threads',
  ),
  key('map', 'facade.headers', {}, 'headers on every answer, such as strict-transport-security'),
  key(
    'list',
    'facade.cors.allowedOrigins',
    [],
    'origins whose pages may read answers of both faces; * = any',
  ),
  key(
    'bool',
    'facade.cors.checkSockets',
    false,
    'pages of other origins may not open websockets either',
  ),
  key('bool', 'facade.explorer', true, 'the page at /explorer is served'),
  key('bool', 'facade.profiles', false, 'profiles of the process may be taken at /debug'),
  key(
    'duration',
    'facade.slowRequest',
    5000,
    'time from which a request stands in the log with its parts; 0 = none does',
  ),
  key(
    'string',
    'facade.tracing.endpoint',
    '',
    'OTLP collector (HTTP) that gets traces',
    'tracing-endpoint',
  ),
  key(
    'number',
    'facade.tracing.sampleRatio',
    0.01,
    'share of the requests that is traced, 0 to 1',
    'tracing-sample-ratio',
  ),
  key('map', 'facade.tracing.headers', {}, 'headers for the collector'),
  key('string', 'facade.tracing.serviceName', 'ks-facade', 'name of this server in traces'),
  key(
    'duration',
    'facade.terminal.idleTimeout',
    4 * 60 * minute,
    'silence that ends a terminal; 0 = none',
  ),
  key(
    'duration',
    'facade.terminal.maxSession',
    24 * 60 * minute,
    'life of a terminal; 0 = unlimited',
  ),
  key('int', 'facade.terminal.sessionsPerUser', 50, 'terminals that one user may have open'),
  key(
    'int',
    'facade.terminal.execsPerUser',
    10,
    'sessions of the graph that one user may have open',
  ),
  key('string', 'facade.terminal.recordingPath', '', 'folder for recordings of terminals'),
  key(
    'list',
    'facade.graphql.kinds.allow',
    ['*/*'],
    'group/resource patterns of kinds in the graph',
  ),
  key('list', 'facade.graphql.kinds.deny', [], 'group/resource patterns of kinds left out of it'),
  key(
    'list',
    'facade.graphql.subgraph.allow',
    [],
    'group/resource patterns of kinds in the SDL for composers',
  ),
  key(
    'list',
    'facade.graphql.live',
    [],
    'group/resource patterns of kinds that no cache answers for',
  ),
  key('list', 'facade.graphql.subgraph.deny', [], 'group/resource patterns left out of that SDL'),
  key(
    'string',
    'facade.graphql.trustedDocuments',
    '',
    'JSON file of the only documents that are run, by their SHA-256',
  ),
  key('bool', 'facade.graphql.introspection', true, 'the schema is shown to who is logged in'),
  key(
    'int',
    'facade.graphql.clusterTimeoutMs',
    5000,
    'milliseconds that the graph waits for a member cluster',
  ),
  key('int', 'facade.graphql.maxCost', 10_000, 'objects that one request to the graph may read'),
  key('int', 'facade.graphql.maxSubscriptions', 100, 'subscriptions that one user may have'),
  key('map', 'facade.graphql.limits.byGroup', {}, 'limits of the graph, by group of users'),
  key('map', 'facade.graphql.limits.byRole', {}, 'limits of the graph, by global role'),
  key('map', 'facade.graphql.limits.byUser', {}, 'limits of the graph, by user'),
  key('string', 'log.level', 'info', 'trace, debug, info, warn, error or silent', 'log-level'),
]

/** Flags of klog that set nothing here; `true` where the flag takes no separate value. */
export const KLOG_FLAGS: Readonly<Record<string, boolean>> = {
  v: false,
  vmodule: false,
  logtostderr: true,
  alsologtostderr: true,
  stderrthreshold: false,
  'log-dir': false,
  'log-file': false,
  'log-file-max-size': false,
  'log-backtrace-at': false,
  'log-flush-frequency': false,
  'add-dir-header': true,
  'skip-headers': true,
  'skip-log-headers': true,
  'one-output': true,
}

/** Name of the field of `Config`: a duration's ends in `Ms`. */
export function fieldOf({ key: path, kind }: Key): string {
  return kind === 'duration' ? `${path}Ms` : path
}
