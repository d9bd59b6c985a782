# What the scripts beside this one share; sourced, not run. Real sshd, systemd, rpm and dnf in containers on a private bridge:
# needs root and the fleet tool (FLEETLAB, `fleetlab` on the PATH, or ../shared/fleetlab/fleetlab beside this repository).
# shellcheck shell=bash
say() { printf '\n== %s\n' "$*"; }
die() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

fleetlab=${FLEETLAB:-$(command -v fleetlab || echo ../shared/fleetlab/fleetlab)}
if [[ ! -x $fleetlab || $(id -u) != 0 ]]; then
    echo "$(basename "$0"): no fleet tool at '$fleetlab', or not root: nothing was done." >&2
    exit 77
fi

data=$(mktemp -d)
chmod 755 "$data" # PostgreSQL runs as another user below it
finish() {
    status=$?
    trap - EXIT
    say "Taking Interlock and the fleet down"
    ./interlock down --data "$data" || true
    "$fleetlab" down || true
    if [[ $status == 0 ]]; then rm -rf "$data"; else echo "Failed; the logs are in $data/logs." >&2; fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# fleet_up N: N hosts at 1.4.0, and an inventory of them in $data/keeper.ini
fleet_up() {
    say "$1 real hosts"
    "$fleetlab" down
    "$fleetlab" up "$1" --profile kcm
    "$fleetlab" list >"$data/fleet.json"
    python3 - "$data" <<'PYTHON'
import json, pathlib, sys
data = pathlib.Path(sys.argv[1])
hosts = json.loads((data / "fleet.json").read_text())
lines = ["[keeper-fleet]"]
lines += [f'{h["name"]} ansible_host={h["address"]} ansible_port={h["port"]} interlock_host_key="{" ".join(h["host_key"].split()[:2])}"'
          for h in hosts]
lines += ["", "[keeper-fleet:vars]", f'ansible_user={hosts[0]["user"]}', "interlock_credential=fleet",
          "interlock_product=keeper-connection-manager", ""]
(data / "keeper.ini").write_text("\n".join(lines))
(data / "key").write_text(hosts[0]["key"])
(data / "hosts").write_text("".join(f'{h["name"]} {h["address"]}\n' for h in hosts))
PYTHON
}

# interlock_up: on data of its own, with two people, Pat who plans and Alex who approves
interlock_up() {
    say "Interlock on data of its own"
    ./interlock up --data "$data" --port-base "${PORT_BASE:-28080}"
    export INTERLOCK_STATE=$data/state.json
    umask 077
    ./interlock token --data "$data" --user pat --role operator,approver >"$data/pat.token"
    ./interlock token --data "$data" --user alex --role approver >"$data/alex.token"
    install -d -m 700 "$data/credentials"
    install -m 600 "$(cat "$data/key")" "$data/credentials/fleet.key"
}

# import_and_discover N
import_and_discover() {
    say "Import and discover"
    ./interlock hosts import "$data/keeper.ini"
    for _ in 1 2 3; do # a host that has just booted may turn its first callers away
        ./interlock hosts probe --every --wait || true
        reachable=$(./interlock hosts list --all -o json | python3 -c 'import json, sys; print(sum(h["status"] == "reachable" for h in json.load(sys.stdin)))')
        [[ $reachable != "$1" ]] || break
    done
    ./interlock hosts list --all
}

# plan_and_approve CONCURRENCY: leaves the plan's id in $plan
plan_and_approve() {
    say "Plan, approve as another person, run"
    plan=$(./interlock plans create keeper-fleet 1.5.0 --concurrency "$1" --token-file "$data/pat.token" -o json | field id)
    ./interlock plans show "$plan"
    if ./interlock plans approve "$plan" --token-file "$data/pat.token" --yes 2>"$data/refused"; then # may approve, but not an own plan
        die "the planner approved an own plan"
    fi
    cat "$data/refused"
    ./interlock plans approve "$plan" --token-file "$data/alex.token" --yes
}

# on_host ADDRESS COMMAND: what the host itself says, on one line
on_host() {
    ssh -n -i "$(cat "$data/key")" -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
        "root@$1" "$2" | tr '\n' ' '
}

# at_new_version ADDRESS: the packages, the services, and what they answer with
at_new_version() {
    on_host "$1" 'rpm -q kcm-guacd kcm-guacamole; systemctl is-active guacamole guacd; curl -s http://localhost:8080/version; curl -s http://localhost:4822/version'
}
NEW_VERSION="kcm-guacd-1.5.0-1.el9.noarch kcm-guacamole-1.5.0-1.el9.noarch active active 1.5.0 1.5.0 "
