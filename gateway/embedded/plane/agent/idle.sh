trap 'echo "$(date -u +%H:%M:%S) $KS_FACADE_CONTAINER stops"; exit 0' TERM INT
echo "$(date -u +%H:%M:%S) $KS_FACADE_CONTAINER started, standing in for image $KS_FACADE_IMAGE"
n=0
while :; do
  sleep 15 &
  wait $!
  n=$((n + 1))
  echo "$(date -u +%H:%M:%S) $KS_FACADE_CONTAINER is alive, line $n"
done
