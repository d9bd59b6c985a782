# halt_broker: stops the load balancer; kills it only when it is seen to hang (G21)
broker_down() {
  case $(systemctl is-active igel-ums-broker.service) in
    inactive|failed) return 0 ;;
  esac
  return 1
}
halt_broker() {
  systemctl stop igel-ums-broker.service &
  W=0
  while ! broker_down; do
    if [ "$W" -eq @STOPWAIT@ ]; then
      echo '@@killed igel-ums-broker'
      systemctl kill -s KILL igel-ums-broker.service
    elif [ "$W" -gt @GIVEUP@ ]; then
      echo 'igel-ums-broker does not stop, not even killed'
      return 91
    fi
    sleep 1
    W=$((W + 1))
  done
}
