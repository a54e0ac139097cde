#!/bin/sh
# One call of the C compiler: N-API is a stable ABI, so no headers are fetched and no generator is needed.
# The instruction sets are chosen per function and checked when loaded, so the file runs on any x86-64; elsewhere it reports itself unavailable.
set -eu
cd "$(dirname "$0")"
if ! command -v "${CC:-cc}" >/dev/null 2>&1; then
  echo "bulk-seal: no C compiler; install gcc or clang and run: npm rebuild bulk-seal" >&2
  exit 1
fi
headers=""
for place in node_modules/node-api-headers ../../node_modules/node-api-headers ../node-api-headers; do
  if [ -f "$place/include/node_api.h" ]; then headers="$place/include"; break; fi
done
if [ -z "$headers" ]; then
  echo "bulk-seal: the package node-api-headers is missing; run: npm install" >&2
  exit 1
fi
mkdir -p build
# Written beside and renamed, so that a process that has it loaded keeps what it loaded.
"${CC:-cc}" -std=gnu17 -O2 -fPIC -shared -fvisibility=hidden -fno-strict-aliasing -fstack-protector-strong -Wall -Wextra \
  -isystem "$headers" -Wl,-z,relro,-z,now -o "build/bulk-seal.node.$$.tmp" src/*.c
mv -f "build/bulk-seal.node.$$.tmp" build/bulk-seal.node
