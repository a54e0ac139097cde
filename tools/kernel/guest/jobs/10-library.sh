# shellcheck shell=sh disable=SC2154
# The environment itself: the devices of a library that is not ours are there, and the stock tools can work them.
. /share/guest/start-tgt.sh
start_tgt
run lsscsi -g

prove "$changer (tgt changer)" "the kernel shows a changer with sg and ch devices" "$changer, $(echo /dev/sch*)" [ -c /dev/sch0 ]
prove "$tape (tgt tape)" "the kernel shows a drive with sg and st devices" "$tape, /dev/nst0" [ -c /dev/nst0 ]
inquired() { run sg_inq "$1" && grep -q "$2" /tmp/said; }
prove "$changer (tgt changer)" "sg_inq: medium changer" "SG_IO through the sg driver" inquired "$changer" 'medium changer'
prove "$tape (tgt tape)" "sg_inq: tape" "SG_IO through the sg driver" inquired "$tape" 'tape'

status_right() { run mtx -f "$changer" status && [ "$(full_slots)" -eq "$(echo $tgt_barcodes | wc -w)" ]; }
prove "$changer (tgt changer)" "mtx status: every cartridge with its barcode" "$(full_slots) cartridges" status_right
loaded() { load BLANK1L8 && mtx -f "$changer" status | grep -q 'Data Transfer Element 0:Full (.*VolumeTag = *BLANK1L8'; }
prove "$changer (tgt changer)" "mtx load: the cartridge is in the drive" BLANK1L8 loaded
online() { run mt -f /dev/nst0 status && grep -q ONLINE /tmp/said && grep -q BOT /tmp/said; }
prove "/dev/nst0 (tgt tape)" "mt status: on line, at the beginning" "st driver" wait_until 10 online

# Blocks as large as the format allows, filemarks, and the end of data, all through st.
head -c 2500000 /dev/urandom >/tmp/pattern
blocks() {
  run mt -f /dev/nst0 setblk 0 && run mt -f /dev/nst0 rewind &&
    run dd if=/tmp/pattern of=/dev/nst0 "bs=$1" iflag=fullblock && run mt -f /dev/nst0 rewind &&
    run dd if=/dev/nst0 of=/tmp/back bs=1M && cmp /tmp/pattern /tmp/back &&
    grep -q "^0+$(((2500000 + $1 - 1) / $1)) records in\|^2+1 records in" /tmp/said
}
for size in 10240 65536 524288 1048576; do
  prove "/dev/nst0 (tgt tape)" "variable blocks of $size bytes go and come back with bs=1M" "2500000 bytes" blocks "$size"
done
unloaded() { unload && mtx -f "$changer" status | grep -q 'Data Transfer Element 0:Empty' && [ "$(full_slots)" -eq "$(echo $tgt_barcodes | wc -w)" ]; }
prove "$changer (tgt changer)" "mtx unload: back in its slot" BLANK1L8 unloaded
