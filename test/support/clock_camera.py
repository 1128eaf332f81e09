#!/usr/bin/python3
"""A camera whose every picture carries the wall clock: 48 bits of milliseconds since 1970 as black and white blocks.

Serves H.264 over RTSP at /clock on a free port of 127.0.0.1, prints "ready PORT", and ends with its standard input.
"""

import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

BLOCK, COLUMNS, ROWS, FPS, KEY_EVERY_S = 32, 8, 6, 25, 2
WIDTH, HEIGHT = BLOCK * COLUMNS, BLOCK * ROWS


def picture(ms):
    """I420: luma blocks, most significant bit first, gray chroma."""
    luma = bytearray()
    for row in range(ROWS):
        line = bytearray()
        for column in range(COLUMNS):
            bit = ms >> (COLUMNS * ROWS - 1 - row * COLUMNS - column) & 1
            line += bytes([235 if bit else 16]) * BLOCK
        luma += line * BLOCK
    return bytes(luma) + bytes([128]) * (WIDTH * HEIGHT // 2)


class ClockFactory(GstRtspServer.RTSPMediaFactory):
    def __init__(self):
        super().__init__()
        self.set_launch(
            "( appsrc name=video is-live=true format=time do-timestamp=true max-buffers=2 leaky-type=downstream "
            f"caps=video/x-raw,format=I420,width={WIDTH},height={HEIGHT},framerate={FPS}/1 "
            f"! openh264enc gop-size={FPS * KEY_EVERY_S} complexity=low bitrate=1000000 "
            "! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
        )
        self.set_shared(True)

    def start(self, _factory, media):
        source = media.get_element().get_by_name("video")
        state = {"on": True}
        media.connect("unprepared", lambda _media: state.update(on=False))

        def feed():
            due = time.monotonic()
            while state["on"]:
                buffer = Gst.Buffer.new_wrapped(picture(round(time.time() * 1000)))
                source.emit("push-buffer", buffer)
                due += 1 / FPS
                time.sleep(max(0.0, due - time.monotonic()))

        # Pictures before the pipeline asks for them would carry no time.
        state["asked"] = source.connect("need-data", lambda *_: begin())

        def begin():
            if state.pop("asked", None) is not None:
                threading.Thread(target=feed, daemon=True).start()


def main():
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    factory = ClockFactory()
    factory.connect("media-configure", factory.start)
    server.get_mount_points().add_factory("/clock", factory)
    server.attach(None)
    loop = GLib.MainLoop()
    print(f"ready {server.get_bound_port()}", flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


main()
