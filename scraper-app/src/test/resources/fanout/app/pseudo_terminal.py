"""Runs a command in a pseudo terminal: its output goes to standard output; standard input takes "key HEX" and "size
COLUMNS ROWS"."""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios

columns, rows = int(sys.argv[1]), int(sys.argv[2])


def resize(columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))


pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    for ended_by in signal.SIGINT, signal.SIGQUIT, signal.SIGHUP:  # ignored where the tests run in the background
        signal.signal(ended_by, signal.SIG_DFL)
    os.execvp(sys.argv[3], sys.argv[3:])

orders = b''
sources = [terminal, 0]
while terminal in sources:
    for ready in select.select(sources, [], [])[0]:
        try:
            read = os.read(ready, 65536)
        except OSError:  # how Linux says that the other end of a terminal is closed
            read = b''
        if not read:
            sources.remove(ready)
        elif ready == terminal:
            os.write(1, read)
        else:
            orders += read
            *whole, orders = orders.split(b'\n')
            for order in whole:
                word, *rest = order.decode().split()
                if word == 'key':
                    os.write(terminal, bytes.fromhex(rest[0]))
                else:
                    resize(int(rest[0]), int(rest[1]))

sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
