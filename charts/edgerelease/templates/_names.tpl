{{/* The name of the objects. */}}
{{- define "edgerelease.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgerelease.app" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* What selects the operator's pods. */}}
{{- define "edgerelease.selector" -}}
{{ include "edgerelease.app" . }}
app.kubernetes.io/component: operator
{{- end -}}

{{/* The labels of every object. */}}
{{- define "edgerelease.labels" -}}
{{ include "edgerelease.app" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "edgerelease.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "edgerelease.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The Secret with the certificate of the metrics, if they are served over HTTPS by one. */}}
{{- define "edgerelease.certificate" -}}
{{- if .Values.monitoring.https.enabled -}}{{- .Values.monitoring.https.secretName -}}{{- end -}}
{{- end -}}

{{/* The image: a digest wins over a tag, the global registry over the image's own. */}}
{{- define "edgerelease.image" -}}
{{- $registry := default .Values.image.registry .Values.global.imageRegistry -}}
{{- $path := .Values.image.repository -}}
{{- if $registry -}}{{- $path = printf "%s/%s" (trimSuffix "/" $registry) $path -}}{{- end -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $path .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $path (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}
