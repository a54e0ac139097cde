# shellcheck shell=sh disable=SC2154
# The stranger's way with tapes: what Strongroom wrote on its simulator, on tapes of a library that is not ours, read by the
# kernel's st driver with tar, mt, dd, gpg and zstd alone, as README-FIRST.txt on the tape says.
. /share/guest/start-tgt.sh
. /share/guest/stranger.sh
start_tgt
drive="/dev/nst0 (tgt tape)"
barcodes=$(ls /share/tapes)

# The tape files go to the tape in the blocks that FORMAT.txt prescribes; when dd closes the device, st writes the filemark.
write_tape() {
  run mt -f /dev/nst0 setblk 0 && run mt -f /dev/nst0 rewind || return 1
  for object in /share/tapes/"$1"/*; do
    size=524288
    [ "${object##*/}" != 000000 ] || size=10240
    run dd if="$object" of=/dev/nst0 bs="$size" iflag=fullblock || return 1
  done
}
for barcode in $barcodes; do
  load "$barcode" || stop "$barcode cannot be loaded"
  count=$(find "/share/tapes/$barcode" -type f | wc -l)
  prove "$drive" "$barcode takes what the simulator's tape held" "$count tape files" write_tape "$barcode"
  unload || stop "$barcode cannot be unloaded"
done

# A person finds the first cartridge. All he knows is tar.
new_stranger
first=$(echo "$barcodes" | head -n 1)
load "$first" || stop "$first cannot be loaded"
first_look() { stranger tar xvf /dev/nst0 && [ -s "$stranger_home/README-FIRST.txt" ] && [ -s "$stranger_home/recover.sh" ]; }
prove "$drive" "tar xvf /dev/nst0 gives README-FIRST.txt and recover.sh" "$first" first_look || stop "nothing to go by"
cp "$stranger_home/README-FIRST.txt" /tmp/README-FIRST.txt
cat /tmp/README-FIRST.txt
rm -rf "$stranger_home/README-FIRST.txt" "$stranger_home/recover.sh" "$stranger_home/FORMAT.txt" "$stranger_home/keys"

# Steps 6.1 to 6.3; then, as 6.3 and section 9 say, the same with the other volumes; then the rest. What the text leaves to the
# reader is filled in: the name of a file, and the passphrase file where gpg cannot ask.
fill_in() {
  sed -e 's/NAME$/one.txt/' -e 's/PATH$/letters\/one.txt/' -e 's/FILE-WITH-A-PRIVATE-KEY/..\/&/' \
    -e '/recover.sh \(restore\|catalog\)/s/$/ --passphrase-file ..\/passphrase/'
}
commands_of /tmp/README-FIRST.txt 6 >/tmp/steps
{
  grep '^6\.[123]	' /tmp/steps
  for barcode in $(echo "$barcodes" | tail -n +2); do
    echo "6.3	mtx -f $changer unload && mtx -f $changer load $(mtx -f "$changer" status |
      sed -n "s/^ *Storage Element \\([0-9]*\\)[^:]*:Full :VolumeTag=$barcode *\$/\\1/p") 0"
    grep '^6\.3	' /tmp/steps
  done
  grep '^6\.[4-9]	' /tmp/steps | fill_in
} | make_script "$stranger_home/steps.sh"
stranger sh steps.sh
prove_steps "$drive" tapes 6.1 6.2 6.3 6.4 6.5 6.6 6.7 6.8
for barcode in $barcodes; do
  prove "$drive" "recover.sh dump: $barcode is on disk as it was on the simulator" "every object" \
    diff -r "/share/tapes/$barcode" "/big/volumes/$barcode"
done
prove "$drive" "the tree that came back is the same (rsync -aHAXnci --delete)" "$(find /big/restored | wc -l) entries" same_tree /big/restored
unload

# Section 7: by hand, without the script; the gpg home knows the passphrase, as if it were typed.
load "$first" || stop "$first cannot be loaded"
printf '%s\n' batch 'pinentry-mode loopback' "passphrase-file $stranger_home/passphrase" >"$stranger_home/gnupg/gpg.conf"
commands_of /tmp/README-FIRST.txt 7 >/tmp/steps
last=$(find "/share/tapes/$first" -type f | wc -l)
trailer=$(printf '%06d' $((last - 1)))
segments=$(for barcode in $barcodes; do
  for object in "/big/volumes/$barcode"/*; do
    case $(head -c 6 "$object") in '-----B' | README | manife) ;; *) echo "$object" ;; esac
  done
done | tr '\n' ' ')
{
  echo "7.1	cd work"
  grep '^7\.1	' /tmp/steps
  number=2
  while [ "$number" -le "$last" ]; do
    echo "7.1	dd if=/dev/nst0 of=$(printf '%06d' "$number") bs=1M"
    number=$((number + 1))
  done
  echo "7.1	mt -f /dev/nst0 status"
  grep '^7\.[234]	' /tmp/steps | sed "s/TRAILER/$trailer/"
  grep '^7\.5	' /tmp/steps | sed -e "s|^\\(7.5.for s in\\) .*|\\1 $segments|" -e '/tar -xpf/s|^7.5.|&mkdir by-hand; cd by-hand; |' -e 's|-xpf whole|-xpf ../whole|'
} | make_script "$stranger_home/by-hand.sh"
stranger sh by-hand.sh
cp /tmp/said /tmp/by-hand
prove_steps "$drive" tapes 7.1 7.2 7.3
# tar complains, as the text says: the segment ends inside a file.
part_opened() { diff -r "$stranger_home/work/docs" /share/tree/docs && grep -q '^7\.4 0$' "$stranger_home/codes"; }
prove "$drive" "README-FIRST of the tapes, step 7.4, typed literally" "one segment alone" part_opened
prove_steps "$drive" tapes 7.5
# tgt's sense at the end of data has EOM, no VALID and no residual, so st takes the whole buffer for data. The text tells how to
# see that this is no object.
behind=$stranger_home/work/$(printf '%06d' "$last")
at_the_end() { [ -f "$behind" ] && { [ ! -s "$behind" ] || grep -q "^File number=$last, " /tmp/by-hand; }; }
known="$last objects"
[ ! -s "$behind" ] || known="known defect of tgt: noise at the end of data, and no further file"
prove "$drive" "dd by hand: the end of the data is seen" "$known" at_the_end
prove "$drive" "by hand: the tree that came back is the same" "gpg, zstd, tar" same_tree "$stranger_home/work/by-hand"
unload
