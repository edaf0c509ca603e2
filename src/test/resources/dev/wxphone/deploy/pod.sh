# Runs a command as a container of the StatefulSet's pod does, without an engine: in a root of its own that
# can't be written, but for the volume and /tmp; as the pod's user; without any capability or a way to get
# one. Run it as root in a mount namespace of its own: unshare --mount --propagation private sh -e pod.sh …
#
#   pod.sh ROOT VOLUME CONFIG JAR JAVA_HOME USER COMMAND…
#
# ROOT is an empty directory, VOLUME becomes /var/lib/wxphone, CONFIG /etc/wxphone. The network and the
# processes are those of the machine.
root=$1 volume=$2 config=$3 jar=$4 java=$5 user=$6
shift 6

mount -t tmpfs -o mode=0755 root "$root"
for directory in bin lib lib64 usr etc; do
  if [ -L "/$directory" ]; then
    cp -P "/$directory" "$root/$directory"
  elif [ -d "/$directory" ]; then
    mkdir "$root/$directory"
  fi
done
mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/opt/java" "$root/opt/wxphone" \
  "$root/var/lib/wxphone" "$root/etc/wxphone"
touch "$root/opt/wxphone/wxphone.jar"
for directory in bin lib lib64 usr; do
  if [ -d "$root/$directory" ] && [ ! -L "$root/$directory" ]; then
    mount --bind "/$directory" "$root/$directory"
    mount -o remount,bind,ro "$root/$directory"
  fi
done
# The parts of /etc that a JVM of Debian's needs; an image brings its own.
for each in /etc/java* /etc/ssl /etc/nsswitch.conf /etc/hosts /etc/resolv.conf /etc/localtime; do
  [ ! -e "$each" ] || cp -rL "$each" "$root/etc/" 2>/dev/null || :
done
mount --bind "$java" "$root/opt/java"
mount -o remount,bind,ro "$root/opt/java"
mount --bind "$jar" "$root/opt/wxphone/wxphone.jar"
mount -o remount,bind,ro "$root/opt/wxphone/wxphone.jar"
mount --bind "$config" "$root/etc/wxphone"
mount -o remount,bind,ro "$root/etc/wxphone"
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -o remount,ro "$root"
# Writable from here on.
mount -t tmpfs -o mode=1777,size=64m tmp "$root/tmp"
mount --bind "$volume" "$root/var/lib/wxphone"

cd "$root"
exec chroot . env -i "PATH=/opt/java/bin:/usr/local/bin:/usr/bin:/bin" XDG_STATE_HOME=/var/lib HOME=/ \
  setpriv --reuid "$user" --regid "$user" --groups "$user" \
  --bounding-set=-all --inh-caps=-all --ambient-caps=-all --no-new-privs "$@"
