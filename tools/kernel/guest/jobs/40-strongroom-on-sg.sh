# shellcheck shell=sh disable=SC2154
# The appliance itself on devices of this kernel: Strongroom drives the library that is not ours through /dev/sg*, with the addon
# node-sg-ioctl and the names that sysfs gives.
. /share/guest/start-tgt.sh
. /share/guest/stranger.sh
start_tgt
unload >/dev/null 2>&1
library="$changer and $tape (tgt library, through sg)"
rm -rf /big/state-sg /big/restored
cp -a /share/state /big/state-sg
strongroom() { run "$root/tools/strongroom" --state /big/state-sg "$@"; }

prove "$library" "library add finds the changer and its drive by serial numbers" "$changer" strongroom library add tgt --changer "$changer" ||
  stop "without a library nothing can go on"
shown() { strongroom library show tgt && grep -q BLANK1L8 /tmp/said && grep -q BLANK2L8 /tmp/said; }
prove "$library" "library show: every cartridge" "$(full_slots) cartridges" shown
# Another job, or another program, may have written on a cartridge: that one is never taken.
not_blank() {
  load BLANK1L8 && run dd if=/dev/urandom of=/dev/nst0 bs=64k count=2 && run mt -f /dev/nst0 rewind && unload || return 1
  ! strongroom volume init BLANK1L8 --pool tapes && grep -q MEDIUM_NOT_BLANK /tmp/said
}
strongroom pool create tapes --kind tape --library tgt || stop "no pool"
prove "$library" "a cartridge with foreign data is not written over" BLANK1L8 not_blank
archived() {
  strongroom volume init BLANK2L8 --pool tapes &&
    strongroom archive create papers --source /share/tree --pool tapes --segment-size 2MiB && strongroom archive run papers
}
prove "$library" "a tree is archived to tape and read back" "$(find /share/tree | wc -l) entries" archived || stop "nothing was archived"
verified() { strongroom volume verify BLANK2L8; }
prove "$library" "volume verify reads it whole" BLANK2L8 verified
restored() {
  strongroom file restore papers --to /big/restored --key /share/keys/operations-private-key.asc --passphrase-file /share/passphrase \
    --owners by-number && same_tree /big/restored
}
prove "$library" "the tree that came back is the same (rsync -aHAXnci --delete)" "$(find /share/tree | wc -l) entries" restored

# And the same tape, which only Strongroom has touched until now, in the hands of a stranger.
drive="/dev/nst0 (tgt tape)"
new_stranger
# Strongroom leaves a cartridge in the drive until another is wanted.
unload >/dev/null 2>&1
load BLANK2L8 || stop "BLANK2L8 cannot be loaded"
first_look() { stranger tar xvf /dev/nst0 && [ -s "$stranger_home/README-FIRST.txt" ]; }
prove "$drive" "what Strongroom wrote through sg: tar xvf /dev/nst0 gives README-FIRST.txt" BLANK2L8 first_look || stop "nothing to go by"
commands_of "$stranger_home/README-FIRST.txt" 6 | grep '^6\.[1-7]	' |
  sed -e 's/FILE-WITH-A-PRIVATE-KEY/..\/&/' -e '/recover.sh restore/s/$/ --passphrase-file ..\/passphrase/' | make_script "$stranger_home/steps.sh"
stranger sh steps.sh
prove_steps "$drive" "tape written through sg" 6.1 6.2 6.3 6.4 6.5 6.6 6.7
prove "$drive" "what Strongroom wrote through sg: the tree that came back is the same" "$(find /big/restored | wc -l) entries" same_tree /big/restored
unload
