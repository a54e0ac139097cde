# shellcheck shell=sh disable=SC2154
# The words of a job. Its standard output is its log; proofs go to the host.

# prove DEVICE WHAT FIGURES COMMAND...: the command decides.
prove() {
  prove_device=$1 prove_what=$2 prove_figures=$3
  shift 3
  prove_result=ok
  "$@" || prove_result=FAILED
  echo "-> $prove_result: $prove_what"
  printf '%s\t%s\t%s\t%s\n' "$prove_result" "$prove_device" "$prove_what" "$prove_figures" >>/share/proofs
  [ "$prove_result" = ok ]
}

# stop WHAT: nothing in this job can go on.
stop() {
  echo "stop: $*"
  exit 1
}

# run COMMAND...: with the command in the log; what it says also in /tmp/said, its exit code in code.
run() {
  echo "\$ $*"
  "$@" >/tmp/said 2>&1
  code=$?
  cat /tmp/said
  return "$code"
}

# wait_until SECONDS COMMAND...: devices come when they come.
wait_until() {
  wait_left=$(($1 * 5))
  shift
  until "$@"; do
    wait_left=$((wait_left - 1))
    [ "$wait_left" -gt 0 ] || return 1
    sleep 0.2
  done
}
