"""Serve a clip over RTSP on loopback; for the system's Python, which has GStreamer."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402 -- versions come first

Gst.init(None)
clip, port = sys.argv[1:]
server = GstRtspServer.RTSPServer(address="127.0.0.1", service=port)
factory = GstRtspServer.RTSPMediaFactory(shared=True)
factory.set_launch(
    f'( filesrc location="{clip}" ! qtdemux ! h264parse ! '
    "rtph264pay name=pay0 pt=96 config-interval=-1 )"
)
server.get_mount_points().add_factory("/live", factory)
if not server.attach(None):
    sys.exit(f"cannot listen at port {port}")
GLib.MainLoop().run()
