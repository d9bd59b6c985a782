# by hand, where a server stays on its copy: the first one to connect renews the schema (G24)
main() {
  ID=$(umsadmin-cli --machine-readable --no-header db list | grep -vi ';embedded;' | head -n 1 | cut -d ';' -f 1)
  [ -n "$ID" ] || return 34
  umsadmin-cli db activate -i "$ID"
}
