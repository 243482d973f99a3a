# shellcheck shell=bash
# Brings the machine and .venv to the state the project needs. Sourced by `run` and `test`, never run by itself.
# All it says goes to stderr: stdout belongs to the program (`run info FILE --json` prints one JSON object).

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
python=$venv/bin/python

# A stranger's settings must not reach into our Python.
unset PYTHONHOME PYTHONPATH
# A bare system has no locale; Qt and Python both want UTF-8.
[[ -n ${LC_ALL:-}${LC_CTYPE:-}${LANG:-} ]] || export LANG=C.UTF-8

# What the wheels load from the system (design: a bare Debian 12, one by one until everything worked).
# `a|b`: one package under two names, the second since the 64-bit time change (Ubuntu 24.04, Debian 13).
libraries=(
  libegl1 libgl1-mesa-dri                                                              # pictures without a window
  libgl1 'libglib2.0-0|libglib2.0-0t64' libfontconfig1 libxkbcommon0 libdbus-1-3       # Qt
  libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0        # X11
  libwayland-cursor0 libwayland-egl1                                                   # Wayland
  fonts-dejavu-core fonts-noto-cjk                                                     # letters, Latin and Chinese
)

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# The first interpreter that is new enough and really starts: a name on PATH may be a stub that only prints help.
find_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11 python3.14; do
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    command -v "$name"
    return
  done
  stop "twinview needs Python 3.11 or newer, and none of python3, python3.11, ... python3.14 here is."
}

# Prints the packages out of "$@" that are not installed, one a line.
missing_packages() {
  local wanted installed name
  wanted=$(printf '%s\n' "$@" | tr '|' '\n')
  # dpkg-query fails when it does not know one of the names, and still lists the others.
  # shellcheck disable=SC2086
  installed=$({ dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null || true; } |
    sed -n 's/^installed //p')
  for name in "$@"; do
    grep -qxE -- "${name//./\\.}" <<<"$installed" || printf '%s\n' "${name%%|*}"
  done
}

# How to become root without a question, in the array `as_root`.
may_install() {
  as_root=()
  ((EUID == 0)) && return
  as_root=(sudo -n)
  sudo -n true 2>/dev/null
}

apt_install() {
  may_install || stop "System packages are missing. Install them with this line, then start again:
  sudo apt-get install -y --no-install-recommends $*"
  say "Installing system packages: $*"
  local log apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  log=$(mktemp)
  # The package lists are fetched only when they turn out to be missing or old.
  "${apt[@]}" install -y --no-install-recommends "$@" >"$log" 2>&1 ||
    { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@"; } >"$log" 2>&1 ||
    stop "$(tail -n 20 -- "$log")
apt-get could not install: $*"
  rm -f -- "$log"
}

install_system() {
  command -v dpkg-query >/dev/null || return 0 # another system: `twinview doctor` says what is missing there
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 0)) || apt_install "${missing[@]}"
}

venv_works() { "$python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# Prints the package that `python -m venv` is in, where this Python lacks it (Debian splits it off).
venv_package() {
  local base
  base=$(find_python)
  "$base" -c 'import ensurepip, venv' 2>/dev/null ||
    "$base" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

make_venv() {
  local base
  base=$(find_python)
  say "Making $venv"
  "$base" -m venv --clear --prompt twinview "$venv" || stop "$base could not make a virtual environment in $venv."
}

# What the installation depends on; the folder too, because the editable install points at it.
fingerprint() { { printf '%s\n' "$root"; cat "$root/pyproject.toml" "$root/packaging/constraints.txt"; } | sha256sum; }

is_installed() { [[ -f $venv/.installed-$1 && $(<"$venv/.installed-$1") == "$(fingerprint)" ]] && "$python" -c ''; }

# Installs with the extras named by $2. Two runs at once wait for each other; one cut short leaves `.installing`
# behind, and the next starts afresh, since packages may be there in part.
install_project() {
  local kind=$1 extras=$2 quiet=(--quiet)
  [[ -d $venv ]] || { rm -f -- "$venv" && mkdir -- "$venv"; }
  exec 9<"$venv"
  if command -v flock >/dev/null; then flock 9; fi
  if ! is_installed "$kind" 2>/dev/null; then
    if [[ -e $venv/.installing ]] || ! venv_works; then make_venv; fi
    rm -f -- "$venv"/.installed-*
    : >"$venv/.installing"
    [[ ! -t 2 ]] || quiet=()
    say "Installing Python packages into $venv (some 400 MB to fetch the first time)"
    "$python" -m pip install "${quiet[@]}" --disable-pip-version-check --no-input \
      --constraint "$root/packaging/constraints.txt" --editable "$root$extras" >&2 ||
      stop "pip could not install the packages; the lines above say why. Start again to continue."
    rm -f -- "$venv/.installing"
    fingerprint >"$venv/.installed-app"
    [[ $kind == app ]] || fingerprint >"$venv/.installed-$kind"
  fi
  exec 9<&-
}

# prepare KIND EXTRAS [PACKAGE ...]: everything, or nothing when it is there already.
prepare() {
  local kind=$1 extras=$2 packages=("${libraries[@]}" "${@:3}") lacking=
  if is_installed "$kind" 2>/dev/null; then
    install_system "${packages[@]}"
  else
    venv_works || lacking=$(venv_package)
    install_system "${packages[@]}" ${lacking:+"$lacking"}
    install_project "$kind" "$extras"
  fi
}
