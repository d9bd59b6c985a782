at observe
boot
for EARLIER in @EARLIER@; do
  if [ -d "$JOBS/$EARLIER" ]; then
    finish "$JOBS/$EARLIER"
  fi
done
installed
if [ "$V" = '@TARGET@' ] && [ ! -d "$JOBS/@CLAIM@" ]; then
  echo '@@already'
else
  at act
  job '@CLAIM@' @WORK@
fi
at settle
installed
if [ "$V" = '@TARGET@' ] && [ -n "$UNITS" ]; then
  running @COUNT@ || systemctl start $UNITS 2>&1
fi
at verify
echo "@@installed $V"
[ -z "$UNITS" ] || units
at end
