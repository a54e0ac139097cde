#!/bin/sh
# recover.sh - gives back what is on Strongroom volumes, format 1, with nothing
# but sh, mt, dd, tar (GNU), gpg, zstd, sha256sum, awk and sed.
# It needs no private key for dump, check and list. It writes nothing into the
# volumes. README-FIRST.txt says when to use it, FORMAT.txt what it relies on.
set -u
LC_ALL=C
export LC_ALL
umask 022

usage() {
  cat <<'END'
usage:
  sh recover.sh dump DEVICE DIR            copy a tape, object by object, to DIR/BARCODE
  sh recover.sh check VOLUME...            prove signatures and hashes; needs no private key
  sh recover.sh list VOLUME...             snapshots, and which segments are missing
  sh recover.sh catalog VOLUME... [-n NAME]  what the encrypted catalogs say about NAME
  sh recover.sh restore VOLUME... -o TARGET [--archive UUID] [--snapshot N] [PATH...]

VOLUME is a folder with the objects of one volume: a dumped tape (000000,
000001, ...) or the disk itself (000000-bootstrap.tar, ...). Name all you have,
copies too: the script takes a good one of each segment.

options:
  -o, --output TARGET       where to restore to; made when missing
  -n, --name NAME           only catalog lines that contain NAME
  --archive UUID            only this archive
  --snapshot N              this snapshot instead of the newest
  --signer FINGERPRINT      accept only texts signed with this key
  --passphrase-file FILE    gpg takes the passphrase from the first line of FILE
  --names                   restore owners by name instead of by number

exit status: 0 all well, 1 something is damaged or missing, 2 wrong use
END
}

say() { printf '%s\n' "$*"; }
complain() { printf 'recover.sh: %s\n' "$*" >&2; }
die() { complain "$*"; exit 2; }

command=${1:-help}
[ $# -gt 0 ] && shift
target='' name='' archive='' snapshot='' signer='' passfile='' owners=numbers
work='' volumes=0 bad=0

# --- the caller's words -------------------------------------------------------

# Volumes become numbered links in the work folder, paths a list of arguments:
# no name from outside is ever part of a command.
start() {
  for tool in tar gpg zstd sha256sum awk sed; do
    command -v "$tool" >/dev/null 2>&1 || die "$tool is not installed"
  done
  tar --version 2>/dev/null | grep -q 'GNU tar' || die 'tar must be GNU tar'
  work=$(mktemp -d "${TMPDIR:-/tmp}/recover.XXXXXX") || die 'no temporary folder'
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  mkdir -m 700 "$work/keys" "$work/v" "$work/sum" || die 'no temporary folder'
  : >"$work/index"
  : >"$work/signers"
  if [ -t 0 ] && [ -z "${GPG_TTY:-}" ]; then
    GPG_TTY=$(tty)
    export GPG_TTY
  fi
}

digits() {
  case $1 in '' | *[!0-9]*) return 1 ;; esac
  [ ${#1} -le 15 ]
}

add_volume() {
  av_path=$(cd -- "$1" && pwd -P && echo x) || die "cannot open the folder $1"
  volumes=$((volumes + 1))
  ln -s "${av_path%?x}" "$work/v/$volumes" || die 'cannot write to the temporary folder'
}

# --- objects ------------------------------------------------------------------

# The objects of volume $1, in order, one name a line: only names that a volume
# can have, only regular files.
objects_of() {
  for oo_file in "$work/v/$1"/[0-9][0-9][0-9][0-9][0-9][0-9]*; do
    oo_name=${oo_file##*/}
    case ${oo_name#??????} in
      '' | -bootstrap.tar | -segment.pgp | -seal.txt | -trailer.tar) ;;
      *) continue ;;
    esac
    if [ -f "$oo_file" ] && [ ! -L "$oo_file" ]; then say "$oo_name"; fi
  done
}

# What object $1 (a path) is, by its first bytes.
role_of() {
  case $(dd if="$1" bs=34 count=1 2>/dev/null | tr -d '\000') in
    '-----BEGIN PGP SIGNED MESSAGE-----') echo seal ;;
    manifest.txt*) echo trailer ;;
    README-FIRST.txt*) echo bootstrap ;;
    *) echo segment ;;
  esac
}

