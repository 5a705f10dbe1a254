# The operator's image: no shell, no package manager, no root. `make image` publishes what is copied here and builds the same
# image from Debian's packages, for the tests; the release workflow builds this one for amd64 and arm64.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled-extra
ARG TARGETARCH
COPY .artifacts/image-${TARGETARCH}/ /
USER 65532:65532
ENTRYPOINT ["/app/edgerelease-operator"]
