# shellcheck shell=sh disable=SC2034,SC2154
# Our own virtual library behind its iSCSI target, in a process of its own, with this kernel logged in. iscsid runs already.

sim_target=iqn.2026-11.test:simulator
sim_portal=127.0.0.1:3261

# Sets sim_changer, sim_tape (sg devices) and sim_nst.
start_simulator() {
  start_tgt
  rm -rf /big/vtl
  run "$root/tools/strongroom" simulator create /big/vtl --drives 1 --slots 6 --mail-slots 1 --cartridges 4 --capacity 64MiB --prefix VT || stop "no virtual library"
  lsscsi -g | awk '{ print $NF }' | sort >/tmp/devices-before
  "$root/tools/strongroom" simulator serve /big/vtl --listen "$sim_portal" --target "$sim_target" >/share/logs/simulator 2>&1 &
  simulator=$!
  wait_until 60 iscsiadm -m discovery -t st -p "$sim_portal" || stop "no discovery"
  iscsiadm -m node -T "$sim_target" -p "$sim_portal" -l || stop "no login"
  wait_until 20 new_device mediumx >/dev/null && wait_until 20 new_device tape >/dev/null || stop "the kernel shows no virtual library"
  sim_changer=$(new_device mediumx)
  sim_tape=$(new_device tape)
  sim_nst=/dev/n$(basename "$(lsscsi -g | awk -v sg="$sim_tape" '$NF == sg { print $(NF - 1) }')")
  wait_until 20 [ -c "$sim_nst" ] || stop "no $sim_nst"
}

# The sg device of the first device of type $1 that was not there before.
new_device() { lsscsi -g | awk -v type="$1" '$2 == type { print $NF }' | grep -vxFf /tmp/devices-before | head -n 1 | grep .; }

stop_simulator() {
  iscsiadm -m node -T "$sim_target" -p "$sim_portal" -u
  kill "$simulator" && wait "$simulator"
  echo "the simulator ended with $?"
}