# Sets sum and size of object $2 of volume $1; each object is read once only.
measure() {
  if [ ! -f "$work/sum/$1-$2" ]; then
    ms_sum=$(sha256sum <"$work/v/$1/$2" 2>/dev/null | cut -c1-64)
    ms_size=$(wc -c <"$work/v/$1/$2" 2>/dev/null | tr -d ' ')
    say "${ms_sum:-unreadable} ${ms_size:-0}" >"$work/sum/$1-$2"
  fi
  read -r sum size <"$work/sum/$1-$2"
}

# The name of the object before seal $2 of volume $1, or nothing.
segment_before() {
  sb_number=$(say "$2" | awk '{ printf "%06d", substr($0, 1, 6) - 1 }')
  for sb_name in "$sb_number" "$sb_number-segment.pgp"; do
    if [ -f "$work/v/$1/$sb_name" ] && [ ! -L "$work/v/$1/$sb_name" ]; then
      say "$sb_name"
      return
    fi
  done
}

# A one-line text value of volume.json, as far as it has harmless characters.
described() {
  for ds_name in 000000 000000-bootstrap.tar; do
    if [ -f "$work/v/$1/$ds_name" ]; then
      tar -xOf "$work/v/$1/$ds_name" volume.json 2>/dev/null |
        sed -n "s/^  \"$2\": \"\\([A-Za-z0-9._-]*\\)\",*\$/\\1/p" | head -n 1
      return
    fi
  done
}

volume_label() {
  vl_label=$(described "$1" barcode)
  say "${vl_label:-volume-$1}"
}

# --- signatures ---------------------------------------------------------------

# Public keys go into a keyring of their own, so that the caller's is untouched.
import_keys() {
  for ik_name in 000000 000000-bootstrap.tar; do
    [ -f "$work/v/$1/$ik_name" ] || continue
    tar -xOf "$work/v/$1/$ik_name" --wildcards 'keys/*.asc' --exclude='keys/recovery-key-locked.asc' \
      2>/dev/null >"$work/certificates"
    [ -s "$work/certificates" ] || continue
    gpg --homedir "$work/keys" --batch --quiet --no-autostart --import "$work/certificates" >/dev/null 2>&1
  done
}

# Checks the clear-signed text on standard input; what was signed goes to
# $work/text. Fails unless there is exactly one signature and it is good.
verified() {
  rm -f "$work/text"
  gpg --homedir "$work/keys" --batch --quiet --no-autostart --no-auto-check-trustdb \
    --max-output 100000000 --status-fd 1 --output "$work/text" --decrypt 2>/dev/null >"$work/status" || return 1
  [ "$(grep -c '^\[GNUPG:\] VALIDSIG ' "$work/status")" = 1 ] || return 1
  if grep -q -e '^\[GNUPG:\] BADSIG ' -e '^\[GNUPG:\] ERRSIG ' -e '^\[GNUPG:\] REVKEYSIG ' "$work/status"; then return 1; fi
  vf_signer=$(sed -n 's/^\[GNUPG:\] VALIDSIG .* \([0-9A-F]*\)$/\1/p' "$work/status")
  if [ -n "$signer" ] && [ "$vf_signer" != "$signer" ]; then return 1; fi
  say "$vf_signer" >>"$work/signers"
  [ -f "$work/text" ]
}

# A verified seal in $work/text becomes a line of the index, when it is right:
# archive snapshot base segment segments bytes sha256 first-member tar-bytes previous volume object seal-sum
index_line() {
  awk -v volume="$1" -v object="$2" -v own="$3" '
    function natural(text) { return text ~ /^[0-9]+$/ && length(text) <= 15 }
    function hex(text) { return length(text) == 64 && text !~ /[^0-9a-f]/ }
    { sub(/\r$/, ""); at = index($0, ": "); value[substr($0, 1, at - 1)] = substr($0, at + 2) }
    END {
      archive = value["Archive"]; base = value["Base-Snapshot"]; first = value["First-Member"]; previous = value["Previous-Seal"]
      if (value["Strongroom-Seal"] != "1" || length(archive) != 36 || archive ~ /[^0-9a-f-]/) exit 1
      if (!natural(value["Snapshot"]) || !natural(value["Segment"]) || !natural(value["Segments"])) exit 1
      if (value["Segments"] + 0 > 10000000 || value["Segment"] + 0 < 1 || value["Segment"] + 0 > value["Segments"] + 0) exit 1
      if (base == "none") base = 0
      if (!natural(base) || base + 0 >= value["Snapshot"] + 0) exit 1
      if (!natural(value["Sealed-Bytes"]) || !hex(value["Sealed-SHA256"]) || !natural(value["Tar-Bytes"])) exit 1
      if (first != "none" && !natural(first)) exit 1
      if (previous != "none" && !hex(previous)) exit 1
      print archive, value["Snapshot"] + 0, base + 0, value["Segment"] + 0, value["Segments"] + 0, value["Sealed-Bytes"], \
        value["Sealed-SHA256"], first, value["Tar-Bytes"], previous, volume, object, own
    }' "$work/text"
}

