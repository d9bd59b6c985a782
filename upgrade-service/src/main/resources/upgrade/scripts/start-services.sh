at observe
if [ -d "$JOBS/@CLAIM@" ] || ! running @COUNT@; then
  at act
  job '@CLAIM@' @WORK@
  if [ -z "$RC" ] && ! running @COUNT@; then
    systemctl start $UNITS 2>&1
  fi
else
  echo '@@already'
fi
at settle
sleep @SETTLE@
if [ -n '@REPAIR@' ] && ! running @COUNT@; then
  # the same version, built again by its vendor: the only other thing that a retry may install
  at repair
  job '@CLAIM@.rebuild' @REBUILD@
  systemctl start $UNITS 2>&1
  sleep @SETTLE@
fi
at verify
units
if ! running @COUNT@; then
  echo '@@out'
  journalctl --no-pager -n 20 @JOURNAL@ 2>/dev/null
  echo '@@end'
fi
at end
