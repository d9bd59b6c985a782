main() {
  SAID=$(systemctl start @UNIT@.service 2>&1)
  R=$?
  echo "$SAID"
  [ "$R" = 0 ] && return 0
  case $SAID in
    *'control process exited'*) ;;
    *) return "$R" ;;
  esac
  # killing does not mend a storage that was moved or modified (L9)
  if tail -q -n 5 /var/log/@UNIT@/*.log 2>/dev/null | grep -qi 'trusted storage.*corrupt'; then
    return "$R"
  fi
  echo '@@killed-and-restarted'
  pkill -u pcoip_license_server
  systemctl restart @UNIT@.service
}
