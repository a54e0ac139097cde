# shellcheck shell=sh disable=SC2034,SC2154
# Somebody with the media, a private key, a passphrase and Debian, who does literally what README-FIRST.txt says. Everything of
# Strongroom is hidden from him; the commands he types are taken from the text, not from here.

stranger_home=/big/stranger

# A new stranger: an empty home with the key, and a gpg home that gets the passphrase where a person would type it.
new_stranger() {
  rm -rf "$stranger_home" /big/volumes /big/restored
  mkdir -p "$stranger_home"
  # The README calls it so.
  cp /share/keys/recovery-private-key.asc "$stranger_home/FILE-WITH-A-PRIVATE-KEY"
  cp /share/passphrase "$stranger_home/passphrase"
}

# stranger COMMAND...: in his room, his environment and his home.
stranger() { run sh "$root/tools/checks/stranger.sh" "$stranger_home" --hide "$root" --hide /share -- "$@"; }

# commands_of README SECTION: its commands, each as "STEP<tab>command": they are indented by nine.
commands_of() {
  awk -v section="$2" '
    /^[0-9]+\. [A-Z]/ { inside = ($1 == section ".") }
    inside && /^[0-9]+\.[0-9]+  / { step = $1 }
    inside && /^         [^ ]/ { print step "\t" substr($0, 10) }' "$1"
}

# make_script FILE: commands on standard input become a script that types them into one shell and notes each exit code.
make_script() {
  echo ': >"$HOME/codes"' >"$1"
  # A loop of several lines is one command.
  awk -F '\t' '
    function flush() {
      if (text == "") return
      shown = text; gsub(/\047/, "\047\\\047\047", shown)
      print "printf \047%s\\n\047 \047$ " shown "\047"; print text; print "echo \"" step " $?\" >>\"$HOME/codes\""; text = ""
    }
    { if (open) text = text "\n" $2; else { flush(); step = $1; text = $2 } }
    $2 ~ /^for / { open = 1 }
    $2 ~ /; done/ { open = 0 }
    END { flush() }' >>"$1"
}

# Every command of step $1 ended with 0, and there was one.
step_went_well() { awk -v step="$1" '$1 == step { n++; if ($2 != 0) bad = 1 } END { exit !(n > 0 && !bad) }' "$stranger_home/codes"; }

prove_steps() { # DEVICE MEDIUM STEP...
  steps_device=$1 steps_medium=$2
  shift 2
  for steps_step; do
    prove "$steps_device" "README-FIRST of the $steps_medium, step $steps_step, typed literally" "stock tools" step_went_well "$steps_step"
  done
}

same_tree() { run rsync -aHAXnci --modify-window=-1 --delete /share/tree/ "$1/" && [ ! -s /tmp/said ]; }
