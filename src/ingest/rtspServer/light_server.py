#!/usr/bin/python3
"""Serves pre-encoded H.264 clips in a loop over RTSP (TCP), made into packets once: for benchmarks.

Reads the same JSON object from standard input as rtsp_server.py (host, port, mounts of path and file), prints "ready PORT" and ends when
standard input closes. Two hundred viewers cost about a fifth of a core, so that what is measured beside it is not the server.
"""

import asyncio
import json
import re
import struct
import sys
import threading

from rtsp_server import Gst, read_clip

MTU = 1400
TICK_S = 0.01


def nal_units(data):
    """NAL units of an access unit in byte-stream form."""
    starts = [match.end() for match in re.finditer(b"\x00\x00\x01", data)]
    for start, following in zip(starts, starts[1:] + [None]):
        end = len(data) if following is None else following - 3
        yield data[start:end].rstrip(b"\x00") if following is not None else data[start:end]


def payloads(unit):
    """RFC 6184: a single NAL unit packet, or FU-A fragments."""
    if len(unit) <= MTU:
        return [unit]
    indicator, kind = (unit[0] & 0xE0) | 28, unit[0] & 0x1F
    pieces = [unit[at : at + MTU] for at in range(1, len(unit), MTU)]
    last = len(pieces) - 1
    marks = [(0x80 if i == 0 else 0) | (0x40 if i == last else 0) for i in range(len(pieces))]
    return [bytes((indicator, mark | kind)) + piece for mark, piece in zip(marks, pieces)]


def packets_of(path):
    """Each access unit as interleaved packets: (offsets of the RTP headers, bytes); and the distance of pictures in ticks."""
    codec, units, length_ns = read_clip(path)
    if codec != "h264":
        sys.exit(f"clip {path}: not H.264")
    pictures = []
    for data, _pts, _key in units:
        bodies = [body for unit in nal_units(data) for body in payloads(unit)]
        offsets, out = [], bytearray()
        for i, body in enumerate(bodies):
            marker = 0x80 if i == len(bodies) - 1 else 0
            offsets.append(len(out) + 4)
            out += struct.pack(">BBHBBHII", 0x24, 0, len(body) + 12, 0x80, 96 | marker, 0, 0, 0x48574C54) + body
        pictures.append((offsets, bytes(out)))
    return pictures, length_ns * 9 // 100_000 // len(units)


class Viewer(asyncio.Protocol):
    """One connection: answers requests, then is fed by the common tick."""

    def __init__(self, clips, playing):
        self.clips, self.playing = clips, playing
        self.pictures, self.step, self.next, self.sequence, self.due = [], 3600, 0, 0, 0.0
        self.rest = b""

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, _error):
        self.playing.discard(self)

    def data_received(self, data):
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, self.rest = self.rest.split(b"\r\n\r\n", 1)
            self.answer(head.decode("utf8", "replace"))

    def answer(self, head):
        method, url = head.split(" ", 2)[:2]
        sequence = re.search(r"CSeq: *(\d+)", head, re.I)
        path = "/" + url.split("/", 3)[3].split("/")[0] if url.count("/") > 2 else "/"
        if path not in self.clips:
            self.reply("404 Not Found", sequence)
        elif method == "DESCRIBE":
            body = "v=0\r\ns=clip\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:t0\r\n"
            self.reply("200 OK", sequence, f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n", body)
        elif method == "SETUP":
            self.reply("200 OK", sequence, "Session: 1;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n")
        elif method == "PLAY":
            self.pictures, self.step = self.clips[path]
            self.due = asyncio.get_running_loop().time()
            self.playing.add(self)
            self.reply("200 OK", sequence, "Session: 1\r\n")
        else:
            self.reply("200 OK", sequence, "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER\r\nSession: 1\r\n")

    def reply(self, status, sequence, headers="", body=""):
        number = sequence.group(1) if sequence else "0"
        self.transport.write(f"RTSP/1.0 {status}\r\nCSeq: {number}\r\n{headers}\r\n{body}".encode())

    def feed(self):
        offsets, data = self.pictures[self.next % len(self.pictures)]
        out = bytearray(data)
        stamp = self.next * self.step & 0xFFFFFFFF
        for at in offsets:
            struct.pack_into(">HI", out, at + 2, self.sequence, stamp)
            self.sequence = self.sequence + 1 & 0xFFFF
        self.transport.write(out)
        self.next += 1
        self.due += self.step / 90_000


async def serve(config):
    files = {}
    for mount in config["mounts"]:
        if mount["file"] not in files:
            files[mount["file"]] = packets_of(mount["file"])
    clips = {mount["path"]: files[mount["file"]] for mount in config["mounts"]}
    playing = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Viewer(clips, playing), config["host"], config["port"])
    print(f"ready {server.sockets[0].getsockname()[1]}", flush=True)
    ended = asyncio.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(ended.set)), daemon=True).start()
    while not ended.is_set():
        now = loop.time()
        for viewer in list(playing):
            while viewer.due <= now:
                viewer.feed()
        await asyncio.sleep(TICK_S)


Gst.init(None)
asyncio.run(serve(json.loads(sys.stdin.readline())))