# Reads every seal of every volume. $1 is "aloud" to name the bad ones.
build_index() {
  bi_volume=0
  while [ "$bi_volume" -lt "$volumes" ]; do
    bi_volume=$((bi_volume + 1))
    import_keys "$bi_volume"
  done
  bi_volume=0
  while [ "$bi_volume" -lt "$volumes" ]; do
    bi_volume=$((bi_volume + 1))
    objects_of "$bi_volume" >"$work/objects"
    [ -s "$work/objects" ] || complain "volume $bi_volume of the command line has no objects"
    while read -r bi_object; do
      [ "$(role_of "$work/v/$bi_volume/$bi_object")" = seal ] || continue
      measure "$bi_volume" "$bi_object"
      bi_segment=$(segment_before "$bi_volume" "$bi_object")
      if verified <"$work/v/$bi_volume/$bi_object" &&
        index_line "$bi_volume" "${bi_segment:--}" "$sum" >>"$work/index"; then
        continue
      fi
      [ "$1" = aloud ] && fail_object "$bi_volume" "$bi_object" 'the seal is damaged or not signed with a key of the volume'
    done <"$work/objects"
  done
  sort -u "$work/index" | sort -k1,1 -k2,2n -k4,4n -o "$work/index"
}

# --- check --------------------------------------------------------------------

fail_object() {
  bad=$((bad + 1))
  say "BAD  volume $(volume_label "$1")  object $2  $3"
}

check_segments() {
  while read -r _ _ _ cs_segment _ cs_bytes cs_sum _ _ _ cs_volume cs_object _; do
    [ "$cs_volume" = "$1" ] || continue
    say "${cs_object%%-*}" >>"$work/covered"
    if [ "$cs_object" = - ]; then
      fail_object "$1" '-' "segment $cs_segment is missing before its seal"
      continue
    fi
    measure "$1" "$cs_object"
    if [ "$sum" != "$cs_sum" ] || [ "$size" != "$cs_bytes" ]; then
      fail_object "$1" "$cs_object" 'the segment is not what its seal says; use another copy'
    fi
  done <"$work/index"
}

# Compares everything that a manifest lists with what is there.
check_manifest() {
  if ! tar -xOf "$work/v/$1/$2" manifest.txt 2>/dev/null | verified; then
    fail_object "$1" "$2" 'the manifest in the trailer is damaged or not signed with a key of the volume'
    return
  fi
  tr -d '\r' <"$work/text" >"$work/manifest"
  sed -n 's/^\([0-9a-f]\{64\}\)  \([0-9]\{6\}\)[a-z.-]*$/\1 \2/p' "$work/manifest" >"$work/sums"
  while read -r cm_sum cm_number; do
    say "$cm_number" >>"$work/covered"
    cm_object=$(grep "^$cm_number" "$work/objects" | head -n 1)
    if [ -z "$cm_object" ]; then
      fail_object "$1" "$cm_number" 'missing'
      continue
    fi
    measure "$1" "$cm_object"
    [ "$sum" = "$cm_sum" ] || fail_object "$1" "$cm_object" 'it is not what the manifest says'
  done <"$work/sums"
  sed -n 's/^# member \([0-9]*\) \([0-9a-f]\{64\}\) \([A-Za-z0-9._-]*\)$/\2 \3/p' "$work/manifest" >"$work/sums"
  while read -r cm_sum cm_name; do
    cm_found=$(tar -xOf "$work/v/$1/$2" "$cm_name" 2>/dev/null | sha256sum | cut -c1-64)
    [ "$cm_found" = "$cm_sum" ] || fail_object "$1" "$2" "$cm_name in the trailer is not what the manifest says"
  done <"$work/sums"
  say "${2%%-*}" >>"$work/covered"
}

