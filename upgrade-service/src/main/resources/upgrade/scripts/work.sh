# what a claim's process runs: its number first, then the work, then the answer
echo $$ > "$D/pid"
main > "$D/out" 2>&1
R=$?
echo "$R" > "$D/rc.new"
mv "$D/rc.new" "$D/rc"
exit "$R"
