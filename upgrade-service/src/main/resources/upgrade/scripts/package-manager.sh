if command -v dnf >/dev/null 2>&1; then PM=dnf; else PM=yum; fi
WAITED=0
# pm ARGUMENTS: as soon as nobody else has the package manager's lock; exit status 200 if that takes too long
pm() {
  while true; do
    while holder; do
      if [ "$WAITED" -ge @LOCKWAIT@ ]; then
        echo "@@locked $HOLDER"
        return 200
      fi
      sleep 2
      WAITED=$((WAITED + 2))
    done
    $PM -y --setopt=exit_on_lock=1 "$@"
    PMRC=$?
    if [ "$PMRC" != 200 ] || [ "$WAITED" -ge @LOCKWAIT@ ]; then
      return "$PMRC"
    fi
    sleep 2
    WAITED=$((WAITED + 2))
  done
}
