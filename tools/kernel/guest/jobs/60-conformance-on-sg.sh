# shellcheck shell=sh disable=SC2034,SC2154
# The conformance suites of drives and changers, which every other way to a device has to pass too, through this kernel's iSCSI
# initiator, its sg driver and the addon: on Debian's tgt, and on our simulator behind its own iSCSI target.
. /share/guest/start-tgt.sh
start_tgt
run "$root/node_modules/.bin/node" --disable-warning=ExperimentalWarning "$root/node_modules/vitest/vitest.mjs" run \
  --root "$root" --config "$root/test/kernel-guest/vitest.config.ts" --configLoader runner --reporter=default --reporter=json --outputFile=/tmp/results
suites_code=$code
"$root/node_modules/.bin/node" "$root/tools/kernel/guest/results.mjs" /tmp/results "tgt-on-sg=tgt's drive and changer (through sg)" \
  "simulator-on-sg=the simulator's drive and changer (over iSCSI, through sg)" >>/share/proofs || stop "the suites left no results"
[ "$suites_code" -eq 0 ] || stop "the conformance suites do not pass"
