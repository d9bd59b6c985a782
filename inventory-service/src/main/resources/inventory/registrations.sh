# Lists the servers and load balancers that IGEL UMS has registered (G2). Needs root, or sudo for it. The list of load balancers
# and the mark of the update mode are assumed; where there is no such list, only servers are compared. Changes nothing.
LC_ALL=C
export LC_ALL
S=
if [ "$(id -u)" != 0 ]; then
  S='sudo -n'
fi
M=/opt/IGEL/RemoteManager/rmguiserver/update-mode
[ -e $M ] && echo '@@copy'
echo '@@servers'
$S umsadmin-cli --machine-readable --no-header web-certs list-assigned-server 2>&1
echo "@@exit $?"
echo '@@network'
$S umsadmin-cli --machine-readable --no-header network list 2>&1
echo "@@exit $?"
[ -e $M ] && echo '@@copy'
echo '@@done'
