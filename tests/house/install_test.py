"""tools/install.sh on a machine made of a few fake commands: what it lists, runs and refuses."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import counted

INSTALL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "install.sh"
REAL = ("sh", "sed", "fold", "mkdir", "dirname", "tail", "head", "find", "tr", "env", "cat")

DPKG_QUERY = """#!/bin/sh
for word in "$@"; do case $word in -*) ;; *) grep -qx "$word" "$MACHINE/installed" && echo "$word ii "; esac; done
true
"""
APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$MACHINE/ran"
echo "DEBIAN_FRONTEND=$DEBIAN_FRONTEND" >>"$MACHINE/frontend"
case " $* " in
  *" -s "*) [ ! -e "$MACHINE/conflict" ] || { cat "$MACHINE/conflict"; exit 100; } ;;
  *" install "*) [ ! -e "$MACHINE/broken" ] || { echo "E: the mirror is gone"; exit 100; } ;;
esac
"""
SUDO = """#!/bin/sh
echo "sudo" >>"$MACHINE/ran"
exec "$@"
"""
CONFLICT = """Reading package lists...
The following packages will be REMOVED:
  libcurl4-gnutls-dev
  libmysqlclient-dev
The following NEW packages will be installed:
  libcurl4-openssl-dev
E: Packages need to be removed but remove is disabled.
"""


class Machine:
    def __init__(self, folder, user, sudo):
        self.folder = pathlib.Path(folder)
        self.commands = self.folder / "bin"
        self.commands.mkdir()
        self.lists = self.folder / "lists"
        self.lists.mkdir()
        (self.lists / "deb_Packages").touch()
        for name in (*REAL, "grep"):
            found = subprocess.check_output(["/bin/sh", "-c", f"command -v {name}"], text=True)
            (self.commands / name).symlink_to(found.strip())
        self.command("id", f"#!/bin/sh\necho {user}\n")
        self.command("dpkg-query", DPKG_QUERY)
        self.command("apt-get", APT_GET)
        if sudo:
            self.command("sudo", SUDO)
        self.installed([])

    def command(self, name, text):
        (self.commands / name).write_text(text)
        (self.commands / name).chmod(0o755)

    def installed(self, packages):
        (self.folder / "installed").write_text("".join(f"{name}\n" for name in packages))

    def install(self, *sets):
        return subprocess.run(
            [INSTALL, *sets],
            env={
                "PATH": str(self.commands),
                "MACHINE": str(self.folder),
                "HYDRANT_APT_LISTS": str(self.lists),
                "HYDRANT_INSTALL_LOG": str(self.folder / "log" / "install.log"),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def ran(self):
        path = self.folder / "ran"
        return path.read_text() if path.exists() else ""


class Install(unittest.TestCase):
    def machine(self, user="0", sudo=False):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Machine(folder.name, user, sudo)

    def test_with_nothing_missing_it_says_and_runs_nothing(self):
        machine = self.machine()
        listed = machine.install("lint").stdout.split("\n")[1].split()
        machine.installed(listed)
        (machine.folder / "ran").unlink()
        done = machine.install("lint")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(machine.ran(), "")

    def test_it_lists_only_what_is_missing_before_it_installs(self):
        machine = self.machine()
        machine.installed(["clang-format-19"])
        done = machine.install("lint")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Missing packages:\n  clang-tidy-19\n", done.stdout)
        self.assertNotIn("clang-format-19", machine.ran())

    def test_it_neither_removes_nor_recommends_nor_asks(self):
        machine = self.machine()
        machine.install("test")
        last = machine.ran().splitlines()[-1]
        for word in ("install", "-y", "--no-install-recommends", "--no-remove", "libgtest-dev", "g++"):
            self.assertIn(f" {word}", last)
        self.assertIn("DEBIAN_FRONTEND=noninteractive", (machine.folder / "frontend").read_text())

    def test_fresh_package_lists_are_left_alone_and_missing_ones_fetched(self):
        machine = self.machine()
        machine.install("lint")
        self.assertNotIn("update", machine.ran())
        (machine.lists / "deb_Packages").unlink()
        machine.install("lint")
        self.assertIn("update", machine.ran())

    def test_old_package_lists_are_fetched_again(self):
        machine = self.machine()
        os.utime(machine.lists / "deb_Packages", (0, 0))
        machine.install("lint")
        self.assertIn("update", machine.ran())

    def test_a_user_gets_root_by_sudo_and_only_for_apt(self):
        machine = self.machine(user="1000", sudo=True)
        self.assertEqual(machine.install("lint").returncode, 0)
        ran = machine.ran().splitlines()
        self.assertEqual(ran.count("sudo"), 1)
        self.assertIn(" install ", ran[ran.index("sudo") + 1])

    def test_without_root_and_sudo_the_command_is_printed_and_nothing_runs(self):
        machine = self.machine(user="1000")
        done = machine.install("lint")
        self.assertEqual(done.returncode, 1)
        self.assertIn(
            "apt-get update && apt-get install -y --no-install-recommends --no-remove "
            "clang-format-19 clang-tidy-19\n",
            done.stdout,
        )
        self.assertEqual(machine.ran(), "")

    def test_a_conflict_is_named_and_nothing_changes(self):
        machine = self.machine()
        (machine.folder / "conflict").write_text(CONFLICT)
        done = machine.install("build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("conflict with the missing ones:\n  libcurl4-gnutls-dev libmysqlclient-dev", done.stderr)
        self.assertEqual([line for line in machine.ran().splitlines() if " -s " not in line], [])

    def test_a_failed_installation_shows_what_apt_said(self):
        machine = self.machine()
        (machine.folder / "broken").touch()
        done = machine.install("lint")
        self.assertEqual(done.returncode, 1)
        self.assertIn("E: the mirror is gone", done.stderr)

    def test_an_unknown_set_is_refused(self):
        done = self.machine().install("everything")
        self.assertEqual(done.returncode, 2)
        self.assertIn("usage: tools/install.sh build|test|lint|bench", done.stderr)

    def test_another_system_is_told_the_names_and_left_alone(self):
        machine = self.machine()
        (machine.commands / "dpkg-query").unlink()
        done = machine.install("lint")
        self.assertEqual(done.returncode, 0)
        self.assertIn("clang-format-19 clang-tidy-19", done.stderr)
        self.assertEqual(machine.ran(), "")


if __name__ == "__main__":
    counted.main()
