# What the steps of an IGEL UMS network share.
ums() {
  umsadmin-cli --machine-readable --no-header "$@"
}

# installed: the version on the disk, in V
installed() {
  V=
  { read -r V < '@HOME@/version'; } 2>/dev/null
  [ -n "$V" ] || V=$(rpm -q --qf '%{VERSION}' igel-ums 2>/dev/null) || V=
}

# on_copy: the server works with a copy of the database of its own
on_copy() {
  [ -e '@HOME@/rmguiserver/update-mode' ] || ums db list 2>/dev/null | grep -qi ';embedded;.*;true$'
}

# normal: the server works with the productive database
normal() {
  [ ! -e '@HOME@/rmguiserver/update-mode' ] && ums db list 2>/dev/null | grep -vi ';embedded;' | grep -q ';true$'
}

# productive: the id of the productive data source, in ID
productive() {
  ID=$(ums db list 2>/dev/null | grep -vi ';embedded;' | head -n 1 | cut -d ';' -f 1)
}

status() {
  STATUS=$(curl -sk -m 5 '@URL@/ums/check-status' 2>/dev/null | tr -d ' \n')
  SERVER=$(curl -sk -m 5 '@URL@/umsapi/v3/serverstatus' 2>/dev/null | tr -d ' \n')
}

# answers: the server answers devices, with the new version
answers() {
  status
  case $STATUS in *'"ok"'*|*'"warn"'*) ;; *) return 1 ;; esac
  case $SERVER in *'"rmGuiServerVersion":"@TARGET@"'*) return 0 ;; esac
  return 1
}

# await SECONDS CONDITION
await() {
  AWAITED=$1
  shift
  while ! "$@"; do
    [ "$AWAITED" -gt 0 ] || return 1
    sleep 1
    AWAITED=$((AWAITED - 1))
  done
}

# server: what the server says of itself
server() {
  status
  echo "@@status $STATUS"
  echo "@@server $SERVER"
  if on_copy; then echo '@@mode update'; elif normal; then echo '@@mode normal'; else echo '@@mode unknown'; fi
  echo '@@block sources'
  ums db list 2>&1
  echo '@@end'
  productive
  if [ -n "$ID" ] && TESTED=$(ums db test -i "$ID" 2>&1); then echo "@@db-answers $TESTED"; else echo "@@db-silent $TESTED"; fi
}

# registered: who is registered in the database
registered() {
  echo '@@block servers'
  ums web-certs list-assigned-server 2>&1
  echo '@@end'
  echo '@@block network'
  ums network list 2>/dev/null
  echo '@@end'
}

# told DIR: what the installer of a claim said, and how it ended
told() {
  if [ -f "$1/rc" ]; then
    read -r RC < "$1/rc"
  fi
  echo "@@rc $RC"
  echo '@@out'
  tail -n 120 "$1/out" 2>/dev/null
  echo '@@end'
}

# counted: the last 'n of m servers updated' that an installer of this run said here
counted() {
  echo "@@counted $(cat "$JOBS"/@RUN@.@BEGUN@.*/out "$JOBS"/@RUN@.@STEP@.*/out 2>/dev/null | grep -oE '[0-9]+ of [0-9]+ servers updated' | tail -n 1)"
}
