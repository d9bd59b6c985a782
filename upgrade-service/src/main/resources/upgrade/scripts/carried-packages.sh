at look
if [ -d '@FOLDER@' ]; then
  for RPM in '@FOLDER@'/*.rpm; do
    [ -e "$RPM" ] && rpm -qp --nosignature --qf '@@pkg %{NAME} %{VERSION} %{RELEASE} 0\n' "$RPM" 2>&1
  done
else
  echo '@@no-folder'
fi
at end
