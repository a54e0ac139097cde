#!/bin/sh
# Prints all there is to know of the tree in folder $1, in an order that depends on names alone, so that two trees are the same
# exactly when the outputs are: names, types, modes, owners (for root, who alone can restore them), times to the nanosecond,
# sizes, where links lead, which names share a file, extended attributes with ACLs, and the SHA-256 of every file.
# Uses nothing but find, sort, awk, sha256sum and getfattr, and so owes nothing to what it judges.
set -eu
LC_ALL=C
export LC_ALL
cd -- "$1"

owners='%U:%G'
[ "$(id -u)" = 0 ] || owners='-'

# Sockets are left out: an archive does not hold them.
# A line feed in a name becomes \1 while lines are sorted and joined.
lines() { sort -z | tr '\n\0' '\001\n'; }

echo "# entries"
find . ! -type s \( -type f -printf "%P\t%y\t%m\t$owners\t%T@\t%s\0" \
  -o -type l -printf "%P\t%y\t-\t$owners\t%T@\t%l\0" \
  -o -printf "%P\t%y\t%m\t$owners\t%T@\0" \) | lines

echo "# names of one file"
find . -type f -links +1 -printf '%P\t%i\0' | lines |
  awk -F '\t' '{ if ($2 in first) print $1 "\t" first[$2]; else first[$2] = $1 }'

echo "# content"
find . -type f -print0 | sort -z | xargs -0 -r sha256sum --

if command -v getfattr >/dev/null 2>&1; then
  echo "# extended attributes"
  find . ! -type s ! -type l -print0 | sort -z | xargs -0 -r getfattr --absolute-names -d -m - -e hex --
fi
