at observe
boot
for EARLIER in @EARLIER@; do
  if [ -d "$JOBS/$EARLIER" ]; then
    finish "$JOBS/$EARLIER"
  fi
done
# K6: never under a running web application, whoever started it again
if running 1; then
  echo '@@stopped-again'
  systemctl stop $UNITS 2>&1
fi
FOUND=
if [ -n '@LOOKFIRST@' ]; then
  FOUND=$(rpm -q --qf '%{NAME} %{VERSION}\n' @NAMES@ | sort)
fi
if [ "$FOUND" = '@WANTED@' ] && [ ! -d "$JOBS/@CLAIM@" ]; then
  echo '@@already'
else
  at act
  job '@CLAIM@' @WORK@
  # a full disk may even swallow what the package manager says
  { [ "$RC" = 0 ] && [ -s "$D/out" ]; } || disk
fi
at verify
packages
at end