check_volume() {
  objects_of "$1" >"$work/objects"
  : >"$work/covered"
  check_segments "$1"
  cv_trailers=0
  while read -r cv_object; do
    case $(role_of "$work/v/$1/$cv_object") in
      seal) say "${cv_object%%-*}" >>"$work/covered" ;;
      trailer)
        cv_trailers=$((cv_trailers + 1))
        check_manifest "$1" "$cv_object"
        ;;
    esac
  done <"$work/objects"
  sort -u -o "$work/covered" "$work/covered"
  while read -r cv_object; do
    grep -q "^${cv_object%%-*}\$" "$work/covered" ||
      say "NOTE volume $(volume_label "$1")  object $cv_object  no seal and no manifest speaks of it"
  done <"$work/objects"
  say "volume $(volume_label "$1"): $(wc -l <"$work/objects" | tr -d ' ') objects, $cv_trailers trailers"
}

say_signers() {
  if [ -s "$work/signers" ]; then
    say 'Signed with (compare with README-FIRST.txt and a source you trust):'
    sort -u "$work/signers" | sed 's/^/  /'
    [ "$(sort -u "$work/signers" | wc -l)" -eq 1 ] ||
      say 'More than one key has signed. Find out which is right, then use --signer.'
  else
    say 'Nothing with a good signature was found.'
    bad=$((bad + 1))
  fi
}

run_check() {
  build_index aloud
  rc_volume=0
  while [ "$rc_volume" -lt "$volumes" ]; do
    rc_volume=$((rc_volume + 1))
    check_volume "$rc_volume"
  done
  say_breaks
  say_signers
  if [ "$bad" -eq 0 ]; then
    say 'RESULT: everything is whole'
  else
    say "RESULT: $bad problems; see above"
    exit 1
  fi
}

# --- list ---------------------------------------------------------------------

# One line a snapshot: archive, number, base, segments there, segments in all, bytes, missing ones.
snapshots() {
  awk '
    function flush(  i, missing) {
      if (key == "") return
      missing = ""
      for (i = 1; i <= segments; i++) if (!(i in there)) missing = missing (missing == "" ? "" : ",") i
      print archive, snapshot, base, count, segments, bytes, (missing == "" ? "-" : missing)
    }
    { now = $1 " " $2
      if (now != key) { flush(); split("", there); count = 0; bytes = 0; key = now }
      archive = $1; snapshot = $2; base = $3; segments = $5
      if ($12 != "-" && !($4 in there)) { there[$4] = 1; count++; bytes += $6 } }
    END { flush() }' "$work/index"
}

# Seals that do not name the one before them, where that one is here: something was exchanged or taken away.
chain_breaks() {
  awk '
    { own[$1 " " $2 " " $4] = own[$1 " " $2 " " $4] " " $13; last[$1 " " $2] = $5
      line[NR] = $1 " " $2 " " $4 " " $10 }
    END {
      for (i = 1; i <= NR; i++) {
        split(line[i], f, " ")
        before = f[3] > 1 ? f[1] " " f[2] " " (f[3] - 1) : f[1] " " (f[2] - 1) " " last[f[1] " " (f[2] - 1)]
        if ((before in own) && index(own[before], f[4]) == 0) print f[1], "snapshot", f[2], "segment", f[3]
      }
    }' "$work/index" | sort -u
}

say_breaks() {
  chain_breaks >"$work/breaks"
  while read -r sk_break; do
    bad=$((bad + 1))
    say "BROKEN CHAIN archive $sk_break: its seal does not follow the one before"
  done <"$work/breaks"
}

