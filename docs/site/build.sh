#!/bin/sh
# Builds the documentation site; called by Maven in this folder. The product needs a JDK only: without Node.js it is built without
# its site, and says so. $1: auto, required (no site, no build) or skip.
set -u
cd -- "$(dirname -- "$0")" || exit 1
out=target/classes/docs-site

without() {
    if [ "${1}" = required ]; then
        echo "[ERROR] The documentation site is required and was not built: $2." >&2
        exit 1
    fi
    echo "[WARNING] The documentation site was NOT BUILT: $2." >&2
    echo "[WARNING] Its pages can be read in docs/. To build it, install Node.js 20 or newer with npm, and build again." >&2
    rm -rf "$out" target/site.sha256
    mkdir -p "$out"
    sed "s|REASON|$2|" not-built.html >"$out/index.html"
    exit 0
}

how=${1:-auto}
[ "$how" != skip ] || without auto "it was not wanted"
command -v node >/dev/null 2>&1 || without "$how" "there is no Node.js on the PATH"
command -v npm >/dev/null 2>&1 || without "$how" "there is no npm on the PATH"
major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || without "$how" "node does not run"
[ "$major" -ge 20 ] || without "$how" "Node.js is $(node -v), and 20 is needed"

# What npm installed is as good as the lock file that it installed from.
if ! cmp -s package-lock.json node_modules/.installed; then
    mkdir -p target
    # npm ci also wants the packages of every other platform; a mirror may not have them all, and npm install does without
    if ! npm ci --no-audit --no-fund --loglevel=error >target/npm.log 2>&1 &&
        ! npm install --no-save --no-audit --no-fund --loglevel=error >>target/npm.log 2>&1; then
        cat target/npm.log >&2
        without "$how" "npm could not fetch what the site is built with"
    fi
    cp package-lock.json node_modules/.installed
fi
exec node build.mjs
