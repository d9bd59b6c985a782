at observe
if [ -d "$JOBS/@CLAIM@" ] || running 1; then
  at act
  job '@CLAIM@' @WORK@
  # the host was restarted in between, and started them again
  if [ -z "$RC" ] && running 1; then
    systemctl stop igel-ums-watchdog.service 2>&1
    halt_broker
  fi
else
  echo '@@already'
fi
at verify
units
at end