# Volumes that the given ones name and that were not given.
say_siblings() {
  : >"$work/given"
  : >"$work/named"
  ss_volume=0
  while [ "$ss_volume" -lt "$volumes" ]; do
    ss_volume=$((ss_volume + 1))
    volume_label "$ss_volume" >>"$work/given"
    for ss_name in 000000 000000-bootstrap.tar; do
      [ -f "$work/v/$ss_volume/$ss_name" ] && tar -xOf "$work/v/$ss_volume/$ss_name" siblings.txt 2>/dev/null |
        grep '^[A-Za-z0-9._-]*  [0-9a-f-]*  ' | tr -d '\000-\010\013-\037\177' | cut -c1-200 >>"$work/named"
    done
  done
  sort -u "$work/named" | while read -r ss_barcode _ ss_place; do
    grep -q -x -F -e "$ss_barcode" "$work/given" || say "  $ss_barcode  last known place: $ss_place"
  done >"$work/others"
  if [ -s "$work/others" ]; then
    say 'Volumes of the pool that were not given; they may hold what is missing:'
    cat "$work/others"
  else
    say 'The volumes given name no others. Later volumes, or copies in other pools, may exist.'
  fi
}

run_list() {
  build_index quietly
  snapshots >"$work/snapshots"
  while read -r rl_archive rl_snapshot rl_base rl_count rl_segments rl_bytes rl_missing; do
    rl_kind="changes since snapshot $rl_base"
    [ "$rl_base" -eq 0 ] && rl_kind=full
    say "archive $rl_archive  snapshot $rl_snapshot  ($rl_kind)  $rl_count of $rl_segments segments, $rl_bytes bytes"
    if [ "$rl_missing" != - ]; then
      bad=$((bad + 1))
      say "  MISSING segments: $rl_missing"
    fi
  done <"$work/snapshots"
  [ "$bad" -gt 0 ] && say_siblings
  say_breaks
  say_signers
  [ "$bad" -eq 0 ] || exit 1
}

# --- opening ------------------------------------------------------------------

decrypt() {
  if [ -n "$passfile" ]; then
    gpg --batch --quiet --pinentry-mode loopback --passphrase-file "$passfile" --decrypt "$@"
  else
    gpg --batch --quiet --decrypt "$@"
  fi
}

run_catalog() {
  rk_volume=0
  : >"$work/seen"
  while [ "$rk_volume" -lt "$volumes" ]; do
    rk_volume=$((rk_volume + 1))
    objects_of "$rk_volume" | while read -r rk_object; do
      [ "$(role_of "$work/v/$rk_volume/$rk_object")" = trailer ] || continue
      tar -tf "$work/v/$rk_volume/$rk_object" 2>/dev/null | grep '^catalog-[A-Za-z0-9._-]*\.pgp$' |
        while read -r rk_member; do
          grep -q -x -F -e "$rk_member" "$work/seen" && continue
          if tar -xOf "$work/v/$rk_volume/$rk_object" "$rk_member" 2>/dev/null >"$work/catalog" &&
            decrypt "$work/catalog" >"$work/catalog.zst"; then
            say "$rk_member" >>"$work/seen"
            zstd -dcq "$work/catalog.zst" | tr -d '\000-\010\013-\037\177' | grep -F -e "$name"
          else
            complain "$rk_member of volume $(volume_label "$rk_volume") cannot be opened"
            : >"$work/failed"
          fi
        done
    done
  done
  [ -s "$work/seen" ] || complain 'no catalog could be read; the snapshots can still be restored'
  if [ -f "$work/failed" ] || [ ! -s "$work/seen" ]; then exit 1; fi
}

# --- restore ------------------------------------------------------------------

# The snapshots to restore for archive $1 up to $2, base first, one number a line.
chain_to() {
  awk -v archive="$1" -v last="$2" '
    $1 == archive { base[$2] = $3 }
    END {
      for (at = last; at > 0; at = base[at]) {
        if (!(at in base)) { print "missing", at; break }
        print "snapshot", at
      }
    }' "$work/snapshots" | awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }'
}

