#!/bin/sh
# Installs this release of Đôn Đốc without a network, upgrades an older one, or goes back. See docs/operations.md.
#
#   ./install.sh                          install, or upgrade what is there (a backup is made first)
#   ./install.sh --rollback               back to the release before; refused if its data cannot be read by that one
#   ./install.sh --rollback --with-data   the same, and its data as they were at the upgrade; today's are kept aside
#   --prefix FOLDER                       where to (default: /opt/dondoc)
set -eu
prefix=/opt/dondoc rollback= with_data= python=${PYTHON:-python3}
fail() { echo "$*" >&2; exit 1; }
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) prefix=${2:?--prefix wants a folder}; shift ;;
    --rollback) rollback=yes ;;
    --with-data) with_data=yes ;;
    *) fail "Unknown: $1. Read the first lines of this script." ;;
  esac
  shift
done
here=$(cd "$(dirname "$0")" && pwd)
settings=$prefix/dondoc.env

# The data folder belongs to the service's user; whatever touches it is run as that user.
as_owner() (
  umask 077
  owner=$(stat -c %U "$data")
  if [ "$(id -u)" = 0 ] && [ "$owner" != root ]; then runuser -u "$owner" -- "$@"; else "$@"; fi
)
dondoc() { of=$1; shift; as_owner "$prefix/releases/$of/.venv/bin/dondoc" "$@"; }
point() { ln -sfn "$2" "$prefix/.$1" && mv -T "$prefix/.$1" "$prefix/$1"; }
name_of() { [ ! -L "$prefix/$1" ] || basename "$(readlink "$prefix/$1")"; }
read_settings() {
  data=$(sed -n 's/^DONDOC_DATA=//p' "$settings")
  [ -d "$data" ] || fail "There is no data folder $data: make it, owned by the service's user, or correct DONDOC_DATA in $settings."
  [ ! -e "$data/up.lock" ] || flock -n "$data/up.lock" true || fail "Stop it first: systemctl stop dondoc"
}

# The release whose migration was cut off half-way, so that the one that is current cannot read the data: its name, or nothing.
half_way() {
  [ -e "$prefix/.upgrading" ] || return 0
  if dondoc "$(name_of current)" migrate >/dev/null 2>&1; then rm "$prefix/.upgrading"; else cat "$prefix/.upgrading"; fi
}
undo() { # put the data back as the backup before release $1 has them, by the release that goes on
  dondoc "$(name_of current)" restore "$data/before-$1.zip" --force || fail "Restore $data/before-$1.zip by hand: docs/operations.md."
  rm "$prefix/.upgrading"
}

if [ -n "$rollback" ]; then
  read_settings
  from=$(name_of current) to=$(name_of previous) half=$(half_way)
  if [ -n "$half" ]; then
    undo "$half"
    echo "The upgrade to $half that was cut off is undone; $from goes on."
    exit 0
  fi
  [ -n "$to" ] || fail "There is no release to go back to."
  if [ -n "$with_data" ]; then
    dondoc "$to" restore "$data/before-$from.zip" --force
  elif ! dondoc "$to" migrate; then
    fail "The data are of a newer release than $to. With the data of the upgrade's day: --rollback --with-data"
  fi
  point current "releases/$to"
  rm "$prefix/previous"
  echo "Back at $to."
  exit 0
fi

cd "$here"
sha256sum --check --quiet --strict SHA256SUMS || fail "The archive was changed or is damaged: nothing was installed."
[ "$(find . -type f ! -name SHA256SUMS | wc -l)" = "$(wc -l < SHA256SUMS)" ] || fail "There are files that the archive did not bring."
. ./MANIFEST
found=$("$python" -c 'import platform, sys; print("%d.%d" % sys.version_info[:2], platform.machine())')
[ "$found" = "$needs_python $needs_machine" ] || fail "This archive is for Python $needs_python on $needs_machine; $python is $found."

mkdir -p "$prefix/releases"
[ -e "$settings" ] || { install -m 640 dondoc.env "$settings"; echo "Settings: $settings"; }
read_settings
[ "$(id -u)" != 0 ] || chgrp "$(stat -c %G "$data")" "$settings" # passwords stand in it
target=$prefix/releases/$release
if [ ! -e "$target/.whole" ]; then # what an interrupted installation left is made anew
  rm -rf "$target"
  cp -R app "$target"
  ln -s ../../dondoc.env "$target/.env"
  "$python" -m venv "$target/.venv"
  pip="$target/.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps"
  $pip --require-hashes --find-links wheels --requirement app/requirements.lock
  $pip --no-build-isolation --editable "$target"
  "$target/.venv/bin/python" -m compileall -q "$target" -x '/\.venv/'
  touch "$target/.whole"
fi
before=$(name_of current)
[ "$before" != "$release" ] || { echo "$release is installed already."; exit 0; }

half=$(half_way)
[ -z "$half" ] || [ "$half" = "$release" ] || fail "The upgrade to $half was cut off: run its install.sh again, or --rollback."
if [ -n "$before" ] && [ -z "$half" ]; then # after a cut-off the data may be half-way, and the backup is of before
  backup=$data/before-$release.zip
  as_owner sh -c '[ ! -e "$1" ] || mv "$1" "${1%.zip}-until-$(date +%Y%m%dT%H%M%S).zip"' sh "$backup" # of an earlier try
  dondoc "$before" backup "$backup"
  echo "$release" > "$prefix/.upgrading"
fi
if ! dondoc "$release" migrate; then
  [ -z "$before" ] || undo "$release"
  fail "The migration failed${before:+: $before goes on as before}."
fi
[ -z "$before" ] || point previous "releases/$before"
point current "releases/$release"
rm -f "$prefix/.upgrading"
echo "Installed: $release${before:+, after $before}."
