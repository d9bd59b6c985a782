at observe
boot
for EARLIER in @EARLIER@; do
  if [ -d "$JOBS/$EARLIER" ]; then
    finish "$JOBS/$EARLIER"
  fi
done
# entered: the server is in update mode, or has been and the installation is over: on the last one it lasts for seconds only
entered() {
  on_copy && return 0
  ENDED=
  { read -r ENDED < "$D/rc"; } 2>/dev/null
  [ "$ENDED" = 0 ] && grep -qi 'update mode' "$D/out" 2>/dev/null
}
# launch CLAIM SCRIPT: like job, but does not wait for the end; whoever finds the claim without a process may begin it again
launch() {
  D=$JOBS/$1
  export D
  MINE=
  if mkdir "$D" 2>/dev/null; then
    echo '@@claimed'
    MINE=1
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
    # first whether it has told its number, then whether that lives: the other way round a newborn one counts as dead
    if [ -s "$D/pid" ]; then
      if ! alive "$D" && [ ! -f "$D/rc" ]; then
        break
      fi
    elif [ ! -f "$D/rc" ]; then
      # its process may be about to begin
      NEWBORN=$((NEWBORN + 1))
      [ "$NEWBORN" -gt 60 ] && break
      # a claim that somebody made who did not live to begin anything under it
      if [ -z "$MINE" ] && [ "$NEWBORN" -gt 5 ] && mv "$D" "$D.void.$$"; then
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
