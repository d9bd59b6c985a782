# Lists updates of Keeper's packages without applying any (K3). The pattern kcm-* matches neither kcm nor
# keeper-guacamole-standalone. "No matching packages" is exit 1, as errors are: the caller tells them apart by the text.
LC_ALL=C
export LC_ALL
S=
if [ "$(id -u)" != 0 ] && sudo -n true 2>/dev/null; then
  S='sudo -n'
fi
T=dnf
command -v dnf >/dev/null 2>&1 || T=yum
command -v $T >/dev/null 2>&1 || { echo '@@no-tool'; exit 0; }
echo '@@updates'
$S $T -q list updates 'kcm-*' kcm keeper-guacamole-standalone 2>&1
echo "@@exit $?"
