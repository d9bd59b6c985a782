at look
rpm -qa --qf '@@pkg %{NAME} %{VERSION} %{RELEASE} %{INSTALLTIME}\n' @PATTERNS@
units
disk
PROBE=$JOBS/.probe.$$
( echo room > "$PROBE" ) 2>/dev/null && [ -s "$PROBE" ] && echo '@@writable'
rm -f "$PROBE"
WAITED=0
while holder; do
  if [ "$WAITED" -ge @LOCKWAIT@ ]; then
    echo "@@locked $HOLDER"
    break
  fi
  sleep 1
  WAITED=$((WAITED + 1))
done
at end
