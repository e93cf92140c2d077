#!/bin/sh
# Installs the Debian packages that one step needs and that are not there yet:
#
#   tools/install.sh build|test|lint|bench
#
# Each set contains the ones before it, except that `lint` is only the formatter and the linter.
# Nothing missing: nothing is printed and nothing runs. Otherwise the packages are listed first and
# installed without recommended ones, as root or by sudo; a package that stands in the way is named,
# never removed. Without root and sudo the command to paste is printed and the exit status is 1.
set -eu

build_set="g++ cmake ninja-build make pkg-config python3 ca-certificates libasio-dev libssl-dev
  libsqlite3-dev libfmt-dev libcli11-dev libspdlog-dev libsimdjson-dev libpugixml-dev libyaml-dev
  libpcre2-dev libisal-dev liburing-dev prometheus-cpp-dev"
test_set="libgtest-dev libgmock-dev clang-19 libclang-rt-19-dev mold zlib1g-dev python3-boto3 awscli
  xfsprogs e2fsprogs velocity default-jdk-headless"
lint_set="clang-format-19 clang-tidy-19"
bench_set="libbenchmark-dev nginx-light wrk linux-perf valgrind velocity libjson-smart-java
  default-jdk-headless nodejs npm"

case "${1:-}" in
  build) packages=$build_set ;;
  test) packages="$build_set $test_set" ;;
  lint) packages=$lint_set ;;
  bench) packages="$build_set $bench_set" ;;
  *)
    echo "usage: tools/install.sh build|test|lint|bench" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "This is not a Debian system, so nothing is installed. Needed, by Debian's names:" >&2
  echo $packages >&2
  exit 0
fi

installed=$(dpkg-query -W -f='${Package} ${db:Status-Abbrev}\n' $packages 2>/dev/null |
  sed -n 's/ .i.*//p') || true
missing=""
for package in $packages; do
  case "
$installed
" in
    *"
$package
"*) ;;
    *) missing="$missing $package" ;;
  esac
done
missing=${missing# }
[ -n "$missing" ] || exit 0

options="-y --no-install-recommends --no-remove"
echo "Missing packages:"
echo "  $missing" | fold -s -w 96
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif command -v sudo >/dev/null; then
  as_root="sudo"
else
  echo "They need root and there is no sudo. As root, run:"
  echo "  apt-get update && apt-get install $options $missing"
  exit 1
fi

# apt's own words go to a file: an installation prints thousands of lines.
log=${HYDRANT_INSTALL_LOG:-build/install.log}
mkdir -p "$(dirname "$log")"
: >"$log"
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 "$@" </dev/null >>"$log" 2>&1
}
refused() {
  tail -n 25 "$log" >&2
  echo "The packages could not be installed (all of apt's output: $log). As root, run:" >&2
  echo "  apt-get update && apt-get install $options $missing" >&2
  exit 1
}

# Package lists that are missing or older than a day would ask the mirror for files it has dropped.
lists=${HYDRANT_APT_LISTS:-/var/lib/apt/lists}
if [ -z "$(find "$lists" -maxdepth 1 -name '*_Packages*' -mtime -1 2>/dev/null | head -n 1)" ]; then
  echo "Updating the package lists ..."
  apt update || refused
fi

# A dry run first: what apt would have to remove is named here and nothing has changed.
if ! plan=$(LC_ALL=C apt-get -s install $options $missing 2>&1 </dev/null); then
  printf '%s\n' "$plan" >>"$log"
  conflicts=$(printf '%s\n' "$plan" |
    sed -n '/^The following packages will be REMOVED/,/^[^ ]/{/^ /p;}' | tr -s ' \n' ' ')
  if [ -n "${conflicts# }" ]; then
    echo "These installed packages conflict with the missing ones:" >&2
    echo "  ${conflicts# }" >&2
    echo "Nothing was changed. Remove them yourself if you can spare them, or build in a container." >&2
    exit 1
  fi
  refused
fi

# nginx would start on port 80 of every address as soon as it is unpacked; for the time of this
# installation no service may start, unless the machine has a policy of its own.
policy=/usr/sbin/policy-rc.d
case " $missing " in
  *" nginx-light "*)
    if [ ! -e $policy ]; then
      printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
      $as_root chmod 755 $policy
      trap '$as_root rm -f $policy' EXIT
      trap 'exit 1' INT TERM
    fi
    ;;
esac

echo "Installing them ..."
apt install $options $missing || refused
