at observe
boot
LAST=
RC=
for ONE in "$JOBS"/@RUN@.@BEGUN@.[0-9] "$JOBS"/@RUN@.@BEGUN@.[0-9][0-9] "$JOBS"/@RUN@.@STEP@.[0-9] "$JOBS"/@RUN@.@STEP@.[0-9][0-9]; do
  if [ -d "$ONE" ]; then
    finish "$ONE"
    LAST=$ONE
  fi
done
installed
if [ "$V" != '@TARGET@' ] && [ -n '@MAYACT@' ]; then
  at act
  job '@CLAIM@' @WORK@
elif [ -n "$LAST" ]; then
  told "$LAST"
fi
at settle
installed
if [ "$V" = '@TARGET@' ]; then
  running @COUNT@ || systemctl start $UNITS 2>&1
  await @WAIT@ answers
fi
at verify
echo "@@installed $V"
counted
units
server
at end
