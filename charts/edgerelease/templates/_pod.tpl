{{/* Pod Security restricted; no value loosens it. */}}
{{- define "edgerelease.podSecurity" -}}
runAsNonRoot: true
{{- with .Values.securityContext.runAsUser }}
runAsUser: {{ int64 . }}
{{- end }}
{{- with .Values.securityContext.runAsGroup }}
runAsGroup: {{ int64 . }}
{{- end }}
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "edgerelease.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "edgerelease.amounts" -}}
{{- range $name := list "cpu" "memory" -}}
{{- with index $ $name }}
{{ $name }}: {{ . | toString | quote }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Spread constraints; the operator's own pods are meant where none are named. */}}
{{- define "edgerelease.spread" -}}
{{- range .Values.topologySpreadConstraints }}
- {{ toYaml (ternary . (merge (dict "labelSelector" (dict "matchLabels" (include "edgerelease.selector" $ | fromYaml))) .) (hasKey . "labelSelector")) | nindent 2 | trim }}
{{- end }}
{{- end -}}
