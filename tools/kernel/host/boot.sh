# shellcheck shell=sh disable=SC2034,SC2154
# Boots the guest, does for it what only hands could do, shows its proofs as they come, and judges.

boot() {
  truncate -s 1G "$T/scratch.img"
  make_stick "$T/usb.img"
  mkfifo "$T/monitor.in" "$T/monitor.out"
  cat "$T/monitor.out" >"$T/monitor.log" &
  watcher=$!
  printf '%s\n' "root=$root" "jobs='$jobs'" "longest_s=$longest_s" >"$share/settings"
  cp -R "$kernel_test/guest" "$share/guest"
  # Software emulation: hardware help is not everywhere, and where a container passes it on, it may hang.
  qemu-system-x86_64 -machine q35,accel=tcg -cpu max -smp 2 -m 3000 -display none -no-reboot \
    -serial "file:$T/serial.log" -chardev "pipe,id=monitor,path=$T/monitor" -mon chardev=monitor,mode=readline \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
    -virtfs "local,path=$share,mount_tag=share,security_model=none,multidevs=remap" \
    -netdev user,id=n,restrict=on -device virtio-net-pci,netdev=n \
    -drive "if=virtio,format=raw,file=$T/scratch.img" \
    -blockdev "driver=raw,node-name=stick,file.driver=file,file.filename=$T/usb.img" \
    -device qemu-xhci,id=xhci -device usb-storage,bus=xhci.0,drive=stick,id=usb-disk,removable=on \
    -kernel "$kernel" -initrd "$T/initramfs.cpio" -append "console=ttyS0 quiet panic=1" 2>"$T/qemu.log" &
  qemu=$!
  shown=0
  until_s=$(($(date +%s) + longest_s))
  while kill -0 "$qemu" 2>/dev/null; do
    [ "$(date +%s)" -lt "$until_s" ] || { prove_failed kernel-test "the guest was ended after $longest_s s"; break; }
    hands
    show_proofs
    sleep 0.5
  done
  kill "$qemu" 2>/dev/null
  wait "$qemu"
  qemu=''
  kill "$watcher" 2>/dev/null
  watcher=''
  show_proofs
}

# A disk of 256 MiB with one partition of type 7 from sector 2048 on: a partition table is 16 bytes and a signature.
make_stick() {
  truncate -s 256M "$1"
  printf '\000\000\002\000\007\377\377\377\000\010\000\000\000\370\007\000' | dd of="$1" bs=1 seek=446 conv=notrunc 2>/dev/null
  printf '\125\252' | dd of="$1" bs=1 seek=510 conv=notrunc 2>/dev/null
}

# What a job asked for by a file: the USB disk is pulled out or put in.
hands() {
  for request in "$share"/requests/*; do
    case ${request##*/} in
      pull) echo 'device_del usb-disk' >"$T/monitor.in" ;;
      plug) echo 'device_add usb-storage,bus=xhci.0,drive=stick,id=usb-disk,removable=on' >"$T/monitor.in" ;;
      *) continue ;;
    esac
    rm -f "$request"
  done
}

prove_failed() { printf 'FAILED\t%s\t%s\t-\n' "$1" "$2" >>"$share/proofs"; }

show_proofs() {
  tail -n "+$((shown + 1))" "$share/proofs" | awk -F '\t' -v at="$(elapsed)" '{ printf "  -> %s: %s: %s (%s)  [%s]\n", $1, $2, $3, $4, at }'
  shown=$(wc -l <"$share/proofs")
}

# The table, device by device; what a failed job printed; the exit status.
report() {
  if [ ! -f "$share/finished" ]; then
    prove_failed kernel-test "the guest did not come to its end"
    tail -n 30 "$T/serial.log" "$T/qemu.log"
  fi
  for job in $jobs; do
    grep -q "^$job 0\$" "$share/ended" 2>/dev/null || prove_failed "$job" "the job did not end well"
  done
  if grep -q '^FAILED' "$share/proofs"; then
    for log in "$share"/logs/*; do
      printf '\n== the end of %s\n' "${log##*/}"
      tail -n 60 "$log" | tr -d '\000-\010\013-\037\177'
    done
  fi
  printf '\n== what was proven\n\n'
  sort -s -t "$(printf '\t')" -k2,2 "$share/proofs" |
    awk -F '\t' '{ if ($2 != device) { device = $2; print "   " device } printf "     %-6s  %-70s  %s\n", $1, $3, $4 }'
  failed=$(grep -c '^FAILED' "$share/proofs")
  printf '\n   %s proofs, %s failed, %s minutes\n' "$(wc -l <"$share/proofs" | tr -d ' ')" "$failed" "$(elapsed)"
  [ "$failed" -eq 0 ]
}
