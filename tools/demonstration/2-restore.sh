# shellcheck shell=sh disable=SC2034,SC2154
# Finding and restoring: one file from the disk and from tape, an incremental snapshot both ways, the whole tree from tape.

restore="--key keys/operations-private-key.asc --passphrase-file passphrase"
owners=none
[ "$(id -u)" != 0 ] || owners=by-number

chapter "One file is found and restored"
must strongroom file find 'lib.es2015.*.d.ts' --archive tree --limit 3
strongroom file find 'lib.es2015.*.d.ts' --archive tree --json >found.json
wanted=$(sed -n 's/^ *"path": "\(.*\)",*$/\1/p' found.json | head -n 1)
[ -n "$wanted" ] || stop "file find found nothing"
same_file() { cmp "source/$1" "$2/$1" && [ "$(stat -c '%a %y %s' "source/$1")" = "$(stat -c '%a %y %s' "$2/$1")" ]; }
# shellcheck disable=SC2086 # words made above, without blanks
job strongroom file restore tree "$wanted" --to one-from-disk $restore
one_of() { same_file "$wanted" "$1" && [ "$(field segments)" -eq 1 ] && [ "$(find "$1" -type f | wc -l)" -eq 1 ]; }
prove "one file came back alone from the disk" "$(field segments) of $in_all segments read" one_of one-from-disk

say "Now without the disk: it is taken away, and the library has to bring the right cartridge."
run mv usb usb-taken-away
# shellcheck disable=SC2086
job strongroom file restore tree "$wanted" --to one-from-tape $restore
prove "the same file came back alone from tape" "$(field segments) of $in_all segments read" one_of one-from-tape

chapter "The whole tree comes back from tape"
# shellcheck disable=SC2086
job strongroom file restore tree --to tree-from-tape $restore --owners "$owners"
restored="$(field entries) entries, $(($(field content_bytes) / 1000000)) MB, $(field segments) segments"
prove "the whole tree from tape: content and metadata are the same" "$restored" same_tree tree-from-tape
rm -rf tree-from-tape
run mv usb-taken-away usb

chapter "Changes, and deletions too"
say "A tree of awkward things: names in bytes that are no text, a line feed in a name, hard links," \
  "a sparse file, a fifo, an odd time, a path of 360 bytes."
mkdir -p notes/letters notes/plans/old notes/empty
cp -Rp "$root/src/formats" "$root/docs" notes/
echo "first" >notes/letters/one.txt
ln notes/letters/one.txt notes/letters/same-file.txt
ln -s ../plans/nowhere notes/letters/leads-nowhere
printf 'caf\351' >"notes/$(printf 'caf\351').txt"
echo "a line feed in its name" >"notes/$(printf 'two\nlines').txt"
head -c 100000 /dev/urandom >notes/plans/old/random.bin
truncate -s 20M notes/plans/sparse.img
printf 'far inside' | dd of=notes/plans/sparse.img bs=1 seek=10000000 conv=notrunc 2>/dev/null
mkfifo notes/plans/fifo
touch -d '1961-04-12 06:07:00.123456789 UTC' notes/letters/one.txt
long=$(printf 'n%.0s' $(awk 'BEGIN { for (i = 0; i < 120; i++) print i }'))
mkdir -p "notes/$long/$long" && echo "deep" >"notes/$long/$long/$long"
if command -v setfattr >/dev/null 2>&1; then
  setfattr -n user.origin -v 'reading room' notes/letters/one.txt 2>/dev/null ||
    say "(this file system has no extended attributes)"
fi
must strongroom archive create notes --source notes --pool tapes --pool disks --segment-size 1MiB
cp -a notes source/notes-1 && facts source/notes-1 facts/notes-1
job strongroom archive run notes || stop "archive run ended with exit code $code"
first_entries=$(field new_entries)

say "Something changes, something comes, something goes, something moves, and a file becomes a folder."
rm -r notes/plans/old notes/docs/FORMAT.md notes/empty
mv notes/formats/tar notes/formats/moved-tar
echo "second" >>notes/docs/ARCHITECTURE.md
echo "new" >notes/letters/two.txt
rm notes/letters/leads-nowhere && mkdir notes/letters/leads-nowhere && echo "a folder now" >notes/letters/leads-nowhere/file
cp -a notes source/notes-2 && facts source/notes-2 facts/notes-2
job strongroom archive run notes || stop "archive run ended with exit code $code"
changed=$(field new_entries) all_entries=$(field entries)
must strongroom snapshot list notes
less_than_all() { [ "$changed" -lt "$first_entries" ] && [ "$changed" -lt "$all_entries" ]; }
prove "the second snapshot took only what changed" "$changed of $all_entries entries" less_than_all
for number in 1 2; do
  # shellcheck disable=SC2086
  job strongroom file restore notes --snapshot "$number" --to "notes-back-$number" $restore --owners "$owners"
  prove "snapshot $number of the changing tree is the same" "$(field entries) entries" \
    same_as_source "notes-$number" "notes-back-$number"
done
