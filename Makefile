# EdgeRelease. `make` alone prints what there is to do.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export DOTNET_CLI_TELEMETRY_OPTOUT ?= 1
export DOTNET_NOLOGO ?= 1
export NUGET_CERT_REVOCATION_MODE ?= offline
SWARM := tests/Swarm/bin/Release/net10.0/EdgeRelease.Tests.Swarm --no-progress --no-ansi
UNIT := tests/Unit/bin/Release/net10.0/EdgeRelease.Tests.Unit --no-progress --no-ansi
BUILD := dotnet build Operator.sln -c Release -nologo -v q -clp:NoSummary

.PHONY: help
help: ## print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## compile everything, warnings are errors
	@tests/ControlPlane/sdk.sh
	@$(BUILD)

.PHONY: run
run: build ## the main job on a real API server: one release to Complete, one rolled back (KEEP=1 keeps it running)
	@tests/run.sh

.PHONY: test
test: build ## every test, real API server included; last line: N passed, N failed, N skipped
	@tests/test.sh Unit Swarm EndToEnd

.PHONY: unit
unit: build ## the tests that need no API server
	@tests/test.sh Unit Swarm

.PHONY: swarm
swarm: build ## 100,000 random schedules, over an hour: make swarm N=2000 SEED=1 for fewer; or every crash plan: make swarm CRASHES=all
ifdef CRASHES
	@EDGERELEASE_CRASHES=$(CRASHES) $(SWARM) --filter-class '*CrashTests'
else
	@EDGERELEASE_SWARM_N=$(or $(N),100000) EDGERELEASE_SWARM_SEED=$(or $(SEED),$$(shuf -i 1-1000000000 -n 1)) \
	  $(SWARM) --filter-method '*random_schedules'
endif

.PHONY: swarm-full
swarm-full: build ## hours: every crash plan, a hundred thousand pairs of them, 10,000 sequences of edits, 10,000 traces, 100,000 edits under scans, a million states
	@EDGERELEASE_CRASHES=all $(SWARM) --filter-class '*CrashTests'
	@EDGERELEASE_CRASHES=pairs $(SWARM) --filter-class '*CrashTests'
	@EDGERELEASE_EDITS=10000 $(SWARM) --filter-class '*EditTests'
	@EDGERELEASE_TRACES=10000 $(SWARM) --filter-method '*same_schedule*'
	@EDGERELEASE_SCAN_EDITS=100000 $(UNIT) --filter-method '*Never_misses_a_*'
	@EDGERELEASE_SEARCH_N=300000 $(UNIT) --filter-class '*PlannerSearchTests'

.PHONY: soak
soak: build ## the outages in full length: API server and Losant away for minutes
	@EDGERELEASE_SOAK=1 tests/test.sh EndToEnd

.PHONY: cli
cli: ## kubectl-edgerelease as one file that needs nothing, in .artifacts/
	@dotnet publish operator/Cli -c Release -r linux-x64 -nologo -v q -o .artifacts
	@ls -l .artifacts/kubectl-edgerelease

.PHONY: image
image: ## the operator's image, in .artifacts/; what is in it is what the Dockerfile takes
	@tests/image.sh

.PHONY: pods
pods: build ## the image on a real node (root, Linux): helm installs it, a release completes, the leader's pod is killed
	@tests/pods.sh

.PHONY: sbom
sbom: ## what the image has of others, as CycloneDX, in .artifacts/
	@mkdir -p .artifacts && tests/sbom.sh >.artifacts/sbom.json && ls -l .artifacts/sbom.json

.PHONY: reproducible
reproducible: ## build image and command line twice, cleanly, and compare every byte
	@tests/reproducible.sh

.PHONY: generate
generate: build ## write crds/ from the contract, what the chart makes of it, and the page of kubectl edgerelease
	@operator/Host/bin/Release/net10.0/edgerelease-operator generate crds
	@operator/Cli/bin/Release/net10.0/kubectl-edgerelease reference >operator/Cli/README.md
	@$(MAKE) --no-print-directory chart

.PHONY: chart
chart: ## copy the CRDs into the chart and render charts/install from it
	@cp crds/*.yaml charts/edgerelease/files/crds/
	@charts/render.sh >charts/install/install.yaml.new && mv charts/install/install.yaml.new charts/install/install.yaml

.PHONY: lint
lint: ## formatting of the C# sources
	@dotnet tool restore >/dev/null && dotnet csharpier check operator tests

.PHONY: format
format: ## format the C# sources
	@dotnet tool restore >/dev/null && dotnet csharpier format operator tests

.PHONY: check
check: generate lint ## generate, unchanged tree, lint, test
	@git diff --exit-code crds charts operator/Cli/README.md
	@$(MAKE) --no-print-directory test
