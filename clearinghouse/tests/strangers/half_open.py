"""Opens many uploads to a house on this machine and ends none of them, until told to stop by the end of standard input.

Usage: half_open.py HOST PORT AUTHORIZATION REPORT COUNT. Prints "open N" when N uploads wait for their rest.
"""

import resource
import socket
import sys

host, port, authorization, report, count = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count + 200), hard))
count = min(count, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100)
part = (
    f'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report}\r\n'
    '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nhalf'
)
head = (
    f"POST /ispws/upload HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: {authorization}\r\n"
    "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n"
)
open_uploads = []
for _ in range(count):
    connection = socket.create_connection((host, port), timeout=20)
    connection.sendall((head + part).encode())
    open_uploads.append(connection)
print(f"open {len(open_uploads)}", flush=True)
sys.stdin.read()