# Picks a good copy of each segment of snapshot $2 of archive $1 and writes runs: stretches of segments without a gap, as files
# $work/run.N with lines "volume object bytes-to-skip". A run after a gap begins at the first whole member.
plan_runs() {
  rm -f "$work"/run.*
  pr_run=0 pr_gap=1 pr_next=1 pr_total=0
  awk -v a="$1" -v s="$2" '$1 == a && $2 == s' "$work/index" >"$work/wanted"
  while read -r _ _ _ pr_segment pr_segments pr_bytes pr_sum pr_first _ _ pr_volume pr_object _; do
    pr_total=$pr_segments
    [ "$pr_segment" -lt "$pr_next" ] && continue
    [ "$pr_object" = - ] && continue
    measure "$pr_volume" "$pr_object"
    if [ "$sum" != "$pr_sum" ] || [ "$size" != "$pr_bytes" ]; then continue; fi
    [ "$pr_segment" -gt "$pr_next" ] && lost_segments "$1" "$2" "$pr_next" "$((pr_segment - 1))" && pr_gap=1
    pr_next=$((pr_segment + 1))
    pr_skip=0
    if [ "$pr_gap" -eq 1 ]; then
      if [ "$pr_segment" -gt 1 ]; then
        [ "$pr_first" = none ] && continue
        pr_skip=$pr_first
      fi
      pr_run=$((pr_run + 1))
      pr_gap=0
    fi
    say "$pr_volume $pr_object $pr_skip" >>"$work/run.$pr_run"
  done <"$work/wanted"
  [ "$pr_next" -le "$pr_total" ] && lost_segments "$1" "$2" "$pr_next" "$pr_total"
  return 0
}

lost_segments() {
  bad=$((bad + 1))
  say "MISSING archive $1 snapshot $2: no good copy of segments $3 to $4"
}

# The tar stream of a run. A segment that cannot be opened ends the run.
stream_run() {
  while read -r sr_volume sr_object sr_skip; do
    { decrypt "$work/v/$sr_volume/$sr_object" || : >"$work/broken"; } |
      { zstd -dcq || : >"$work/broken"; } |
      if [ "$sr_skip" -gt 0 ]; then tail -c "+$((sr_skip + 1))"; else cat; fi
    [ -f "$work/broken" ] && return
  done <"$1"
}

