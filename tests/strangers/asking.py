"""Requests as whoever knows HTTP may send them."""

import http.client


def ask(address, path="/", method="GET", headers=None, body=None):
    """Status, headers and text of an answer; the path goes out as it is."""
    connection = http.client.HTTPConnection(address, timeout=20)
    try:
        connection.putrequest(method, path, skip_host="Host" in (headers or {}))
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body or b"")))
        connection.endheaders(body)
        answer = connection.getresponse()
        text = "" if answer.status == 101 else answer.read().decode(errors="replace")
        return answer.status, answer.headers, text
    finally:
        connection.close()
