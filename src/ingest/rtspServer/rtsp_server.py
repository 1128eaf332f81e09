#!/usr/bin/python3
"""Serves pre-encoded clips in a loop over RTSP, as cameras do; for benchmarks, training and tests.

Reads one JSON object from standard input:
  {"host": "127.0.0.1", "port": 0, "user": "u", "password": "p",
   "mounts": [{"path": "/cam1", "file": "clip.mp4", "audio": "pcma" | "aac" | "bursts"}, ...]}
where user with password (digest, for all mounts) and audio may be left out.
Prints "ready PORT" when it accepts connections, and ends when standard input closes.

Clips hold H.264 or H.265 without B-frames. The access units are read once and pushed with time stamps that go on
across the loop, so that a clip of some seconds looks like a camera that never stops.
"""

import json
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

AUDIO = {
    "pcma": "audiotestsrc is-live=true freq=440 ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8",
    "aac": "audiotestsrc is-live=true freq=440 ! audio/x-raw,rate=16000,channels=1 ! audioconvert ! voaacenc "
    "! aacparse ! rtpmp4gpay name=pay1 pt=97",
    # A second and a half of sound every four seconds, quiet noise between: somebody who speaks and stops.
    "bursts": "audiotestsrc is-live=true wave=ticks freq=300 tick-interval=4000000000 sine-periods-per-tick=450 volume=0.4 "
    "! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8",
}


def read_clip(path):
    """Access units of a clip: (codec, [(bytes, pts_ns, is_key)], length_ns)."""
    for codec in ("h264", "h265"):
        units = read_as(path, codec)
        if units:
            step = units[-1][1] - units[-2][1] if len(units) > 1 else Gst.SECOND
            first = units[0][1]
            return codec, [(d, t - first, k) for d, t, k in units], units[-1][1] - first + step
    sys.exit(f"clip {path}: neither H.264 nor H.265 inside")


def read_as(path, codec):
    pipeline = Gst.parse_launch(
        f"filesrc name=src ! parsebin ! {codec}parse config-interval=-1 "
        f"! video/x-{codec},stream-format=byte-stream,alignment=au ! appsink name=out sync=false"
    )
    pipeline.get_by_name("src").set_property("location", path)
    out = pipeline.get_by_name("out")
    pipeline.set_state(Gst.State.PLAYING)
    units = []
    while True:
        sample = out.emit("try-pull-sample", 5 * Gst.SECOND)
        if sample is None:
            break
        buffer = sample.get_buffer()
        data = buffer.extract_dup(0, buffer.get_size())
        units.append((data, buffer.pts, not buffer.has_flags(Gst.BufferFlags.DELTA_UNIT)))
    pipeline.set_state(Gst.State.NULL)
    return units


class ClipFactory(GstRtspServer.RTSPMediaFactory):
    """One mount: the clip, looped, shared by all its viewers."""

    def __init__(self, clip, audio):
        super().__init__()
        self.codec, self.units, self.length = clip
        video = (
            f"appsrc name=video is-live=true format=time max-buffers=50 "
            f"caps=video/x-{self.codec},stream-format=byte-stream,alignment=au "
            f"! rtp{self.codec}pay name=pay0 pt=96 config-interval=-1"
        )
        self.set_launch(f"( {video} {AUDIO[audio] if audio else ''} )")
        self.set_shared(True)

    def start_feeding(self, media):
        media.get_element().get_by_name("video").connect("need-data", self.feed, {"next": 0})

    def feed(self, source, _length, state):
        """Pushes the next half second or so; the sink waits for each time stamp, so pushing ahead is safe."""
        for _ in range(12):
            loop, index = divmod(state["next"], len(self.units))
            data, pts, key = self.units[index]
            buffer = Gst.Buffer.new_wrapped(data)
            buffer.pts = buffer.dts = loop * self.length + pts
            if not key:
                buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
            state["next"] += 1
            if source.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
                return


def protect(server, user, password):
    """Digest authentication for the whole server: with a default token GStreamer answers 404 where cameras say 401."""
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(user, password, token)
    server.set_auth(auth)


def viewer_permissions():
    allowed = GstRtspServer.RTSPPermissions()
    for right in ("access", "construct"):
        allowed.add_permission_for_role("viewer", f"media.factory.{right}", True)
    return allowed


def serve(config):
    server = GstRtspServer.RTSPServer()
    server.set_address(config["host"])
    server.set_service(str(config["port"]))
    if "user" in config:
        protect(server, config["user"], config["password"])
    clips = {}
    for mount in config["mounts"]:
        file = mount["file"]
        if file not in clips:
            clips[file] = read_clip(file)
        factory = ClipFactory(clips[file], mount.get("audio"))
        factory.connect("media-configure", lambda f, media: f.start_feeding(media))
        factory.set_permissions(viewer_permissions())
        server.get_mount_points().add_factory(mount["path"], factory)
    if server.attach(None) == 0:
        sys.exit(f"port {config['port']}: in use")
    return server


def main():
    Gst.init(None)
    config = json.loads(sys.stdin.readline())
    loop = GLib.MainLoop()
    server = serve(config)
    print(f"ready {server.get_bound_port()}", flush=True)
    # The parent keeps standard input open for as long as it lives.
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


if __name__ == "__main__":
    main()
