back() {
  normal && answers
}
at observe
if [ -n '@MAYACT@' ] && ! normal; then
  at act
  job '@CLAIM@' @WORK@
fi
at wait
await @WAIT@ back && echo '@@back'
at verify
server
units
at end
