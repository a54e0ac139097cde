# shellcheck shell=sh disable=SC2034
# An independent tape library: Debian's tgt, over iSCSI to this machine itself, driven by the kernel's own initiator, st, ch and sg.

tgt_media=/run/tgt-media
tgt_target=iqn.2026-11.test:vtl
tgt_slots=6

# Starts the library once a boot, with the tapes of /share/tapes and two blank ones in its slots; sets changer (a sg device).
start_tgt() {
  [ -d "$tgt_media" ] || make_library
  changer=$(device_of mediumx) || stop "the kernel shows no changer"
  tape=$(device_of tape) || stop "the kernel shows no tape drive"
}

# The sg device of the first device of type $1.
device_of() { lsscsi -g | awk -v type="$1" '$2 == type { print $NF; found = 1; exit } END { exit !found }'; }

tgt() { tgtadm --lld iscsi --mode "$@" || stop "tgtadm --mode $*"; }

make_library() {
  mkdir -p "$tgt_media" /etc/iscsi
  # shellcheck disable=SC2012 # barcodes are harmless names
  tgt_barcodes="$(ls /share/tapes) BLANK1L8 BLANK2L8"
  for barcode in $tgt_barcodes; do
    tgtimg --op new --device-type tape --barcode "$barcode" --size 100 --type data --file "$tgt_media/$barcode" >/dev/null || stop tgtimg
  done
  tgtimg --op new --device-type tape --barcode NOTHING0 --size 1 --type data --file "$tgt_media/nothing" >/dev/null || stop tgtimg
  dd if=/dev/zero of="$tgt_media/smc" bs=1k count=1 2>/dev/null
  tgtd -f >/share/logs/tgtd 2>&1 &
  wait_until 20 tgtadm --lld iscsi --mode system --op show >/dev/null 2>&1 || stop "tgtd does not answer"
  tgt target --op new --tid 1 -T "$tgt_target"
  tgt target --op bind --tid 1 -I ALL
  tgt logicalunit --op new --tid 1 --lun 1 --device-type=tape -b "$tgt_media/nothing"
  # Vendor and product stay tgt's own, so that its defects can be known by name.
  tgt logicalunit --op update --tid 1 --lun 1 --params scsi_sn=DRIVE00001,removable=1,online=0
  tgt logicalunit --op new --tid 1 --lun 3 --device-type=changer -b "$tgt_media/smc"
  # tgt cuts the serial number of the last drive that the changer tells: so there is a second one, with nothing in its place.
  for parameter in scsi_sn=CHANGER001 "media_home=$tgt_media" element_type=4,start_address=500,quantity=2 \
    element_type=4,address=500,tid=1,lun=1 element_type=1,start_address=1,quantity=1 \
    "element_type=2,start_address=1000,quantity=$tgt_slots" element_type=3,start_address=10,quantity=2; do
    tgt logicalunit --op update --tid 1 --lun 3 --params "$parameter"
  done
  slot=1000
  for barcode in $tgt_barcodes; do
    tgt logicalunit --op update --tid 1 --lun 3 --params "element_type=2,address=$slot,barcode=$barcode,sides=1"
    slot=$((slot + 1))
  done
  echo InitiatorName=iqn.2026-11.test:vm >/etc/iscsi/initiatorname.iscsi
  iscsid -f >/share/logs/iscsid 2>&1 &
  wait_until 20 iscsiadm -m discovery -t st -p 127.0.0.1 || stop "no discovery"
  iscsiadm -m node -l || stop "no login"
  wait_until 20 device_of mediumx >/dev/null || stop "no changer"
  wait_until 20 device_of tape >/dev/null || stop "no tape"
}

# load BARCODE: into drive 0, from wherever it is. unload: back to where it came from. A drive reports a new cartridge by a unit
# attention, tgt's does not: st would go on with what it knew of the last one, and has to be told by rewinding.
load() {
  load_slot=$(mtx -f "$changer" status | sed -n "s/^ *Storage Element \\([0-9]*\\)[^:]*:Full :VolumeTag=$1 *\$/\\1/p")
  run mtx -f "$changer" load "${load_slot:-0}" 0 && run mt -f /dev/nst0 rewind
}
unload() { run mtx -f "$changer" unload; }

# How many slots hold a cartridge, as mtx tells.
full_slots() { mtx -f "$changer" status | grep -c ':Full :VolumeTag='; }
