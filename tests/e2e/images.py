"""File systems of our own in files, mounted by loop devices: what a power cut or a full disk needs."""

import os
import pathlib
import subprocess
import time


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise OSError(f"{' '.join(str(word) for word in words)}: {done.stderr.strip()}")


def why_not():
    """Why this machine cannot mount images; None when it can."""
    if os.geteuid() != 0:
        return "not root"
    for program in ("mkfs.ext4", "mkfs.xfs", "mount", "losetup"):
        if subprocess.run(["sh", "-c", f"command -v {program}"], capture_output=True).returncode:
            return f"{program} is not installed"
    if subprocess.run(["losetup", "-f"], capture_output=True).returncode:
        return "no loop device"
    return None


class Mounted:
    """An image file and the folder where it is mounted."""

    MAKE = {"ext4": ["mkfs.ext4", "-q", "-F"], "xfs": ["mkfs.xfs", "-q", "-f"]}

    def __init__(self, image, kind, size=None, options="loop"):
        self.image = pathlib.Path(image)
        if size:
            with open(self.image, "wb") as file:
                file.truncate(size)
            run(*self.MAKE[kind], self.image)
        self.folder = self.image.with_suffix(".mnt")
        self.folder.mkdir()
        run("mount", "-o", options, self.image, self.folder)
        self.open = True

    def close(self):
        """Waits for the last writes of a killed process, which keep the file system busy."""
        if not self.open:
            return
        deadline = time.monotonic() + 30
        while True:
            try:
                run("umount", self.folder)
                break
            except OSError as why:
                if "busy" not in str(why) or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self.folder.rmdir()
        self.open = False
