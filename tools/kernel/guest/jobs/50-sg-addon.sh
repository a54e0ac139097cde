# shellcheck shell=sh disable=SC2034,SC2154
# The addon node-sg-ioctl on the kernel's own simulator of a disk, scsi_debug: what only a real sg driver can show of it.
device="scsi_debug disk (through sg)"
modprobe scsi_debug dev_size_mb=256 delay=0 || stop "no scsi_debug"
debug_disk() { lsscsi -g | awk '$0 ~ /scsi_debug/ { print $NF; found = 1 } END { exit !found }'; }
wait_until 20 debug_disk >/dev/null || stop "no disk of scsi_debug"
sg=$(debug_disk)
other=$(lsscsi -g | awk '$2 == "disk" && $0 !~ /scsi_debug/ { print $NF; exit }')
[ -n "$other" ] || stop "no other disk"
# checks FILE ARGUMENT...: its lines of proof go to the table.
checks() {
  file=$1
  shift
  run "$root/node_modules/.bin/node" --disable-warning=ExperimentalWarning "$root/tools/kernel/guest/addon/$file" "$@"
  checked=$code
  echo "$file ended with exit code $checked"
  sed -n 's/^proof: //p' /tmp/said | while IFS='|' read -r result what figures; do
    printf '%s\t%s\t%s\t%s\n' "$result" "$device" "$what" "$figures" >>/share/proofs
  done
  return "$checked"
}
checks data-path.ts "$sg" || bad="data-path.ts"
checks on-sg.ts "$sg" "$other" || bad="${bad-} on-sg.ts"
[ -z "${bad-}" ] || stop "the addon's checks failed: $bad"
