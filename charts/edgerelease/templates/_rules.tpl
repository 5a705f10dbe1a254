{{/* What the operator calls in each namespace that it works in, and nothing else. */}}
{{- define "edgerelease.rules" -}}
{{- (.Files.Get "files/rbac.yaml" | fromYaml).work | toYaml -}}
{{- end -}}

{{- define "edgerelease.subjects" -}}
- kind: ServiceAccount
  name: {{ include "edgerelease.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}
