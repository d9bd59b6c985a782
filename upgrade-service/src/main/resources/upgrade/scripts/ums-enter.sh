at observe
boot
for EARLIER in @EARLIER@; do
  if [ -d "$JOBS/$EARLIER" ]; then
    finish "$JOBS/$EARLIER"
  fi
done
entered() {
  grep -qi 'update mode' "$D/out" 2>/dev/null || on_copy
}
launch() {
  D=$JOBS/$1
  export D
  if mkdir "$D" 2>/dev/null; then
    echo '@@claimed'
    echo "$B" > "$D/boot"
    setsid sh -c "$2" </dev/null >/dev/null 2>&1 &
  elif [ -d "$D" ]; then
    echo '@@joined'
  else
    disk
    echo '@@no-claim'
    mkdir "$D" 2>&1
    exit 0
  fi
}
installed
if [ "$V" = '@TARGET@' ] && [ ! -d "$JOBS/@CLAIM@" ]; then
  echo '@@already'
else
  at act
  launch '@CLAIM@' @WORK@
  at wait
  LEFT=@PATIENCE@
  NEWBORN=0
  while [ ! -f "$D/rc" ] && ! entered; do
    if ! alive "$D" && [ ! -f "$D/rc" ]; then
      [ -s "$D/pid" ] && break
      NEWBORN=$((NEWBORN + 1))
      # a claim without a process: nothing was begun under it
      if [ "$NEWBORN" -gt 3 ] && mv "$D" "$D.void.$$"; then
        launch '@CLAIM@' @WORK@
        NEWBORN=0
      fi
    fi
    if [ "$LEFT" -le 0 ]; then
      echo "@@still-running $P"
      exit 0
    fi
    sleep 1
    LEFT=$((LEFT - 1))
  done
  RC=
  if entered; then
    echo '@@entered'
  elif [ -f "$D/rc" ]; then
    # nothing was changed: what was stopped runs again
    systemctl start $UNITS 2>&1
  fi
  [ ! -f "$D/rc" ] || told "$D"
fi
at verify
units
at end
