#!/bin/sh
# Builds the adapter of the toy reader: `build.sh OUT` leaves OUT/toy, which starts it.
set -eu
here=$(dirname "$0")
out=${1:?usage: build.sh OUT}
mkdir -p "$out"
javac --release 17 -Xlint:all -Werror -d "$out" "$here/StconformKit.java" "$here/Toy.java"
cat > "$out/toy" <<'END'
#!/bin/sh
# What the virtual machine itself prints must not get among the replies.
exec 3>&1 1>&2
exec java -Dstconform.replies=/dev/fd/3 -cp "$(dirname "$0")" Toy
END
chmod +x "$out/toy"
