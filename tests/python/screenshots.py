"""Opens a page in headless Chromium, waits, and takes a picture in light and one in dark.

usage: screenshots.py ADDRESS SECONDS PROFILE LIGHT.png DARK.png

PROFILE is a new folder for the browser's profile. Chromium is driven by its own protocol over pipes, so nothing else is needed.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import time

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--window-size=1280,900",
    "--remote-debugging-pipe",
]


class Browser:
    """A browser that reads commands from its descriptor 3 and writes answers to its descriptor 4."""

    def __init__(self, profile):
        commands, self.commands = os.pipe()
        self.answers, answers = os.pipe()
        shell = f'exec chromium "$@" 3<&{commands} 4>&{answers}'
        command = ["bash", "-c", shell, "chromium", *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self.process = subprocess.Popen(command, pass_fds=(commands, answers), stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(answers)
        self.pending = b""
        self.number = 0

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def receive(self):
        while b"\0" not in self.pending:
            read = os.read(self.answers, 1 << 16)
            if not read:
                raise RuntimeError("chromium has ended")
            self.pending += read
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)


def main():
    address, seconds, profile, light, dark = sys.argv[1:]
    browser = Browser(profile)
    try:
        target = browser.call("Target.createTarget", url=address)["targetId"]
        session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        time.sleep(float(seconds))
        for scheme, path in (("light", light), ("dark", dark)):
            features = [{"name": "prefers-color-scheme", "value": scheme}]
            browser.call("Emulation.setEmulatedMedia", session, features=features)
            picture = browser.call("Page.captureScreenshot", session, format="png")["data"]
            pathlib.Path(path).write_bytes(base64.b64decode(picture))
    finally:
        browser.process.terminate()
        browser.process.wait()


if __name__ == "__main__":
    main()
