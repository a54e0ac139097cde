# shellcheck shell=sh disable=SC2154
# A disk as people carry it, with exFAT: Strongroom writes a volume on it here, the disk is pulled out and put in again, and the
# stranger reads it with stock tools, as README-FIRST.txt on the disk says.
. /share/guest/stranger.sh

# The block device of the disk on the USB bus, or nothing.
usb_disk() { for block in /sys/block/sd*; do case $(readlink -f "$block") in */usb*) echo "/dev/${block##*/}"; return 0 ;; esac; done; return 1; }
no_usb_disk() { ! usb_disk >/dev/null; }
# The hands outside: see host/boot.sh.
hand() { touch "/share/requests/$1"; }

wait_until 30 usb_disk >/dev/null || stop "no USB disk"
disk=$(usb_disk)
device="USB disk (QEMU usb-storage)"
run lsscsi -tg
bus=$(readlink -f "/sys/block/${disk##*/}")
prove "$device" "the kernel shows a disk on the USB bus" "$disk" [ -b "$disk" ]
formatted() {
  wait_until 10 [ -b "${disk}1" ] && run mkfs.exfat "${disk}1" && mkdir -p /media/usb && run mount -t exfat "${disk}1" /media/usb
}
prove "$device" "made exFAT and mounted" "${disk}1" formatted || stop "no file system"

# The appliance was made outside, to save the time of emulation; everything that touches the disk is done here.
cp -a /share/state /big/state
strongroom() { run "$root/tools/strongroom" --state /big/state "$@"; }
volume_made() { strongroom volume init USB00001 --pool usb --folder /media/usb; }
archived() { strongroom archive create papers --source /share/tree --pool usb --segment-size 2MiB && strongroom archive run papers; }
prove "$device" "strongroom makes a volume in the folder" USB00001 volume_made
prove "$device" "strongroom archives a tree to it and reads it back" "$(find /share/tree | wc -l) entries" archived
objects=$(find /media/usb -name '00*' | wc -l)
run ls -l /media/usb
run umount /media/usb

hand pull
prove "$device" "pulled out: the kernel takes the disk away" "$disk" wait_until 30 no_usb_disk
hand plug
back() { wait_until 60 usb_disk >/dev/null && disk=$(usb_disk) && wait_until 10 [ -b "${disk}1" ]; }
prove "$device" "put in again: the kernel shows it anew" "${bus##*/usb}" back || stop "the disk did not come back"

new_stranger
run mount -t exfat -o ro "${disk}1" /mnt && cp /mnt/README-FIRST.txt /tmp/README-FIRST.txt
prove "$device" "README-FIRST.txt is there to be read" "$objects objects" [ -s /tmp/README-FIRST.txt ] || stop "nothing to go by"
run umount /mnt
cat /tmp/README-FIRST.txt
commands_of /tmp/README-FIRST.txt 6 >/tmp/steps
sed -e "s|/dev/sdX1|${disk}1|" -e 's/NAME$/one.txt/' -e 's/PATH$/letters\/one.txt/' \
  -e '/recover.sh \(restore\|catalog\)/s/$/ --passphrase-file passphrase/' /tmp/steps | make_script "$stranger_home/steps.sh"
stranger sh steps.sh
prove_steps "$device" disk 6.1 6.2 6.3 6.4 6.5 6.6 6.7
prove "$device" "the tree that came back is the same (rsync -aHAXnci --delete)" "$(find /big/restored | wc -l) entries" same_tree /big/restored
