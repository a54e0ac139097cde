# shellcheck shell=sh disable=SC2034,SC2154
# One bit turns over, on tape and on the disk: it is found and named, and the tree still comes back.

chapter "One flipped bit on a cartridge, another on the disk"
first_cartridge=$(echo $cartridges | cut -d ' ' -f 1)
must strongroom simulator damage library "$first_cartridge" --file 5 --byte 1000
job strongroom volume verify "$first_cartridge"
named() { # CODE-OF-VERIFY VOLUME OBJECT
  [ "$1" -eq 7 ] && grep -q '"findings":\[{[^]}]*"barcode":"'"$2"'","object":'"$3"',"role":"segment"[^]}]*}\]' summary
}
prove "verify finds one flipped bit on tape, and names it" "$first_cartridge, object 5" named "$code" "$first_cartridge" 5

# flip FILE OFFSET: turns the lowest bit of one byte over.
flip() {
  byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
  printf "\\$(printf '%03o' $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
say "On the disk, byte 2000 of object 9; nobody has noticed yet."
flip usb/000009-segment.pgp 2000

chapter "The whole tree comes back all the same"
say "The disk is nearest, so it is read first; what is damaged there comes from tape," \
  "what is damaged on tape comes from the disk."
# shellcheck disable=SC2086 # words made above, without blanks
job strongroom file restore tree --to tree-from-both $restore --owners "$owners"
restored="$(sed -n 's/.*"volumes":\[\([^]]*\)\].*/\1/p' summary | tr -d '"' | tr ',' ' ')"
prove "with both copies damaged, the whole tree is the same" "from $restored" same_tree tree-from-both
from_both() { case $restored in *SR*USB* | *USB*SR*) true ;; *) false ;; esac; }
prove "the damaged segment was noticed and taken from the other copy" "$restored" from_both
rm -rf tree-from-both
job strongroom volume verify USB00001
prove "verify finds the flipped bit on the disk as well" "USB00001, object 9" named "$code" USB00001 9
