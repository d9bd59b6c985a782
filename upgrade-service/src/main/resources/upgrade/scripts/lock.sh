# holder: some living process has the package manager's lock; says which in HOLDER
holder() {
  for LOCK in /var/cache/dnf/metadata_lock.pid /var/cache/dnf/download_lock.pid /var/lib/dnf/rpmdb_lock.pid /var/run/yum.pid; do
    P=
    [ -f "$LOCK" ] || continue
    { read -r P < "$LOCK"; } 2>/dev/null
    [ -n "$P" ] || continue
    if kill -0 "$P" 2>/dev/null; then
      WHO=
      { read -r WHO < "/proc/$P/comm"; } 2>/dev/null
      HOLDER="$LOCK $P $WHO"
      return 0
    fi
  done
  return 1
}
