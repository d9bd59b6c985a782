at observe
boot
for EARLIER in @EARLIER@; do
  if [ -d "$JOBS/$EARLIER" ]; then
    finish "$JOBS/$EARLIER"
  fi
done
NOW=$(rpm -q --qf '%{VERSION}\n' @NAMES@ | sort -u)
if [ -d "$JOBS/@CLAIM@" ]; then
  at act
  job '@CLAIM@' @WORK@
else
  case $(echo $NOW) in
    '@WANTED@')
      echo '@@already'
      ;;
    '@FOUND@'|'@FOUND@ @WANTED@'|'@WANTED@ @FOUND@')
      at act
      job '@CLAIM@' @WORK@
      { [ "$RC" = 0 ] && [ -s "$D/out" ]; } || disk
      ;;
    *)
      # neither what the plan was made for nor what is wanted: nothing is done to it, least of all a downgrade (L53)
      echo "@@unexpected $(echo $NOW)"
      ;;
  esac
fi
at verify
packages
at end
