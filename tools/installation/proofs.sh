#!/bin/sh
# What is proven inside of the test's own Debian, in order; each line of output is one proof.
set -u
proofs=0
failed=0
log="$HOME"/proof.log
prove() { # WHAT COMMAND...
  what=$1
  shift
  proofs=$((proofs + 1))
  if "$@" >"$log" 2>&1; then
    echo "ok   $what"
  else
    failed=$((failed + 1))
    echo "FAIL $what"
    sed 's/^/       /' "$log" | tail -n 20
  fi
}
not() { ! "$@"; }
says() { # WORDS COMMAND...: whatever the exit code
  words=$1
  shift
  "$@" >"$HOME"/said.log 2>&1 || true
  grep -qF -- "$words" "$HOME"/said.log || { cat "$HOME"/said.log; return 1; }
}
is() { [ "$1" = "$2" ] || { echo "it is $1, not $2"; return 1; }; }
home=/usr/local/lib/strongroom
app() { readlink $home/app; }
silent_but_next() { /clone/tools/install | grep -v -e 'next:' -e 'timer are enabled' -e 'sudo is not' | (! grep .); }

echo "--- a new machine"
missing=$(find /usr/lib -name 'libatomic.so.1*')
for library in $missing; do mv "$library" "$HOME"/; done
prove "without a library that the runtime needs, it says which and changes nothing" says "apt-get install libatomic1" /clone/tools/install
prove "nothing at all" test ! -e /usr/local/lib/strongroom
for library in $missing; do mv "$HOME/${library##*/}" "$library"; done
prove "tools/install runs without compiler, npm and network" /clone/tools/install
# Nothing below could tell more.
[ "$failed" -eq 0 ] || { echo "  $proofs proofs, $failed failed"; exit 1; }
prove "given again, it changes nothing" silent_but_next
prove "the program runs" says "0.1.0" strongroom --version
prove "its own user is there, without a login" says "/usr/sbin/nologin" getent passwd strongroom
prove "it is in the groups of tape devices and serial lines, and no other" is "$(id -nG strongroom | tr ' ' '\n' | sort | tr '\n' ' ')" "dialout strongroom tape "
prove "the state is for its user alone" is "$(stat -c '%U:%G %a' /var/lib/strongroom)" "strongroom:strongroom 700"
prove "the timers are enabled" test -L /etc/systemd/system/timers.target.wants/strongroom-verify.timer -a -L /etc/systemd/system/timers.target.wants/strongroom-status.timer
prove "systemd finds nothing wrong with the units" sh -c 'said=$(systemd-analyze verify --man=no /usr/local/lib/systemd/system/strongroom-* 2>&1); echo "$said"; ! echo "$said" | grep strongroom'
for unit in verify status archive@ console@; do
  prove "strongroom-$unit.service has an exposure of 2.0 at most" systemd-analyze security --offline=true --threshold=20 "/usr/local/lib/systemd/system/strongroom-$unit.service"
done
prove "sudo takes the rule of operators" visudo -qcf /etc/sudoers.d/strongroom

echo "--- the appliance at work"
printf 'a passphrase\n' >"$HOME"/passphrase
install -d -m 700 "$HOME"/usb
install -d -o strongroom -g strongroom -m 700 /srv/vault
mkdir -p /srv/photos/album
echo secret >/srv/photos/album/only-root
chmod 600 /srv/photos/album/only-root
chown games:games /srv/photos/album
prove "root makes an appliance" strongroom appliance init --name test
prove "and its keys, into a folder of root" strongroom key init --export "$HOME"/usb/keys --passphrase-file "$HOME"/passphrase --no-input
prove "everything in the state belongs to the appliance's user" sh -c '! find /var/lib/strongroom ! -user strongroom | grep .'
prove "nobody else can look into it" not su -s /bin/sh nobody -c 'ls /var/lib/strongroom'
prove "a pool" strongroom pool create vault --kind folder
prove "a volume in a folder" strongroom volume init USB001 --pool vault --folder /srv/vault --capacity 1GiB
install -d -o strongroom -g strongroom -m 700 /srv/tape
prove "a library, simulated" strongroom simulator create /srv/tape/library --drives 1 --slots 4 --cartridges 2 --capacity 8MiB
prove "which is added" strongroom library add vtl --simulator /srv/tape/library
prove "a pool of its cartridges" strongroom pool create tapes --kind tape --library vtl
prove "an archive" strongroom archive create photos --source /srv/photos --pool vault --pool tapes
prove "a run takes what only root may read" strongroom archive run photos --no-input
prove "on tape and disk, read back and compared" is "$(strongroom snapshot show photos --json | grep -c '"verified": 1\b')" 2
prove "and left nothing out" says "only-root" strongroom file find only-root
cd "$HOME" || exit 1
prove "a restore by root sets owners, into a folder below where it is called" strongroom file restore photos --to back --key "$HOME"/usb/keys/operations-private-key.asc --passphrase-file "$HOME"/passphrase --owners by-number --no-input
prove "to those who had them" sh -c 'test "$(stat -c %U "$(find "$HOME"/back -name album)") $(stat -c %U "$(find "$HOME"/back -name only-root)")" = "games root"'
prove "the content is whole" sh -c 'test "$(cat "$(find "$HOME"/back -name only-root)")" = secret'
prove "verify and status run as the units run them" setpriv --reuid=strongroom --regid=strongroom --init-groups $home/bin/strongroom volume verify --due --for 8h --no-input
install -d -o strongroom /run/strongroom
figures() { # 3, a remark, is no failure of the unit: SuccessExitStatus
  setpriv --reuid=strongroom --regid=strongroom --init-groups $home/bin/strongroom status --prometheus /run/strongroom/strongroom.prom --quiet
  case $? in 0 | 3) test -s /run/strongroom/strongroom.prom ;; *) false ;; esac
}
prove "the figures for monitors are written" figures

