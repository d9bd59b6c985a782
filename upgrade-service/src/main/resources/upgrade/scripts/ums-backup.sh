at observe
boot
at act
job '@CLAIM@' @WORK@
at verify
F='@FILE@'
if [ "$RC" = 0 ]; then
  echo "@@bytes $(wc -c < "$F" | tr -d ' ')"
  echo "@@sha256 $(sha256sum "$F" | cut -d ' ' -f 1)"
else
  rm -f "$F"
  disk
fi
at end
