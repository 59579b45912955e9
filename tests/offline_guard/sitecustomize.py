"""Refuse connections to other machines in every Python process that finds this file on PYTHONPATH.

Stands in for a network namespace where the system has none (macOS, Windows, restricted Linux).
"""

import errno
import ipaddress
import socket

LOCAL_NAMES = {"", "localhost", "localhost.localdomain", "ip6-localhost", socket.gethostname().lower()}
SENTENCE = "the course's tests run without a network: a connection to {} was refused"

_connect, _connect_ex, _sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
_getaddrinfo = socket.getaddrinfo


def is_local(host):
    """Tell whether a host name or address means this machine."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name.lower() in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_elsewhere(family, address):
    """Raise OSError for an address on another machine."""
    if family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
        raise OSError(errno.ENETUNREACH, SENTENCE.format(address[0]))


def connect(self, address):
    refuse_elsewhere(self.family, address)
    return _connect(self, address)


def connect_ex(self, address):
    refuse_elsewhere(self.family, address)
    return _connect_ex(self, address)


def sendto(self, data, *rest):
    refuse_elsewhere(self.family, rest[-1])
    return _sendto(self, data, *rest)


def getaddrinfo(host, *rest, **options):
    if not is_local(host):
        raise OSError(errno.ENETUNREACH, SENTENCE.format(host))
    return _getaddrinfo(host, *rest, **options)


socket.socket.connect = connect
socket.socket.connect_ex = connect_ex
socket.socket.sendto = sendto
socket.getaddrinfo = getaddrinfo
