#!/bin/sh
# Prints every event that needs a person; one line of shell. Needs kcat (apt install kcat).
# usage: needs-a-person.sh [BROKER [options of kcat, for instance -e: end when all has been read]]
broker=${1:-127.0.0.1:8086}
[ $# -eq 0 ] || shift
kcat -q -u -b "$broker" "$@" -X auto.offset.reset=earliest -f '%h %k %s\n' -G needs-a-person-kcat interlock.inventory.events.v1 interlock.license.events.v1 interlock.upgrade.events.v1 interlock.agent.events.v1 | grep --line-buffered -E 'ce_type=dev\.interlock\.[a-z]+\.(HostKeyChanged|ClockSkewDetected|OrphanFound|PoolLow|PoolExhausted|PoolExpiring|PoolExpired|ResponseRejected|AdministratorLockedOut|LicensesLost|TrustedStorageCorrupted|UpgradePlanned|PreflightFailed|GateOpened|StepFailed|UpgradePaused|UpgradeFailed|AlertRaised|GracePeriodEnding|GracePeriodExpired|AgentVersionUnsupported)\.v[0-9]+'
