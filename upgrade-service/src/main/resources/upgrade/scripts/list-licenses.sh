# the administrator's password comes by standard input and stays in the environment (L41)
IFS= read -r TERADICI_LICENSE_SERVER_PASSWORD
export TERADICI_LICENSE_SERVER_PASSWORD
at act
# under a claim, so that a password goes to the server once for each attempt, whoever dies meanwhile (L43)
job '@CLAIM@' @WORK@
unset TERADICI_LICENSE_SERVER_PASSWORD
echo "@@today $(date -u +%Y-%m-%d)"
echo '@@block licenses'
cat "$D/licenses" 2>/dev/null
echo '@@end'
echo '@@block id'
cat "$D/id" 2>/dev/null
echo '@@end'
at verify
packages
units
at end