prove "no command of root keeps more rights of root than it needs" sh -c 'test "$(/usr/local/lib/strongroom/bin/become-appliance dac_read_search -- sed -n "s/^Cap\(Eff\|Bnd\):.//p" /proc/self/status | sort -u)" = 0000000000000004'

echo "--- operators"
useradd --create-home --groups strongroom-operators --shell $home/bin/operator-shell anna
useradd --create-home --shell /bin/sh bert
prove "the operator's shell is the console" says "1. " su anna </dev/null
prove "an operator's command has none of them" sh -c 'test "$(/usr/local/lib/strongroom/bin/become-appliance -- sed -n "s/^Cap\(Eff\|Bnd\|Amb\):.//p" /proc/self/status | sort -u)" = 0000000000000000'
prove "an operator works as the appliance's user" says "test" su -s /bin/sh anna -c "sudo -n $home/bin/operator appliance show"
prove "and has no other right" not su -s /bin/sh anna -c 'sudo -n cat /etc/shadow'
prove "nor that of reading what only root may read" says "only-root" su -s /bin/sh anna -c "sudo -n $home/bin/operator archive run photos --full --no-input"
prove "nor a way to another state by the environment" says "test" su -s /bin/sh anna -c "STRONGROOM_STATE=/tmp NODE_OPTIONS=--version sudo -n $home/bin/operator appliance show"
mkdir /srv/evil
for tool in dirname readlink setpriv sed env id getent; do
  printf '#!/bin/sh\ntouch /srv/evil/was-here\nexec /usr/bin/%s "$@"\n' $tool >/srv/evil/$tool
  chmod 755 /srv/evil/$tool
done
chmod 777 /srv/evil
echo 'Defaults !secure_path' >/etc/sudoers.d/zz-none
prove "nor by a PATH, also where sudo keeps it" says "test" su -s /bin/sh anna -c "PATH=/srv/evil:/usr/bin:/bin sudo -n $home/bin/operator appliance show"
prove "of which nothing was run" test ! -e /srv/evil/was-here
rm /etc/sudoers.d/zz-none
prove "somebody else has none" not su bert -c "sudo -n $home/bin/operator status"
prove "the operator's shell has the console and nothing else" says "nothing else" su anna -c 'id'

echo "--- an upgrade, and back"
first=$(app)
sed -i 's/"version": "0.1.0"/"version": "0.2.0"/' /clone/package.json
# A version to come changes the form of the records.
sed -i 's/^\(export const migrations.*\)\];$/\1, "CREATE TABLE tomorrow (id INTEGER PRIMARY KEY) STRICT;"];/' /clone/src/records/store/migrations.ts
cp /clone/src/main/strongroom.ts "$HOME/"
echo 'import "./nowhere.ts";' >>/clone/src/main/strongroom.ts
prove "a release that does not start is refused" says "this release does not start; nothing was changed" /clone/tools/install
prove "and the one in use is as it was" says "0.1.0" strongroom --version
cp "$HOME/strongroom.ts" /clone/src/main/strongroom.ts
before=$(find /var/lib/strongroom -type f -exec sha256sum {} + | sort)
prove "tools/install upgrades" /clone/tools/install
prove "and touches nothing of the state" is "$(find /var/lib/strongroom -type f -exec sha256sum {} + | sort)" "$before"
prove "the new version runs" says "0.2.0" strongroom --version
prove "and knows what the old one did" says "photos" strongroom archive list
prove "the records are kept as they were" sh -c 'ls /var/lib/strongroom/strongroom.db.schema-*'
ln -sfn "$first" $home/app
prove "the old version refuses the new records" not strongroom archive list
prove "and says how to go on" says "use the newer version again; or put the records back" strongroom archive list
prove "with the file that it names" says "$(ls /var/lib/strongroom/strongroom.db.schema-*)" strongroom archive list
mv /var/lib/strongroom/strongroom.db.schema-* /var/lib/strongroom/strongroom.db
prove "which it takes" says "photos" strongroom archive list
sed -i 's/"version": "0.2.0"/"version": "0.3.0"/' /clone/package.json
prove "the next upgrade goes on from there" /clone/tools/install
prove "it runs" says "photos" strongroom archive list
prove "and only the release before it is kept" is "$(find $home/releases -mindepth 1 -maxdepth 1 | wc -l)" 2

echo "--- away"
prove "tools/install --uninstall" /clone/tools/install --uninstall
prove "leaves no program and no unit" sh -c '! find / -xdev \( -path /clone -o -path /proc -o -path /var/lib/strongroom \) -prune -o -name "*strongroom*" ! -path "$HOME/*" ! -path "/run/*" ! -path "/var/cache/*" -print | grep .'
prove "and the state as it was" test -s /var/lib/strongroom/strongroom.db -a -s /var/lib/strongroom/config.json
prove "installed again, it goes on" /clone/tools/install
prove "with everything" says "photos" strongroom archive list

echo "  $proofs proofs, $failed failed"
[ "$failed" -eq 0 ]
