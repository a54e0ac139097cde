#!/bin/sh
# One call of the C compiler: N-API is a stable ABI, so that no headers are fetched and no generator is needed.
# The test run builds a second one on a scripted device: sh build.sh FILE.node -DSG_TEST test/fake-device.c
set -eu
cd "$(dirname "$0")"
if [ "$(uname -s)" != Linux ]; then
  echo "node-sg-ioctl: built on Linux only" >&2
  exit 0
fi
if ! command -v "${CC:-cc}" >/dev/null 2>&1; then
  echo "node-sg-ioctl: no C compiler; install gcc or clang and run: npm rebuild node-sg-ioctl" >&2
  exit 1
fi
headers=""
for place in node_modules/node-api-headers ../../node_modules/node-api-headers ../node-api-headers; do
  if [ -f "$place/include/node_api.h" ]; then headers="$place/include"; break; fi
done
if [ -z "$headers" ]; then
  echo "node-sg-ioctl: the package node-api-headers is missing; run: npm install" >&2
  exit 1
fi
target="${1:-build/node-sg-ioctl.node}"
if [ "$#" -gt 0 ]; then shift; fi
mkdir -p "$(dirname "$target")"
# Written beside and renamed, so that a process that has it loaded keeps what it loaded. nodelete: a thread may still be in the
# kernel when the environment that loaded the file ends, and comes back to this code.
"${CC:-cc}" -std=c17 -D_GNU_SOURCE -O2 -fPIC -shared -fvisibility=hidden -pthread -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
  -Wall -Wextra -Werror=implicit-function-declaration -isystem "$headers" -Isrc -Wl,-z,relro,-z,now -Wl,-z,nodelete \
  -o "$target.$$.tmp" src/*.c "$@"
mv -f "$target.$$.tmp" "$target"
