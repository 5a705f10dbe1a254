{{/* What the operator calls in each namespace that it works in, and nothing else. */}}
{{- define "edgerelease.rules" -}}
- apiGroups: [edgerelease.dev]
  resources: [edgereleases]
  verbs: [get, list, watch, update]
- apiGroups: [edgerelease.dev]
  resources: [losantapplications]
  verbs: [get, list, watch]
- apiGroups: [edgerelease.dev]
  resources: [edgereleases/status, losantapplications/status]
  verbs: [update]
- apiGroups: [edgerelease.dev]
  resources: [edgereleaserevisions]
  verbs: [get, list, create, update, delete]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [get, create, update]
{{- end -}}

{{- define "edgerelease.subjects" -}}
- kind: ServiceAccount
  name: {{ include "edgerelease.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}
