renewed() {
  normal || return 1
  status
  case $STATUS in *'"ok"'*|*'"warn"'*) ;; *) return 1 ;; esac
  case $SERVER in *'"schemaVersion":"@SCHEMA@"'*) return 0 ;; *'"schemaVersion"'*) return 1 ;; esac
  return 0
}
at observe
if [ -n '@MAYACT@' ] && ! renewed; then
  at act
  job '@CLAIM@' @WORK@
fi
at wait
await @WAIT@ renewed && echo '@@renewed'
at verify
counted
server
registered
at end
