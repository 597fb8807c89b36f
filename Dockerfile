# The program alone: no shell, no libraries, no other user's files.
#
#   docker build -t shrike .
#   docker run --rm -v "$PWD:/src:ro" shrike git /src
FROM golang:1.26 AS build
WORKDIR /build
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /shrike ./cmd/shrike

FROM scratch
# For `shrike upload` and `--verify`; nothing else leaves the container.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /shrike /shrike
USER 65532:65532
WORKDIR /src
ENTRYPOINT ["/shrike"]
