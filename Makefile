# Two commands matter: `make run` and `make test`. Both install what they need.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

GOLANGCI := v2.15.0
LINT     := bin/golangci-lint-$(GOLANGCI)
GOTESTSUM := v1.13.0
TESTSUM  := bin/gotestsum-$(GOTESTSUM)
CLIENT   := $(shell find webclient/src webclient/pages webclient/public webclient/scripts -type f 2>/dev/null) $(wildcard webclient/*.ts webclient/*.json)
GOFILES  := $(shell find . -name '*.go' -not -path './webclient/node_modules/*')
BENCH   ?= goals $(if $(PEER),-against $(PEER)=$(PEERBIN))
PEERBIN ?= $(PEER:janus2=janus)
FUZZTIME ?= 20s
SUDO     := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: help run build test check gotest clienttest e2e bench bench-api fuzz shots clean

help: ## say what there is
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

run: bin/colloque ## start the server with its defaults: http://localhost:8080
	@exec bin/colloque serve $(ARGS)

build: bin/colloque ## build the web client and the one binary, bin/colloque

test: check gotest clienttest e2e ## everything that proves it: what CI runs

check: $(LINT) webclient/node_modules/.installed ## format, vet, lint, types
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "not formatted, run gofmt -w: $$unformatted"; exit 1; }
	go vet ./...
	$(LINT) run ./...
	cd webclient && npm run --silent check

gotest: $(TESTSUM) ## Go tests with the race detector; what fails runs once more, and is named at the end
	@command -v gcc >/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends gcc libc6-dev; }
	@command -v vdirsyncer >/dev/null && /usr/bin/python3 -c 'import caldav' 2>/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends vdirsyncer python3-caldav; }
	@command -v radicale >/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends radicale; }
	TEST_JOINS=200 $(TESTSUM) --rerun-fails=1 --rerun-fails-abort-on-data-race --packages=./... -- -race -timeout 20m

clienttest: webclient/dist/.built ## unit tests and the size budget of the web client
	cd webclient && npm run --silent test && npm run --silent size

e2e: bin/colloque webclient/node_modules/.installed ## two real browsers, a real call
	@command -v chromium >/dev/null && command -v firefox-esr >/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends chromium firefox-esr fonts-noto-core; }
	cd webclient && npm run --silent e2e

bench: bin/colloque bin/callbench ## what a call costs, beside the goals; PEER=galene PEERBIN=path in turn with another; BENCH="consult -rooms 25" one case
	@bin/callbench $(BENCH)

bench-api: bin/colloque bin/callbench bin/apibench ## what the API costs on a full store, and the calls beside it: two minutes to fill it
	@bin/apibench $(ARGS)

fuzz: ## every fuzz target for FUZZTIME each
	@for pkg in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$pkg 2>/dev/null | grep '^Fuzz' || true); do \
	  echo "$$pkg $$f"; go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$pkg; done; done

shots: bin/colloque webclient/node_modules/.installed ## screenshots of every page into webclient/e2e/shots
	cd webclient && npm run --silent shots

clean: ## remove what was built
	rm -rf bin webclient/dist/* webclient/node_modules

bin/colloque: webclient/dist/.built $(GOFILES) configs/example.yaml go.mod go.sum
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $@ ./cmd/colloque

bin/callbench: $(GOFILES) go.mod go.sum $(wildcard cmd/callbench/testdata/*)
	go build -o $@ ./cmd/callbench

bin/apibench: $(GOFILES) go.mod go.sum
	go build -o $@ ./cmd/apibench

$(LINT):
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)
	mv bin/golangci-lint $@

$(TESTSUM):
	GOBIN=$(CURDIR)/bin go install gotest.tools/gotestsum@$(GOTESTSUM)
	mv bin/gotestsum $@

webclient/node_modules/.installed: webclient/package.json webclient/package-lock.json
	@command -v npm >/dev/null || { echo 'Node.js 20 and npm are needed to build the web client: https://nodejs.org'; exit 1; }
	cd webclient && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

webclient/dist/.built: webclient/node_modules/.installed $(CLIENT)
	cd webclient && npm run --silent build
	@touch $@
