# shellcheck shell=sh disable=SC2034,SC2154
# Tapes for the guest, written by Strongroom on its simulator and dumped as tape files: no driver of ours has touched the device
# that they are read from.

# Everything that the guest may see and write.
share=$T/share

strongroom() { "$root/tools/strongroom" --state "$T/state" --quiet "$@" >>"$T/volumes.log" 2>&1; }
must() { "$@" || { tail -n 20 "$T/volumes.log" >&2; die "$* ended with exit code $?"; }; }

make_tree() {
  mkdir -p "$1/letters" "$1/empty"
  cp -R "$root/docs" "$root/src/formats" "$1/"
  head -c 9000000 /dev/urandom >"$1/random.bin"
  echo first >"$1/letters/one.txt"
  ln "$1/letters/one.txt" "$1/letters/same-file.txt"
  ln -s ../docs/nowhere "$1/letters/leads-nowhere"
  echo 'not UTF-8' >"$1/$(printf 'caf\351').txt"
  echo 'a line feed in its name' >"$1/$(printf 'two\nlines').txt"
  truncate -s 3M "$1/sparse.img"
  printf 'far inside' | dd of="$1/sparse.img" bs=1 seek=2000000 conv=notrunc 2>/dev/null
  mkfifo "$1/letters/fifo"
  chmod 4751 "$1/letters/one.txt"
  touch -d '1961-04-12 06:07:00.123456789 UTC' "$1/letters/one.txt"
}

make_volumes() {
  mkdir -p "$share/tapes" "$share/logs" "$share/requests"
  : >"$share/proofs"
  : >"$T/volumes.log"
  make_tree "$share/tree"
  (umask 077 && head -c 18 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$share/passphrase")
  mkdir -m 700 "$share/keys"
  must strongroom appliance init --name kernel-test --contact archive@museum.example
  must strongroom key init --export "$share/keys" --passphrase-file "$share/passphrase"
  must strongroom pool create usb --kind folder
  # For the jobs that run Strongroom itself in the guest, where the simulated library is not.
  cp -a "$T/state" "$share/state"
  must strongroom simulator create "$T/library" --drives 1 --slots 4 --cartridges 4 --capacity 8MiB
  must strongroom library add vtl --simulator "$T/library"
  must strongroom pool create tapes --kind tape --library vtl
  must strongroom archive create tree --source "$share/tree" --pool tapes --segment-size 2MiB
  must strongroom archive run tree
  "$root/tools/strongroom" --state "$T/state" volume list --json | sed -n 's/^ *"barcode": "\(SR[^"]*\)",*$/\1/p' | sort >"$T/barcodes"
  while read -r barcode; do
    must strongroom simulator dump "$T/library" "$barcode" "$share/tapes/$barcode"
  done <"$T/barcodes"
  [ "$(wc -l <"$T/barcodes")" -ge 2 ] || die "the archive should have taken two cartridges"
  echo "$(du -sm "$share/tree" | cut -f 1) MB in $(find "$share/tree" | wc -l) entries, on $(tr '\n' ' ' <"$T/barcodes")"
}
