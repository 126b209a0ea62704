/**
 * `kubesphere.yaml` as the rest of the gateway sees it: every key of pipeline.md §23 under its own name. A duration is
 * a number of milliseconds and its field ends in `Ms`.
 */
export interface Config {
  kubernetes: { kubeconfig: string; master: string; qps: number; burst: number }
  cache: {
    /** `InMemoryCache` or `redis`. */
    type: string
    /** Keys in lower case. redis: `host`, `port`, `username`, `password`, `db`. */
    options: Record<string, unknown>
  }
  authentication: AuthenticationConfig
  authorization: { mode: string }
  multicluster: {
    proxyPublishService: string
    proxyPublishAddress: string
    agentImage: string
    clusterControllerResyncPeriodMs: number
    hostClusterName: string
    clusterName: string
    /** `host`, `member` or empty. */
    clusterRole: string
    chartPath: string
  }
  auditing: {
    enable: boolean
    auditLevel: string
    eventBatchSize: number
    eventBatchIntervalMs: number
    webhookOptions: { webhookUrl: string; eventSendersNum: number }
    logOptions: { path: string; maxAge: number; maxBackups: number; maxSize: number }
  }
  kubeconfig: { authMode: string }
  terminal: {
    kubectl: { image: string }
    node: { image: string; timeout: number }
    uploadFileLimit: string
  }
  helmExecutor: {
    image: string
    timeoutMs: number
    historyMax: number
    jobTTLAfterFinishedMs: number
    resources: Record<string, unknown>
    affinity: Record<string, unknown>
  }
  extension: {
    imageRegistry: string
    nodeSelector: Record<string, unknown>
    ingress: {
      ingressClassName: string
      domainSuffix: string
      httpPort: number
      httpsPort: number
    }
  }
  s3: {
    endpoint: string
    region: string
    disableSSL: boolean
    forcePathStyle: boolean
    accessKeyID: string
    secretAccessKey: string
    sessionToken: string
    bucket: string
  }
  kubesphere: { tls: boolean }
  composedApp: { appSelector: string }
  experimental: { validationDirective: string }
  /** Of the process, by flags. */
  server: {
    bindAddress: string
    insecurePort: number
    /** 0 = plain HTTP on `insecurePort`. */
    securePort: number
    tlsCertFile: string
    tlsPrivateKey: string
  }
  /** Ours; the original ignores the section. */
  facade: {
    /** Addresses or CIDRs of the proxies whose `X-Client-Ip`, `X-Real-Ip` and `X-Forwarded-For` are believed. */
    trustedProxies: string[]
    /** Addresses or CIDRs of this machine or its link that registries and repositories of callers may stand at. */
    openHosts: string[]
    /** Watch caches that start with the process and never stop, as `[group/]version/resource`. */
    caches: string[]
    /** New refresh token on each use, the old one dies; using a dead one ends the whole login. */
    rotateRefreshTokens: boolean
    /** Until an upstream begins to answer a proxied request; 0 = any time. */
    deadlines: { kubernetesMs: number; memberMs: number; extensionMs: number }
    /** Of one caller at a time, requests and streams of the REST face, sockets of the graph; 0 = any number. */
    limits: { requestsPerUser: number; streamsPerUser: number; socketsPerUser: number }
    /** On every answer that does not have them by itself; names in lower case. */
    headers: Record<string, string>
    /** Which pages of other origins may read answers (`*` = any), and whether the others may not open websockets. */
    cors: { allowedOrigins: string[]; checkSockets: boolean }
    /** Threads that listen in front of the one that owns the caches; 0 = that one listens itself. */
    threads: number
    /** Whether the page at `/explorer` is served. */
    explorer: boolean
    /** Whether profiles of the process may be taken at `/debug`. */
    profiles: boolean
    /** From which a request stands in the log with what it spent its time on; 0 = none does. */
    slowRequestMs: number
    tracing: {
      /** Address of an OTLP collector (HTTP); empty = no traces. */
      endpoint: string
      /** Of the requests whose caller has no trace, 0 to 1. */
      sampleRatio: number
      /** For the collector; keys in lower case. */
      headers: Record<string, unknown>
      /** Name of this server in traces. */
      serviceName: string
    }
    terminal: {
      /** Without a byte either way; 0 = for ever. */
      idleTimeoutMs: number
      /** Of a whole session; 0 = for ever. */
      maxSessionMs: number
      sessionsPerUser: number
      /** Of those, sessions of the graph. */
      execsPerUser: number
      /** Folder for recordings (asciicast v2) of what terminals show; empty = none are made. */
      recordingPath: string
    }
    graphql: {
      /** Kinds with a type in the graph, as `group/resource` with `*`; what `deny` names is absent. */
      kinds: KindPatterns
      /** Kinds that the graph reads from the API server each time, as `group/resource` with `*`. */
      live: string[]
      /** File of the only documents that are run, by their SHA-256; empty = any. */
      trustedDocuments: string
      /** Whether the schema is shown to who is logged in. */
      introspection: boolean
      /** Milliseconds that a member cluster has to answer a read. */
      clusterTimeoutMs: number
      /** Objects that one request may read. */
      maxCost: number
      /** Subscriptions that one user may have at a time; 0 = any number. */
      maxSubscriptions: number
      /** Limits of audiences, by the name of each in lower case; see `graphLimitsOf`. */
      limits: {
        byGroup: Record<string, unknown>
        byRole: Record<string, unknown>
        byUser: Record<string, unknown>
      }
      /** Of these, the kinds in the SDL that composers get: composing all of them takes long. */
      subgraph: KindPatterns
    }
  }
  log: { level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent' }
  /** Keys of the file that nothing here knows, spelled and nested as they stand there. */
  raw: Record<string, unknown>
}

interface KindPatterns {
  allow: string[]
  deny: string[]
}

interface AuthenticationConfig {
  authenticateRateLimiterMaxTries: number
  authenticateRateLimiterDurationMs: number
  loginHistoryRetentionPeriodMs: number
  loginHistoryMaximumEntries: number
  multipleLogin: boolean
  issuer: {
    url: string
    jwtSecret: string
    /** Path of a PEM file. */
    signKey: string
    /** Base64 of PEM. */
    signKeyData: string
    /** 0 = tokens live for ever and are not kept in the token cache. */
    accessTokenMaxAgeMs: number
    accessTokenInactivityTimeoutMs: number
    maximumClockSkewMs: number
  }
}

/** Lists and free-form maps are given whole. */
export type DeepPartial<T> = {
  [K in keyof T]?: T[K] extends readonly unknown[]
    ? T[K]
    : T[K] extends object
      ? string extends keyof T[K]
        ? T[K]
        : DeepPartial<T[K]>
      : T[K]
}

/** A start-up mistake of the operator; the message is one line that names the key or flag. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