# Unpacks run $1 into folder $2; $3 is "changes" for an incremental snapshot; then the wanted paths.
unpack_run() {
  ur_run=$1 ur_folder=$2 ur_kind=$3
  shift 3
  ur_wanted=$#
  # tar itself would have called them ./PATH; which of the two it was, only the stream tells.
  for ur_path; do set -- "$@" "./$ur_path"; done
  [ $# -eq 0 ] || set -- -- "$@"
  [ "$owners" = numbers ] && set -- --numeric-owner "$@"
  [ "$ur_kind" = changes ] && set -- --incremental "$@"
  rm -f "$work/broken"
  stream_run "$ur_run" | tar -x -v -p -f - -C "$ur_folder" --xattrs --xattrs-include='*' --acls --quoting-style=literal \
    "$@" >"$work/names" 2>"$work/trouble"
  ur_status=$?
  if grep -q 'Unexpected EOF in archive' "$work/trouble"; then
    ur_last=$(tail -n 1 "$work/names")
    # With wanted paths the member that was cut may be one that nobody asked for.
    if [ "$ur_wanted" -eq 0 ] || [ "$(last_of_run "$ur_run")" = "$ur_last" ]; then set_aside "$ur_folder" "$ur_last"; fi
  fi
  # Of several runs and snapshots, each has only some of the wanted paths. What tar finds odd and does all the same is no trouble:
  # names that are not UTF-8 are marked with hdrcharset for other readers, and files may be older than 1970.
  grep -v -e "unknown extended header keyword 'hdrcharset'" -e 'implausibly old time stamp' -e 'Not found in archive' -e 'Exiting with failure status' -e 'Error is not recoverable' \
    -e 'Unexpected EOF in archive' "$work/trouble" | tr -d '\000-\010\013-\037\177' >"$work/left"
  if [ -s "$work/left" ]; then
    sed 's/^/  /' "$work/left" >&2
    [ "$ur_status" -eq 0 ] || bad=$((bad + 1))
  fi
  if [ -f "$work/broken" ]; then
    bad=$((bad + 1))
    complain 'a segment could not be opened: is the private key there (gpg --list-secret-keys)? What came before it was restored'
  fi
}

# The name of the last member of run $1.
last_of_run() {
  stream_run "$1" | tar -t -f - --quoting-style=literal 2>/dev/null | tail -n 1
}

# The last member of a run that ends at a gap is not whole; it must not look so.
set_aside() {
  bad=$((bad + 1))
  sa_name=$2
  case /$sa_name/ in */../*) sa_name='' ;; esac
  if [ -z "$sa_name" ] || [ ! -f "$1/$sa_name" ] || [ -L "$1/$sa_name" ]; then
    say 'INCOMPLETE the last file before the gap; its name cannot be told from what tar says'
    return
  fi
  mv -f -- "$1/$sa_name" "$1/$sa_name.incomplete" &&
    printf 'INCOMPLETE %s: what is there is now called %s.incomplete\n' "$sa_name" "$sa_name" | tr -d '\000-\010\013-\037\177'
}

# Restores archive $1 at snapshot $2 into folder $3; then the wanted paths.
restore_archive() {
  ra_archive=$1 ra_last=$2 ra_folder=$3
  shift 3
  mkdir -p -- "$ra_folder" || die 'cannot make the target folder'
  chain_to "$ra_archive" "$ra_last" >"$work/chain"
  while read -r ra_word ra_number <&3; do
    if [ "$ra_word" = missing ]; then
      bad=$((bad + 1))
      say "MISSING archive $ra_archive snapshot $ra_number: no segment of it is here; later snapshots build on it"
      continue
    fi
    ra_kind=changes
    grep -q "^$ra_archive $ra_number 0 " "$work/snapshots" && ra_kind=full
    say "archive $ra_archive snapshot $ra_number ($ra_kind)"
    plan_runs "$ra_archive" "$ra_number"
    ra_run=1
    while [ -f "$work/run.$ra_run" ]; do
      unpack_run "$work/run.$ra_run" "$ra_folder" "$ra_kind" "$@"
      ra_run=$((ra_run + 1))
    done
  done 3<"$work/chain"
  for ra_path; do
    if [ ! -e "$ra_folder/$ra_path" ] && [ ! -L "$ra_folder/$ra_path" ]; then
      bad=$((bad + 1))
      printf 'NOT FOUND %s\n' "$ra_path" | tr -d '\000-\010\013-\037\177'
    fi
  done
}

run_restore() {
  build_index quietly
  snapshots >"$work/snapshots"
  if [ -n "$archive" ]; then
    say "$archive"
  else
    cut -d ' ' -f 1 "$work/snapshots" | sort -u
  fi >"$work/archives"
  rr_count=$(wc -l <"$work/archives" | tr -d ' ')
  while read -r rr_archive <&4; do
    rr_last=$(awk -v a="$rr_archive" '$1 == a { last = $2 } END { print last }' "$work/snapshots")
    [ -n "$snapshot" ] && rr_last=$snapshot
    if ! grep -q "^$rr_archive $rr_last " "$work/snapshots"; then
      bad=$((bad + 1))
      say "MISSING archive $rr_archive snapshot ${rr_last:-?}: nothing of it is on these volumes"
      continue
    fi
    rr_folder=$target
    [ "$rr_count" -gt 1 ] && rr_folder=$target/$rr_archive
    restore_archive "$rr_archive" "$rr_last" "$rr_folder" "$@"
  done 4<"$work/archives"
  say_signers
  if [ "$bad" -gt 0 ]; then
    say_siblings
    say 'RESULT: restored with gaps; see above'
    exit 1
  fi
  say 'RESULT: restored'
}

# --- dump ---------------------------------------------------------------------

# The number of the tape file at which the drive stands, or nothing where mt does not say.
file_number() {
  mt -f "$device" status 2>/dev/null | sed -n 's/.*[Ff]ile number *= *\([0-9][0-9]*\).*/\1/p' | head -n 1
}

# Copies the next tape file to $1: 0 copied, 1 end of data, 2 read error. An object ends with a filemark: data with none behind
# it is a write that broke off, or noise that a drive hands out at the end, and belongs to no object.
dump_object() {
  do_before=$(file_number)
  if dd if="$device" of="$1" bs=1048576 2>"$work/dd"; then
    [ -s "$1" ] || return 1
    if [ -z "$do_before" ] || [ "$(file_number)" != "$do_before" ]; then return 0; fi
  elif ! mt -f "$device" status 2>/dev/null | grep -q 'EOD'; then
    sed 's/^/  /' "$work/dd" >&2
    return 2
  fi
  if [ -s "$1" ]; then say "NOTE $(wc -c <"$1" | tr -d ' ') bytes behind the last filemark; they belong to no object"; fi
  return 1
}

run_dump() {
  for tool in mt dd; do
    command -v "$tool" >/dev/null 2>&1 || die "$tool is not installed"
  done
  mkdir -p -- "$target" || die 'cannot make the target folder'
  mt -f "$device" setblk 0 2>/dev/null || complain 'the block size could not be set to variable; going on'
  mt -f "$device" rewind || die "cannot rewind $device"
  rd_part=$(mktemp -d "$target/dump.XXXXXX") || die 'cannot write to the target folder'
  rd_number=0 rd_errors=0
  while [ "$rd_number" -lt 1000000 ] && [ "$rd_errors" -lt 3 ]; do
    rd_name=$(printf '%06d' "$rd_number")
    dump_object "$rd_part/$rd_name"
    case $? in
      0) rd_errors=0; say "$rd_name  $(wc -c <"$rd_part/$rd_name" | tr -d ' ') bytes" ;;
      1) rm -f "$rd_part/$rd_name"; break ;;
      *)
        rd_errors=$((rd_errors + 1)) bad=$((bad + 1))
        say "$rd_name  READ ERROR after $(wc -c <"$rd_part/$rd_name" | tr -d ' ') bytes; going on behind it"
        mt -f "$device" fsf 1 || break
        ;;
    esac
    rd_number=$((rd_number + 1))
  done
  ln -s "$rd_part" "$work/v/1"
  rd_label=$(described 1 barcode)
  rd_final=$target/${rd_label:-unnamed}
  if [ -e "$rd_final" ]; then rd_final=$rd_part; fi
  [ "$rd_final" = "$rd_part" ] || mv -- "$rd_part" "$rd_final" || rd_final=$rd_part
  chmod 755 "$rd_final"
  say "${rd_label:-unnamed}: $rd_number objects, in $rd_final"
  [ "$bad" -eq 0 ] || exit 1
}

