at observe
PORT=$(sed -n 's/^port:.*[^0-9]\([0-9][0-9]*\) *$/\1/p' /opt/flexnetls/TERADICI/local-configuration.yaml 2>/dev/null | head -n 1)
[ -n "$PORT" ] || PORT=7070
echo "@@port $PORT"
if [ -d "$JOBS/@CLAIM@" ] || ! running 1; then
  at act
  job '@CLAIM@' @WORK@
  # the host was restarted in between
  if [ -z "$RC" ] && ! running 1; then
    systemctl start $UNITS 2>&1
  fi
else
  echo '@@already'
fi
at settle
GOOD=
WAITED=0
while true; do
  HEALTH=$(curl -s -m 5 "http://127.0.0.1:$PORT/api/1.0/health" 2>/dev/null)
  CURL=$?
  case $HEALTH in
    *'"connectionCheck"'*'"success"'*) GOOD=1 ;;
  esac
  [ -n "$GOOD" ] && break
  running 1 || break
  [ "$WAITED" -ge @PATIENT@ ] && break
  sleep 2
  WAITED=$((WAITED + 2))
done
echo "@@curl $CURL"
echo "@@waited $WAITED"
echo '@@block health'
echo "$HEALTH"
echo '@@end'
at verify
packages
units
if [ -z "$GOOD" ]; then
  echo '@@block log'
  if ! tail -q -n 30 /var/log/@UNIT@/*.log 2>/dev/null | grep . ; then
    # no log at all: what the system wrote about it (L90)
    journalctl --no-pager -n 30 -u @UNIT@.service 2>/dev/null
  fi
  echo '@@end'
fi
at end
