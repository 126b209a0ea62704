{{- define "ks-facade.labels" -}}
app.kubernetes.io/name: ks-facade
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* Never with `tier`, by which ks-core's Deployment knows its pods. */}}
{{- define "ks-facade.selector" -}}
app.kubernetes.io/name: ks-facade
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ks-facade.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end -}}
{{- end -}}
{{- end }}

{{- define "ks-facade.checks" -}}
{{- $many := or (gt (int .Values.replicas) 1) .Values.autoscaling.enabled -}}
{{- if and $many (not .Values.sharedCache) -}}
{{- fail "more than one replica needs cache.type: redis in kubesphere.yaml; say so with sharedCache=true" -}}
{{- end -}}
{{- if and .Values.serveKsApiserver (not .Values.sharedCache) -}}
{{- fail "beside the pods of ks-apiserver a login must be known to both: cache.type: redis, and sharedCache=true" -}}
{{- end -}}
{{- end }}

{{- define "ks-facade.scheme" -}}
{{ ternary "HTTPS" "HTTP" .Values.tls.enabled }}
{{- end }}
