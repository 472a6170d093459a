"""A client of a language server that knows JSON only: for what pygls' client cannot read, and for taking times."""

from __future__ import annotations

import json
import subprocess
from typing import Callable


class RawClient:
    """Starts a server and speaks with it; as a context it ends the server."""

    def __init__(self, command: list[str]):
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._requests = 0

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *_) -> None:
        self.request("shutdown", None)
        self.notify("exit", None)
        self._server.stdin.close()
        self._server.wait(30)
        self._server.stdout.close()

    def notify(self, method: str, params: object) -> None:
        """Send a notification."""
        self._write({"method": method, "params": params})

    def request(self, method: str, params: object) -> object:
        """The result of a request."""
        self._requests += 1
        number = self._requests
        self._write({"method": method, "params": params, "id": number})
        return self.read(lambda message: message.get("id") == number and "method" not in message)["result"]

    def read(self, wanted: Callable[[dict], bool]) -> dict:
        """The first message from now on that is wanted. Raises EOFError where the server ended."""
        while True:
            length = 0
            while (line := self._server.stdout.readline()) != b"\r\n":
                if not line:
                    raise EOFError("the server ended")
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            message = json.loads(self._server.stdout.read(length))
            if wanted(message):
                return message

    def _write(self, message: dict) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._server.stdin.flush()
