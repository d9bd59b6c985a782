at look
# first TEXT: the first line of a file
first() {
  LINE=
  { read -r LINE < "$1"; } 2>/dev/null
  echo "$LINE"
}
rpm -qa --qf '@@pkg %{NAME} %{VERSION} %{RELEASE} %{INSTALLTIME}\n' @NAMES@
units
df -Pk /opt 2>/dev/null | sed 's/^/@@df /'
disk
PROBE=$JOBS/.probe.$$
( echo room > "$PROBE" ) 2>/dev/null && [ -s "$PROBE" ] && echo '@@writable'
rm -f "$PROBE"
sed -n 's/^MemAvailable: *\([0-9]*\) kB.*/@@memory \1/p' /proc/meminfo 2>/dev/null
echo "@@cores $(grep -c '^processor' /proc/cpuinfo 2>/dev/null)"
sed -n 's/^model name[^:]*: */@@processor /p' /proc/cpuinfo 2>/dev/null | head -n 1
echo "@@megahertz $(sed -n 's/^cpu MHz[^:]*: *\([0-9]*\).*/\1/p' /proc/cpuinfo 2>/dev/null | sort -n | tail -n 1)"
echo "@@maker $(first /sys/class/dmi/id/sys_vendor)"
echo "@@platform $(first /sys/class/dmi/id/product_name)"
echo "@@asset $(first /sys/class/dmi/id/chassis_asset_tag)"
sed -n 's/^ID="\{0,1\}\([^"]*\)"\{0,1\}$/@@system \1/p' /etc/os-release 2>/dev/null
sed -n 's/^VERSION_ID="\{0,1\}\([^"]*\)"\{0,1\}$/@@release \1/p' /etc/os-release 2>/dev/null
# another license server on this machine: a FlexNet one of another vendor, or NVIDIA's, or one of before 2.0
OTHERS=
for JAR in /opt/flexnetls/*/flexnetls.jar; do
  [ -e "$JAR" ] || continue
  OWNER=${JAR#/opt/flexnetls/}
  OWNER=${OWNER%/flexnetls.jar}
  [ "$OWNER" = TERADICI ] || OTHERS="$OTHERS /opt/flexnetls/$OWNER"
done
for FOUND in $(rpm -qa --qf '%{NAME}-%{VERSION}\n' 'nvidia-ls*' 'nvidia-grid-license*' 'NVIDIA-ls*' 'teradici-license-server*' 'pcoip-license-server-1.*'); do
  OTHERS="$OTHERS $FOUND"
done
echo "@@others$OTHERS"
for STORAGE in /var/opt/flexnetls/TERADICI /var/opt/flexnetLS/TERADICI; do
  [ -d "$STORAGE" ] || continue
  WHERE=$(readlink -f "$STORAGE")
  echo "@@storage $STORAGE $(ls -A "$STORAGE" | grep -c .) $WHERE"
done
tail -n 3 /var/log/@UNIT@/*.log 2>/dev/null | grep -i 'trusted storage' | tail -n 1 | sed 's/^/@@storage-log /'
CONF=/opt/flexnetls/TERADICI/local-configuration.yaml
if sed -n '/^https-in:/,/^[A-Za-z]*:$/p' "$CONF" 2>/dev/null | grep -q '^ *enabled: *true'; then
  sed -n 's/^ *keystore-path: *\([^ ]*\).*/\1/p' "$CONF" | head -n 1 | sed 's/^/@@keystore /'
fi
find /opt/flexnetls/TERADICI -name '*.jks' 2>/dev/null | head -n 1 | sed 's/^/@@jks /'
WAITED=0
while holder; do
  if [ "$WAITED" -ge @LOCKWAIT@ ]; then
    echo "@@locked $HOLDER"
    break
  fi
  sleep 1
  WAITED=$((WAITED + 1))
done
at end
