# Interlock's host probe: reads, changes nothing, needs no root. One exec, POSIX sh.
# Each part begins with a line @@name; the last line is @@end. A part that a host cannot answer is empty.
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/sbin
export PATH
echo '@@interlock-probe 1'
echo "@@clock $(date +%s.%N)"
echo '@@os'
cat /etc/os-release 2>/dev/null
echo '@@kernel'
uname -r
uname -m
uname -n
echo '@@rpm'
if command -v rpm >/dev/null 2>&1; then
  rpm -qa --qf '%{NAME} %{VERSION}-%{RELEASE}\n' 2>/dev/null | grep -E '^(@PACKAGES@) '
fi
echo '@@dpkg'
if command -v dpkg-query >/dev/null 2>&1; then
  dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' 2>/dev/null | grep -E '^installed (@PACKAGES@) '
fi
echo '@@ums'
cat /opt/IGEL/RemoteManager/version 2>/dev/null
echo '@@units'
systemctl show -p Id -p LoadState -p ActiveState @UNITS@ 2>/dev/null
echo '@@ports'
if command -v ss >/dev/null 2>&1; then
  ss -ltn 2>/dev/null
else
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
fi
echo '@@cores'
nproc 2>/dev/null
echo '@@memory'
if [ -r /proc/meminfo ]; then
  grep -E '^Mem(Total|Available):' /proc/meminfo
else
  free -k 2>/dev/null
fi
echo '@@disk'
df -Pk /var 2>/dev/null
echo "@@clock-end $(date +%s.%N)"
echo '@@end'
