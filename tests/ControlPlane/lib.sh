# shellcheck shell=bash
# Shared by the scripts of this folder; meant to be sourced.

PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin # a bare PATH lacks sbin, and npm may be in /usr/local
export PATH
{ true >&3; } 2>/dev/null || exec 3>&2 # say's way to the user, also while a recipe's output goes to a log

say() { echo "edgerelease: $*" >&3; }
die() { echo "edgerelease: $*" >&2; exit 1; }

# need PROGRAM[:DEBIAN_PACKAGE]... : root on Debian installs what is missing, everyone else is told its name.
need() {
  local p packages=()
  for p; do command -v "${p%%:*}" >/dev/null || packages+=("${p##*:}"); done
  [ ${#packages[@]} -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null; then
    say "installing ${packages[*]}"
    install_packages "${packages[@]}" || { apt-get update -qq && install_packages "${packages[@]}"; } || true
  fi >&2
  for p; do command -v "${p%%:*}" >/dev/null || die "programs are missing: install the Debian package(s) ${packages[*]}"; done
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# Prints "URI KEYRING" of the Debian archive that this machine itself uses.
debian_archive() {
  local f key=
  for f in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do [ ! -e "$f" ] || key=$f; done
  for f in /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ ! -r "$f" ] || awk -v key="$key" -v deb822="$([[ $f = *.sources ]] && echo 1)" '
      function suite(s) { return s ~ /^(stable|oldstable|testing|unstable|sid|bullseye|bookworm|trixie|forky)$/ }
      function offer(uri, k) { if (!found && uri ~ /^(https?|ftp|mirror)/) { found = 1; print uri, (k ~ /^\// ? k : key) } }
      function stanza(  n, i, s) {
        n = split(f["suites"], s, " ")
        for (i = 1; i <= n; i++)
          if (suite(s[i]) && f["types"] ~ /deb( |$)/ && f["components"] ~ /main/ && f["enabled"] !~ /no/) {
            split(f["uris"], s, " "); offer(s[1], f["signed-by"]); break
          }
        split("", f)
      }
      /^[ \t]*#/ { next }
      deb822 && /^[ \t]*$/ { stanza(); next }
      deb822 && /^[^ \t]/ { i = index($0, ":"); name = tolower(substr($0, 1, i - 1)); $0 = substr($0, i + 1) }
      deb822 { $1 = $1; f[name] = f[name] (f[name] ? " " : "") $0; next }
      $1 == "deb" {
        k = ""
        if (match($0, /\[[^]]*\]/)) {
          o = substr($0, RSTART, RLENGTH); $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
          if (match(o, /signed-by=[^] ]*/)) k = substr(o, RSTART + 10, RLENGTH - 10)
        }
        if (suite($3) && / main( |$)/) offer($2, k)
      }
      END { if (deb822) stanza() }' "$f"
  done | head -n 1
}

# apt_view TYPE SUITE... : a view of Debian's archive in ./apt; the machine's own package lists stay as they are.
apt_view() {
  local type=$1 uri key suite
  shift
  command -v apt-get >/dev/null || die 'this is not a Debian machine (no apt-get)'
  read -r uri key < <(debian_archive) || die "the machine's apt sources name no Debian archive"
  mkdir -p apt/lists/partial apt/cache/archives/partial
  : >apt/status
  for suite; do echo "$type ${key:+[signed-by=$key]} $uri $suite main"; done >apt/sources.list
  apt_in_view update || die "Debian's package lists ($*) cannot be had: $(tail -n 1 apt/errors)"
}

apt_in_view() {
  apt-get -qq -o Dir::Etc::SourceList="$PWD/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null -o APT::Default-Release= \
    -o Dir::State::Lists="$PWD/apt/lists" -o Dir::State::status="$PWD/apt/status" -o Dir::Cache="$PWD/apt/cache" \
    -o APT::Sandbox::User="$(id -un)" -o APT::Update::Error-Mode=any -o Acquire::Retries=3 -o Acquire::Languages=none \
    "$@" 2>apt/errors </dev/null || { cat apt/errors >&2; return 1; }
}

# unpack_packages DIR PACKAGE[/SUITE]... : downloads them by the view and unpacks them into DIR, without installing.
unpack_packages() {
  local dir=$1 deb
  shift
  need dpkg
  apt_in_view download "$@" || die "Debian does not give $(tr '\n' ' ' <apt/errors)"
  for deb in ./*.deb; do dpkg -x "$deb" "$dir"; done
  rm -f ./*.deb
}

# use_go DIR VERSION : sets the environment for Go as it was unpacked into DIR, in GOPATH mode, with its cache in ./gocache.
use_go() {
  local link target
  export GOROOT=$1/usr/lib/go-$2 GOCACHE=$PWD/gocache GO111MODULE=off GOTOOLCHAIN=local GOFLAGS='' CGO_ENABLED=0
  for link in "$GOROOT"/*; do # Debian's package links to /usr/share/go-VERSION
    target=$(readlink "$link" || true)
    [[ $target != /* ]] || ln -sfn "$1$target" "$link"
  done
}

# Services live in $dir, which is also their working directory: that tells them from a stranger who got an old pid.
alive() {
  local pid
  pid=$(cat "$dir/$1.pid" 2>/dev/null) && [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$dir" ]
}
