# Lines that begin with @@ are for Interlock; everything else is what the host's own tools said.
export LC_ALL=C TZ=UTC
JOBS='@JOBS@'
UNITS='@UNITS@'

# at PHASE: when a phase begins, by the host's own uptime
at() {
  U=
  { read -r U IDLE < /proc/uptime; } 2>/dev/null
  [ -n "$U" ] || U=$(date +%s)
  echo "@@at $1 $U"
}

units() {
  echo '@@units'
  systemctl show -p Id -p LoadState -p ActiveState -p SubState -p Result -p MainPID -p NRestarts -p ExecMainStartTimestamp $UNITS
  echo '@@end'
}

# running N: N units at least are neither stopped nor failed
running() {
  UP=0
  for ONE in $(systemctl is-active $UNITS); do
    case $ONE in
      inactive|failed|unknown) ;;
      *) UP=$((UP + 1)) ;;
    esac
  done
  [ "$UP" -ge "$1" ]
}

packages() {
  rpm -q --qf '@@pkg %{NAME} %{VERSION} %{RELEASE} %{INSTALLTIME}\n' @NAMES@
}

# boot: this boot of the host, in B; a process number means nothing after a restart
boot() {
  B=
  { read -r B < /proc/sys/kernel/random/boot_id; } 2>/dev/null
}

# alive DIR: the job of this claim is still at work
alive() {
  P= ; WAS=
  { read -r P < "$1/pid"; } 2>/dev/null
  { read -r WAS < "$1/boot"; } 2>/dev/null
  [ -n "$P" ] && [ "$WAS" = "$B" ] && kill -0 "$P" 2>/dev/null
}

# finish DIR: waits for the job of a claim that somebody made before; sets RC, empty when the job died without an answer
finish() {
  RC=
  NEWBORN=0
  LEFT=@PATIENCE@
  while [ "$LEFT" -gt 0 ]; do
    if [ -f "$1/rc" ]; then
      read -r RC < "$1/rc"
      return 0
    fi
    # first whether it has told its number, then whether that lives: the other way round a newborn one counts as dead
    if [ -s "$1/pid" ]; then
      if ! alive "$1"; then
        [ -f "$1/rc" ] && continue
        return 0
      fi
    else
      # the claim may be a moment older than its process
      [ "$NEWBORN" -ge 3 ] && return 0
      NEWBORN=$((NEWBORN + 1))
    fi
    sleep 1
    LEFT=$((LEFT - 1))
  done
  echo "@@still-running $P"
  exit 0
}

# job CLAIM SCRIPT: runs the script once for ever under this name, in a session of its own, so that neither a lost connection nor
# a dead controller ends it. Who finds the claim made waits for it instead. RC is its exit status, empty when it was cut off.
job() {
  D=$JOBS/$1
  boot
  if mkdir "$D" 2>/dev/null; then
    echo '@@claimed'
    echo "$B" > "$D/boot"
    export D
    setsid sh -c "$2" </dev/null >/dev/null 2>&1 &
    wait $!
    RC=$?
  elif [ -d "$D" ]; then
    echo '@@joined'
    finish "$D"
    # a claim without a process: nothing was begun under it
    if [ -z "$RC" ] && [ ! -s "$D/pid" ] && mv "$D" "$D.void.$$"; then
      job "$1" "$2"
      return
    fi
  else
    disk
    echo '@@no-claim'
    mkdir "$D" 2>&1
    exit 0
  fi
  echo "@@rc $RC"
  echo '@@out'
  tail -n 120 "$D/out" 2>/dev/null
  echo '@@end'
}

# disk: how much room there is, for the reader of a failure
disk() {
  df -Pk /var 2>/dev/null | sed 's/^/@@df /'
}

[ -d "$JOBS" ] || mkdir -p "$JOBS" 2>&1 || { disk; echo '@@no-claim'; exit 0; }
