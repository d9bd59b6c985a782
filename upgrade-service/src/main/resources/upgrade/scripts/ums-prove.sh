at look
proven() {
  [ -z "$UNITS" ] || running @COUNT@ || return 1
  [ -n '@MEMBERS@' ] || return 0
  normal && answers && [ -z "$(ums network list 2>/dev/null | grep -v ';@TARGET@;normal$')" ]
}
await @WAIT@ proven
installed
echo "@@installed $V"
[ -z "$UNITS" ] || units
if [ -n '@MEMBERS@' ]; then
  server
  registered
fi
at end
