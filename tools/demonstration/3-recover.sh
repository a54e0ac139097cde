# shellcheck shell=sh disable=SC2034,SC2154
# A stranger, years later: only the media, the recovery key and stock tools. No Strongroom, no Node.js, no database.

chapter "The media are carried away"
say "A tape is read file by file, as dd would from a drive. Nothing of Strongroom is used to understand what comes out."
dumps=''
for cartridge in $(strongroom volume list --json | sed -n 's/^ *"barcode": "\(SR.*\)",*$/\1/p' | sort); do
  must strongroom simulator dump library "$cartridge" "stranger-tapes/$cartridge"
  dumps="$dumps $T/stranger-tapes/$cartridge"
done
must cp -R usb stranger-disk

hide="--hide $root --hide $T/state --hide $T/library --hide $T/usb --hide $T/source --hide $T/notes --hide $T/bin"
if [ "$(id -u)" != 0 ] || ! unshare --mount true 2>/dev/null; then
  say "(This user may not make a view of the file system of his own: the appliance is kept out by PATH and environment alone.)"
  hide=''
elif case $T in "$root"/*) true ;; *) false ;; esac; then
  say "(The temporary folder is inside the repository, which cannot be hidden then:" \
    "PATH and environment alone keep the appliance out.)"
  hide=''
fi
# stranger HOME COMMAND...: in a room without Strongroom.
stranger() {
  stranger_home=$1
  shift
  printf ' $%s\n' "$(typed "$@")"
  # shellcheck disable=SC2086 # words made above
  sh "$checks/stranger.sh" "$stranger_home" $hide -- "$@" >"$T/said" 2>&1
  code=$?
  sed 's/^/     /' "$T/said" | head -n 40
  return "$code"
}

# nothing_in_reach HOME: what the stranger finds of us.
nothing_in_reach() {
  cat >"$1/look-around.sh" <<'END'
for name in node npm strongroom sqlite3 python3 perl; do
  if command -v "$name"; then exit 1; fi
done
for folder; do
  if [ -n "$(ls -A "$folder")" ]; then echo "$folder is not empty"; exit 1; fi
done
env
END
  # shellcheck disable=SC2086 # a path without blanks, or nothing
  stranger "$1" sh look-around.sh ${hide:+$root $T/state $T/library}
}

# recover FROM HOME VOLUME...: as the README on the volume says.
recover() {
  from=$1 home=$2
  shift 2
  mkdir -p "$home"
  cp keys/recovery-private-key.asc "$home/"
  cp passphrase "$home/"
  say "The script and the explanation come from the volume itself."
  if [ -f "$1/000000" ]; then bootstrap=$1/000000; else bootstrap=$1/000000-bootstrap.tar; fi
  stranger "$home" tar -xf "$bootstrap" README-FIRST.txt recover.sh || stop "the bootstrap of the $from cannot be read"
  prove "recovery from $from: nothing of Strongroom in reach" "${hide:+folders hidden, }PATH of stock tools, empty environment" \
    nothing_in_reach "$home"
  stranger "$home" gpg --batch --pinentry-mode loopback --passphrase-file passphrase --import recovery-private-key.asc
  only_recovery_key() { [ "$(stranger "$home" gpg --batch --list-secret-keys --with-colons | grep -c ' *sec:')" -eq 1 ]; }
  prove "recovery from $from: gpg holds the recovery key alone" "fresh GNUPGHOME" only_recovery_key
  stranger "$home" sh recover.sh check "$@"
  prove "recovery from $from: recover.sh proves every object" "$(echo "$@" | wc -w) volumes" [ "$code" -eq 0 ]
  archive=$(strongroom archive show tree --json | sed -n 's/^ *"uuid": "\(.*\)",*$/\1/p' | head -n 1)
  stranger "$home" sh recover.sh restore "$@" -o tree --archive "$archive" --passphrase-file passphrase
  prove "recovery from $from: the whole tree is the same" "$sum_mb MB, $sum_entries entries" same_tree "$home/tree"
  rm -rf "$home/tree"
  archive=$(strongroom archive show notes --json | sed -n 's/^ *"uuid": "\(.*\)",*$/\1/p' | head -n 1)
  for number in 1 2; do
    stranger "$home" sh recover.sh restore "$@" -o "notes-$number" --archive "$archive" --snapshot "$number" \
      --passphrase-file passphrase
    prove "recovery from $from: snapshot $number of the changing tree is the same" "gpg, zstd, tar" \
      same_as_source "notes-$number" "$home/notes-$number"
  done
}

chapter "A stranger recovers from the tapes"
# shellcheck disable=SC2086 # names made by mktemp and barcodes
recover tape "$T/stranger-1" $dumps

chapter "A stranger recovers from the disk"
recover disk "$T/stranger-2" "$T/stranger-disk"
