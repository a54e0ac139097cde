#!/bin/sh
# One call of the C compiler: N-API is a stable ABI, so that no headers are fetched and no generator is needed.
set -eu
cd "$(dirname "$0")"
if [ "$(uname -s)" != Linux ]; then
  echo "posix-entries: built on Linux only" >&2
  exit 0
fi
if ! command -v "${CC:-cc}" >/dev/null 2>&1; then
  echo "posix-entries: no C compiler; install gcc or clang and run: npm rebuild posix-entries" >&2
  exit 1
fi
headers=""
for place in node_modules/node-api-headers ../../node_modules/node-api-headers ../node-api-headers; do
  if [ -f "$place/include/node_api.h" ]; then headers="$place/include"; break; fi
done
if [ -z "$headers" ]; then
  echo "posix-entries: the package node-api-headers is missing; run: npm install" >&2
  exit 1
fi
mkdir -p build
# Written beside and renamed, so that a process that has it loaded keeps what it loaded.
"${CC:-cc}" -std=c17 -O2 -fPIC -shared -fvisibility=hidden -D_FILE_OFFSET_BITS=64 -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
  -Wall -Wextra -Werror=implicit-function-declaration -isystem "$headers" -Wl,-z,relro,-z,now -o "build/posix-entries.node.$$.tmp" src/*.c
mv -f "build/posix-entries.node.$$.tmp" build/posix-entries.node