# --- main ---------------------------------------------------------------------

# Leaves the paths to restore in "$@" and everything else in variables.
case $command in
  dump)
    [ $# -eq 2 ] || { usage >&2; exit 2; }
    start
    device=$1 target=$2
    case $target in /*) ;; *) target=$PWD/$target ;; esac
    run_dump
    exit 0
    ;;
  check | list | catalog | restore) ;;
  help | -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

start
arguments=$#
while [ "$arguments" -gt 0 ]; do
  argument=$1
  shift
  arguments=$((arguments - 1))
  case $argument in
    -o | --output | -n | --name | --archive | --snapshot | --signer | --passphrase-file)
      [ "$arguments" -gt 0 ] || die "$argument needs a value"
      value=$1
      shift
      arguments=$((arguments - 1))
      case $argument in
        -o | --output) target=$value ;;
        -n | --name) name=$value ;;
        --archive) archive=$value ;;
        --snapshot) digits "$value" || die 'a snapshot is a number'; snapshot=$((value + 0)) ;;
        --signer) signer=$(say "$value" | tr -d ' ' | tr 'a-f' 'A-F') ;;
        --passphrase-file) [ -r "$value" ] || die "cannot read $value"; passfile=$value ;;
      esac
      ;;
    --names) owners=names ;;
    --) break ;;
    -*) die "unknown option $argument" ;;
    *)
      # Before -o everything is a volume; after it, a path to restore.
      if [ "$command" = restore ] && [ -n "$target" ]; then
        set -- "$@" "$argument"
      elif [ -d "$argument" ]; then
        add_volume "$argument"
      else
        complain "$argument is no folder; left out"
      fi
      ;;
  esac
done
[ "$volumes" -gt 0 ] || die 'name at least one folder with the objects of a volume'
case $archive in *[!0-9a-f-]*) die 'an archive is named by its UUID' ;; esac
case $command in
  check) run_check ;;
  list) run_list ;;
  catalog) run_catalog ;;
  restore)
    [ -n "$target" ] || die 'say where to restore to: -o TARGET'
    case $target in -*) target=./$target ;; esac
    run_restore "$@"
    ;;
esac
