import { describe, expect, it } from 'vitest';
import { videoTrack } from '../../../src/ingest/rtsp/sdp.js';

const sdp = (...lines: string[]): string => ['v=0', 's=x', ...lines].join('\r\n');
const h264 = ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000'];

describe('videoTrack', () => {
  it.each([
    ['a relative control address is appended', ['a=control:trackID=1'], 'rtsp://10.0.0.2/cam/trackID=1'],
    ['none means the stream itself', [], 'rtsp://10.0.0.2/cam'],
    ['an absolute one', ['a=control:rtsp://10.0.0.2/other?x=1'], 'rtsp://10.0.0.2/other?x=1'],
    ['an absolute one never leads to another host', ['a=control:rtsp://evil.test:99/t'], 'rtsp://10.0.0.2/t'],
  ])('%s', (_what, lines, expected) => {
    expect(videoTrack(sdp(...h264, ...lines), 'rtsp://10.0.0.2/cam')?.control).toBe(expected);
  });

  it('takes the first track that it can read, with its parameter sets', () => {
    const text = sdp(
      ...[
        'a=control:*',
        'm=audio 0 RTP/AVP 8',
        'm=video 0 RTP/AVP 26',
        'm=video 0 RTP/AVP 98',
        'a=rtpmap:98 H265/90000',
      ],
      ...['a=fmtp:98 sprop-vps=QAEM; sprop-sps=QgEB; sprop-pps=RAHB', 'a=control:t2'],
    );
    const track = videoTrack(text, 'rtsp://h/c/');
    expect(track).toMatchObject({ codec: 'h265', payloadType: 98, clockRate: 90_000, control: 'rtsp://h/c/t2' });
    expect(track?.parameterSets.map((unit) => (unit[0]! >> 1) & 63)).toEqual([32, 33, 34]);
  });

  it('gives nothing for a stream of other codecs', () => {
    expect(videoTrack(sdp('m=video 0 RTP/AVP 26'), 'rtsp://h/c')).toBeUndefined();
    expect(videoTrack('nonsense', 'rtsp://h/c')).toBeUndefined();
  });
});
