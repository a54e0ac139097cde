# shellcheck shell=sh disable=SC2034,SC2154
# Our simulator as an instrument for other people's software: served over iSCSI, seen by this kernel's initiator, st, ch and sg, and
# worked by mtx, mt, tar, dd, sg3-utils and stenc, none of which knows what is behind it. The kernel must have nothing to complain of.
. /share/guest/start-tgt.sh
. /share/guest/start-simulator.sh
. /share/guest/stranger.sh
start_simulator
dmesg | wc -l >/tmp/dmesg-before
place="our simulator (over iSCSI)"

# --- mtx on the changer -------------------------------------------------------------------------------------------------------

has() { grep -q -- "$1" /tmp/said; }
mtx_is() { run mtx -f "$sim_changer" status && has "$1"; }
prove "$place: mtx" "status: drives, slots, mail slots, every barcode" "$sim_changer" mtx_is 'Storage Element 1:Full :VolumeTag=VT0001L8'
prove "$place: mtx" "inquiry" "$sim_changer" run mtx -f "$sim_changer" inquiry
prove "$place: mtx" "inventory" "$sim_changer" run mtx -f "$sim_changer" inventory
transfer() { run mtx -f "$sim_changer" transfer 4 6 && mtx_is 'Storage Element 6:Full :VolumeTag=VT0004L8'; }
prove "$place: mtx" "transfer: from slot to slot" "4 to 6" transfer
mail() { run mtx -f "$sim_changer" transfer 6 7 && mtx_is 'Storage Element 7 IMPORT/EXPORT:Full :VolumeTag=VT0004L8' && run mtx -f "$sim_changer" transfer 7 4; }
prove "$place: mtx" "transfer: to a mail slot and back" "6 to 7 to 4" mail
load_first() { run mtx -f "$sim_changer" load 1 0 && mtx_is 'Data Transfer Element 0:Full (Storage Element 1 Loaded):VolumeTag = VT0001L8'; }
prove "$place: mtx" "load" "slot 1 into drive 0" load_first || stop "nothing can be loaded"
prove "$place: mtx" "position" "in front of slot 1" run mtx -f "$sim_changer" position 1
prove "$place: mtx" "loaderinfo" "$sim_changer" run loaderinfo -f "$sim_changer"
prove "$place: mtx" "tapeinfo: the drive and what is in it" "$sim_tape" run tapeinfo -f "$sim_tape"

ejected() { run mtx -f "$sim_tape" eject && run mtx -f "$sim_changer" unload 1 0 && mtx_is 'Data Transfer Element 0:Empty' && load_first; }
prove "$place: mtx" "eject, unload, and load again" "slot 1" ejected

# --- mt on the drive ----------------------------------------------------------------------------------------------------------

nst=$sim_nst
mt_ok() { run mt -f "$nst" "$@"; }
# After a reset st knows no position before the tape was rewound once; a new session begins with one.
mt_status() { mt_ok rewind && mt_ok status && has ONLINE && has BOT && has 0x5e; }
prove "$place: mt" "status: on line, at the beginning, density of LTO-8" "$nst" wait_until 10 mt_status
for verb in 'setblk 0' 'rewind' 'weof 1' 'bsf 1' 'rewind' 'stsetoptions scsi2logical' 'stshowoptions' 'stclearoptions scsi2logical' 'defblksize 0' \
  'defcompression 1' 'compression 1' 'drvbuffer 1' 'defdrvbuffer 1' 'sttimeout 900' 'stlongtimeout 14000' 'lock' 'unlock' 'tell' 'densities'; do
  # shellcheck disable=SC2086 # a verb and its argument
  prove "$place: mt" "$verb" "$nst" mt_ok $verb
done
# Three files of two blocks, to be walked over in every direction.
files() {
  mt_ok rewind || return 1
  for word in one two three; do
    { printf '%s A' "$word"; head -c 1000 /dev/zero; } >/tmp/a && { printf '%s B' "$word"; head -c 1000 /dev/zero; } >/tmp/b
    cat /tmp/a /tmp/b >/tmp/ab && dd if=/tmp/ab of="$nst" bs=$(wc -c </tmp/a) 2>/tmp/dd || { cat /tmp/dd; return 1; }
  done
}
prove "$place: mt" "three files of two blocks are written" "dd" files
word_here() { dd if="$nst" bs=64k count=1 2>/dev/null | head -c 9 | tr -d '\000' | grep -q "^$1"; }
walk() { mt_ok rewind && mt_ok fsf 2 && word_here 'three A' && mt_ok bsfm 2 && word_here 'two A' && mt_ok fsf 1 && mt_ok bsf 1; }
prove "$place: mt" "fsf, bsfm, bsf" "three files" walk
records() { mt_ok rewind && mt_ok fsr 1 && word_here 'one B' && mt_ok bsr 1 && word_here 'one B' && mt_ok fsfm 1; }
prove "$place: mt" "fsr, bsr, fsfm" "two blocks" records
ends() { mt_ok eod && mt_ok tell && has 'block 9' && mt_ok seek 3 && word_here 'two A' && mt_ok asf 2 && word_here 'three A' && mt_ok seod; }
prove "$place: mt" "eod, tell, seek, asf, seod" "9 objects" ends
offline() { mt_ok rewind && mt_ok erase && mt_ok retension && mt_ok offline && mt_ok load && mt_status; }
prove "$place: mt" "erase, retension, offline, load" "$nst" offline
prove "$place: mt" "setdensity 0x5e" "LTO-8" mt_ok setdensity 0x5e

