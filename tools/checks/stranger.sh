#!/bin/sh
# Runs a command as a stranger would: with an empty environment, a PATH of nothing but stock tools, and, where the machine lets
# root do so, in a view of the file system in which the folders named with --hide are empty.
# usage: stranger.sh HOME [--hide FOLDER]... -- COMMAND...
# HOME gets a folder bin with links to the stock tools, and is where the command starts.
set -eu

home=$1
shift

# Debian's coreutils, tar, gpg, zstd, grep, sed and awk: no interpreter but sh.
stock="awk cat chmod cp cut dd env gpg gpg-agent gpg-connect-agent gpgconf grep head id ln ls mkdir mktemp mount mt mtx mv pinentry rm sed sh
sha256sum sort tail tar touch tr tty wc zstd"
mkdir -p "$home/bin"
for tool in $stock; do
  place=$(command -v "$tool" || true)
  case $place in /*) ln -sf "$place" "$home/bin/$tool" ;; esac
done

hidden=''
while [ "$1" != -- ]; do
  case $2 in *[!A-Za-z0-9_./+@:,-]*) echo "stranger.sh: cannot hide $2: unusual characters" >&2; exit 2 ;; esac
  hidden="$hidden $2"
  shift 2
done
shift

# A login that belongs to nobody: no variable of the caller gets through.
set -- env -i PATH="$home/bin" HOME="$home" GNUPGHOME="$home/gnupg" TMPDIR="$home/tmp" LC_ALL=C "$@"
mkdir -p -m 700 "$home/gnupg" "$home/tmp"
cd "$home"
if [ -z "$hidden" ]; then exec "$@"; fi
exec unshare --mount sh -ceu '
  for folder in $1; do mount -t tmpfs -o ro,size=4k strongroom-is-not-here "$folder"; done
  shift
  exec "$@"' sh "$hidden" "$@"
