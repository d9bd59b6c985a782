# what the backup's claim runs: dump, then proof that the dump can be read to its end
main() {
  umask 077
  H='@DBHOST@'; P='@DBPORT@'; N='@DBNAME@'; U='@DBUSER@'
  if [ -z "$H" ] || [ -z "$P" ] || [ -z "$N" ] || [ -z "$U" ]; then
    ROW=$(umsadmin-cli --machine-readable --no-header db list | grep -vi ';embedded;' | head -n 1)
    [ -n "$ROW" ] || return 34
    [ -n "$H" ] || H=$(echo "$ROW" | cut -d ';' -f 4)
    [ -n "$P" ] || P=$(echo "$ROW" | cut -d ';' -f 5)
    [ -n "$N" ] || N=$(echo "$ROW" | cut -d ';' -f 6)
    [ -n "$U" ] || U=$(echo "$ROW" | cut -d ';' -f 7)
  fi
  echo "@@database $N on $H:$P as $U"
  mkdir -p '@FOLDER@' || return 35
  F='@FILE@'
  pg_dump -Fc -w -h "$H" -p "$P" -U "$U" -d "$N" -f "$F" || return 31
  pg_restore --list "$F" > "$F.list" || { rm -f "$F.list"; return 32; }
  echo "@@entries $(grep -c -v '^;' "$F.list")"
  rm -f "$F.list"
  pg_restore -f /dev/null "$F" || return 33
}
