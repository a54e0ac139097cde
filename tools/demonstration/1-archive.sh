# shellcheck shell=sh disable=SC2034,SC2154
# From a bare clone to a tree on tape and disk: set-up, appliance, keys, library, pools, a run that is killed and goes on.

chapter "Set-up"
say "npm packages as locked, native parts built, Debian's tools where root may install them."
printf ' $ %s\n' "tools/setup"
sh "$root/tools/setup" || stop "tools/setup failed"
for tool in gpg tar zstd sha256sum find; do
  command -v "$tool" >/dev/null 2>&1 || stop "$tool is not here; as root: apt-get install $tool"
done
ln -s "$root/tools/strongroom" "$T/bin/strongroom"
PATH=$T/bin:$PATH
STRONGROOM_STATE=$T/state
export PATH STRONGROOM_STATE
cd "$T" || exit 1
say "Everything happens in $T; STRONGROOM_STATE=$T/state"

chapter "What is archived"
# Bytes and entries of all sources together, in sum_mb and sum_entries.
measure_sources() {
  set -- $(for name in $sources; do find "$T/source/$name/" -printf '%y %s\n'; done |
    awk '$1 == "f" { bytes += $2 } END { print int(bytes / 1000000), NR }')
  sum_mb=$1 sum_entries=$2
}
ln -s "$root/node_modules" source/modules
ln -s /usr/share/doc source/doc
sources='modules doc'
measure_sources
for more in /usr/share/man /usr/share/locale /usr/include /usr/lib/python3 /usr/share/perl /usr/share/zoneinfo /usr/lib/gcc; do
  if [ "$sum_mb" -ge "$least_mb" ] && [ "$sum_entries" -ge "$least_entries" ]; then break; fi
  [ -d "$more" ] || continue
  name=$(basename "$more")
  ln -s "$more" "source/$name"
  sources="$sources $name"
  measure_sources
done
source_options=''
for name in $sources; do
  place=$(cd "source/$name" && pwd -P)
  say "$name: $place"
  source_options="$source_options --source $name=$place"
  facts "source/$name" "facts/$name"
done
enough() { [ "$sum_mb" -ge "$least_mb" ] && [ "$sum_entries" -ge "$least_entries" ]; }
prove "a real tree, at least $least_mb MB in $least_entries entries" "$sum_mb MB, $sum_entries entries" enough

chapter "An appliance with keys"
say "The passphrase locks the two private keys. They go to a folder that stands for two safe places; the appliance keeps neither."
(umask 077 && head -c 18 /dev/urandom | od -An -tx1 | tr -d ' \n' >passphrase)
mkdir -m 700 keys
must strongroom appliance init --name demonstration --contact archive@museum.example
must strongroom key init --export keys --passphrase-file passphrase

chapter "A tape library, and a disk that goes elsewhere"
say "Two drives, ten slots, two mail slots, small cartridges: simulated down to the sense data." \
  "The second pool is a folder, as on a USB disk."
must strongroom simulator create library --drives 2 --slots 10 --mail-slots 2 --cartridges 10 --capacity 40MiB
must strongroom library add vtl --simulator library
must strongroom pool create tapes --kind tape --library vtl
must strongroom pool create disks --kind folder
must strongroom volume init USB00001 --pool disks --folder usb

chapter "A run that is killed in the middle"
# shellcheck disable=SC2086 # words made above, without blanks
must strongroom archive create tree $source_options --pool tapes --pool disks --segment-size 16MiB
run strongroom archive plan tree
say "kill -9 once six segments are on the disk. Nothing is cleaned up afterwards; the same command simply goes on."
printf ' $ %s\n' "strongroom archive run tree &"
strongroom archive run tree --quiet >killed 2>&1 &
writer=$!
segments_on_disk() { ls usb | grep -c 'segment\.pgp$'; }
while kill -0 "$writer" 2>/dev/null && [ "$(segments_on_disk)" -lt 6 ]; do sleep 0.2; done
printf ' $ %s\n' "kill -9 $writer"
kill -9 "$writer" 2>/dev/null
wait "$writer" 2>/dev/null
killed_with=$?
writer=''
before=$(segments_on_disk)
prove "the run was killed in the middle, by signal 9" "exit code $killed_with, $before segments on the disk" \
  [ "$killed_with" -eq 137 ]

job strongroom archive run tree || stop "archive run ended with exit code $code"
sealed=$(field segments_sealed)
must strongroom snapshot show tree
strongroom snapshot show tree --json >snapshot.json || stop "snapshot show failed"
in_all=$(sed -n 's/^ *"segments": \([0-9]*\).*/\1/p' snapshot.json)
resumed() { [ "$before" -ge 6 ] && [ $((before + sealed)) -le "$in_all" ] && grep -q '"resumed":true' summary; }
prove "the same command went on and sealed nothing twice" "$before were on the disk, $sealed of $in_all sealed after it" resumed
complete() {
  [ "$(grep -c '"verified": '"$in_all"'\b' snapshot.json)" -eq 2 ] && grep -q '"state": "complete"' snapshot.json &&
    grep -q '"troubled_entries": 0' snapshot.json
}
prove "two copies of everything, read back and compared" "$in_all segments in 2 pools" complete
cartridges=$(grep -o '"barcode": "SR[0-9]*L8"' snapshot.json | cut -d '"' -f 4 | sort -u)
spans() { [ "$(printf '%s\n' "$cartridges" | wc -l)" -ge "$least_cartridges" ]; }
prove "the snapshot spans at least $least_cartridges cartridges" "$(echo $cartridges)" spans

chapter "Every volume is read whole and proven, without any secret"
must strongroom volume list
volumes="$cartridges USB00001" proven=0 objects=0
for volume in $volumes; do
  job strongroom volume verify "$volume" && grep -q '"findings":\[\]' summary && proven=$((proven + 1))
  objects=$((objects + $(field objects)))
done
all_proven() { [ "$proven" -eq "$(echo $volumes | wc -w)" ]; }
prove "every volume is as it was written" "$proven volumes, $objects objects" all_proven
