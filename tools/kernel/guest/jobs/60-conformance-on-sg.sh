# shellcheck shell=sh disable=SC2034,SC2154
# The conformance suites of drives and changers, which every other way to a device has to pass too, through this kernel's iSCSI
# initiator, its sg driver and the addon.
. /share/guest/start-tgt.sh
start_tgt
# suite FILE DEVICE: one line of the table for each test of the suite.
suite() {
  run "$root/node_modules/.bin/node" --disable-warning=ExperimentalWarning "$root/node_modules/vitest/vitest.mjs" run \
    --root "$root" --config "$root/test/kernel-guest/vitest.config.ts" --configLoader runner "$1" --reporter=default --reporter=json --outputFile=/tmp/results
  suite_code=$code
  "$root/node_modules/.bin/node" "$root/tools/kernel/guest/results.mjs" /tmp/results "$2" >>/share/proofs || stop "$1 left no results"
  return "$suite_code"
}
suite tgt-on-sg "tgt's drive and changer (through sg)" || stop "the conformance suites do not pass"
