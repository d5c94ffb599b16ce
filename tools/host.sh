# What the entry points need of the machine they run on. Sourced, not run.

# Sets JAVA_HOME to a JDK 25 or newer, wherever machines keep them; says what to do if there is none.
find_jdk() {
  local candidate version
  for candidate in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v java || true)")")")" \
      /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    [ -x "$candidate/bin/javac" ] && [ -f "$candidate/release" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release")
    if [ "${version:-0}" -ge 25 ]; then
      export JAVA_HOME="$candidate"
      # Maven's own libraries use what newer JDKs warn about, at length.
      export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"
      return 0
    fi
  done
  echo "casemate: no JDK 25 found. Install one (for example Eclipse Temurin 25) or set JAVA_HOME to it." >&2
  return 69
}

# Installs the programs that contained runs need, through the system's package manager, saying so. Root may have Docker in
# podman's place if its engine answers (a client alone is none), unless called with "podman"; it is never installed for that.
install_container_tools() {
  local engine=podman:podman
  if [ "$(id -u)" -eq 0 ]; then
    if [ "${1:-}" != podman ] && ! command -v podman >/dev/null && command -v docker >/dev/null \
        && timeout 20 docker version >/dev/null 2>&1; then
      engine=docker:docker
    fi
    install_tools "$engine" runc:runc nft:nftables ip:iproute2 skopeo:skopeo
  else
    # Without root there are no packet rules, and a user needs numbers of his own.
    install_tools podman:podman runc:runc ip:iproute2 skopeo:skopeo newuidmap:uidmap taskset:util-linux
  fi
}

# Installs what only the tests need: a user's own containers, a registry, a token for keys, tracing.
install_test_tools() {
  install_tools newuidmap:uidmap taskset:util-linux docker-registry:docker-registry softhsm2-util:softhsm2 \
    strace:strace dot:graphviz
}

# Installs Docker, which only tests need: they start an engine of their own. Its service, which changes a machine's network, is
# started neither now nor later, unless the machine has a policy of its own for that.
install_docker_for_tests() (
  policy=/usr/sbin/policy-rc.d
  if [ "$(id -u)" -ne 0 ]; then
    echo "casemate: launches under Docker need root" >&2
    return 69
  elif PATH="$PATH:/usr/sbin:/sbin" command -v dockerd >/dev/null && command -v docker >/dev/null; then
    return 0
  elif ! command -v apt-get >/dev/null; then
    echo "casemate: no Docker here; its engine, dockerd, comes with this system's package of it" >&2
    return 69
  fi
  if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  # Later releases have the client in a package of its own.
  install_tools dockerd:docker.io && install_tools docker:docker-cli || return
  if command -v systemctl >/dev/null; then
    systemctl disable docker.service docker.socket >/dev/null 2>&1 || true
  fi
)

# Installs programs that are missing, each given with the package that has it.
install_tools() {
  local missing=() pair
  for pair in "$@"; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -eq 0 ] && return 0

  local install sudo=()
  if command -v apt-get >/dev/null; then
    install="apt-get install -y --no-install-recommends"
  elif command -v dnf >/dev/null; then
    install="dnf install -y"
  elif command -v zypper >/dev/null; then
    install="zypper --non-interactive install"
  else
    echo "casemate: please install ${missing[*]}; no package manager that I know is here." >&2
    return 69
  fi
  [ "$(id -u)" -eq 0 ] || sudo=(sudo -n)
  echo "casemate: installing ${missing[*]} with: ${sudo[*]:+${sudo[*]} }$install ${missing[*]}" >&2
  local log
  log=$(mktemp)
  if { [ "${install%% *}" != apt-get ] || "${sudo[@]}" apt-get update; } >"$log" 2>&1 \
      && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive $install "${missing[@]}" >>"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  tail -n 5 "$log" >&2
  echo "casemate: could not install them; run as root: $install ${missing[*]}" >&2
  rm -f "$log"
  return 69
}