# --- tar and dd ---------------------------------------------------------------------------------------------------------------

archived() {
  mt_ok rewind && run tar --format=posix -C /share/tree -b 512 -cf "$nst" . && run tar -C /share/tree -b 512 -cf "$nst" letters && mt_ok rewind &&
    rm -rf /big/from-tar && mkdir /big/from-tar && run tar -C /big/from-tar -b 512 -xpf "$nst" && same_tree /big/from-tar
}
prove "$place: tar" "a tree is written in blocks of 256 KiB and comes back the same" "$(find /share/tree | wc -l) entries" archived
second() { mt_ok rewind && mt_ok fsf 1 && run tar -b 512 -tf "$nst" && has letters/one.txt; }
prove "$place: tar" "the second file of the tape is found" "letters" second
copied() { head -c 30000000 /dev/urandom >/big/pattern && mt_ok rewind && run dd if=/big/pattern of="$nst" bs=1M && mt_ok rewind && dd if="$nst" bs=1M 2>/dev/null | cmp - /big/pattern; }
prove "$place: dd" "blocks of 1 MiB go and come back" "30 MB" copied
early() { mt_ok rewind && ! run dd if=/dev/zero of="$nst" bs=1M && has 'No space left on device'; }
prove "$place: dd" "the end of the medium is told as no space left" "64 MiB" early

# --- sg3-utils ----------------------------------------------------------------------------------------------------------------

mt_ok rewind
for tool in "sg_inq $sim_tape" "sg_vpd -a $sim_tape" "sg_logs -a $sim_tape" "sg_read_attr $sim_tape" "sg_opcodes $sim_tape" "sg_modes $sim_tape" \
  "sg_luns $sim_changer" "sg_inq $sim_changer" "sg_vpd -a $sim_changer" "sg_opcodes $sim_changer" "sg_modes $sim_changer" "sg_requests $sim_tape" \
  "sg_read_block_limits $sim_tape" "sg_turs $sim_tape"; do
  # shellcheck disable=SC2086 # a command and its arguments
  prove "$place: sg3-utils" "${tool% *}" "${tool##* }" run $tool
done
reserved() {
  run sg_persist --out --register --param-sark=abc "$sim_tape" && run sg_persist --out --reserve --param-rk=abc --prout-type=3 "$sim_tape" &&
    run sg_persist --in -r "$sim_tape" && has 'Exclusive Access' && run sg_persist --out --release --param-rk=abc --prout-type=3 "$sim_tape" &&
    run sg_persist --out --register --param-rk=abc "$sim_tape"
}
prove "$place: sg3-utils" "sg_persist: register, reserve, read, release" "$sim_tape" reserved

# --- the kernel ---------------------------------------------------------------------------------------------------------------

quiet() {
  dmesg | tail -n "+$(($(cat /tmp/dmesg-before) + 1))" >/tmp/said
  cat /tmp/said
  # A unit says once to each new session that it was switched on.
  ! grep -v 'Power-on or device reset occurred' /tmp/said | grep -Ei 'error|fail|abort|reset|timeout|bogus|illegal|warn|invalid|oops'
}
prove "$place" "the kernel has nothing to complain of" "dmesg" quiet

# --- stenc --------------------------------------------------------------------------------------------------------------------

encrypted() {
  printf '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\nnote\n' >/tmp/key &&
    run stenc -f "$sim_tape" -e on -k /tmp/key -a 1 --unprotect && run stenc -f "$sim_tape" --detail &&
    mt_ok rewind && echo 'a secret' | run dd of="$nst" bs=64k && run stenc -f "$sim_tape" -e off -a 1 && mt_ok rewind && ! run dd if="$nst" of=/dev/null bs=64k
}
if command -v stenc >/dev/null 2>&1; then
  prove "$place: stenc" "on, detail, off; what was encrypted is not read without the key" "$sim_tape" encrypted
fi

mtx -f "$sim_changer" unload 1 0 >/tmp/said 2>&1
stop_simulator
