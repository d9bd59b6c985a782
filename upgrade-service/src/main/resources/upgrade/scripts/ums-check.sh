echo "@@clock $(date -u +%s.%N)"
at look
echo "@@uid $(id -u)"
PROBE=/root/.interlock.$$
( echo room > "$PROBE" ) 2>/dev/null && [ -s "$PROBE" ] && echo '@@root-writable'
rm -f "$PROBE"
if [ -n '@INSTALLER@' ]; then
  if [ ! -f '@INSTALLER@' ]; then
    echo '@@installer missing'
  elif [ ! -x '@INSTALLER@' ]; then
    echo '@@installer not-executable'
  elif '@INSTALLER@' --check >/dev/null 2>&1; then
    echo '@@installer whole'
  else
    echo '@@installer damaged'
  fi
  installed
  echo "@@installed $V"
fi
[ -z "$UNITS" ] || units
df -Pk '@ROOM@' 2>/dev/null | sed 's/^/@@df /'
if [ -n '@MEMBERS@' ]; then
  server
  registered
fi
if [ -n '@BACKUP@' ]; then
  if command -v pg_dump >/dev/null 2>&1 && command -v pg_restore >/dev/null 2>&1; then echo '@@pg-tools there'; else echo '@@pg-tools missing'; fi
fi
echo "@@clock-end $(date -u +%s.%N)"
at end
