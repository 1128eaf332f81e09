import { describe, expect, it } from 'vitest';
import { type KeyUnit, keyframeReader } from '../../../src/ingest/rtsp/keyframes.js';

interface Packet {
  payload: number[];
  timestamp?: number;
  marker?: boolean;
}

/** RTP packets of one stream, numbered; `lose` leaves some out. */
const packets = (list: Packet[], lose: number[] = [], first = 65_534): Buffer[] =>
  list
    .map(({ payload, timestamp = 9000, marker = false }, i) => {
      const header = Buffer.alloc(12);
      header[0] = 0x80;
      header[1] = 96 | (marker ? 0x80 : 0);
      header.writeUInt16BE((first + i) & 0xffff, 2);
      header.writeUInt32BE(timestamp, 4);
      return Buffer.concat([header, Buffer.from(payload)]);
    })
    .filter((_, i) => !lose.includes(i));

const read = (codec: 'h264' | 'h265', list: Buffer[], given: Uint8Array[] = []): KeyUnit[] => {
  const take = keyframeReader(codec, given);
  // Overwritten afterwards, as the shared buffer of the sockets is.
  return list.flatMap((packet) => {
    const units = take(packet);
    packet.fill(0xee);
    return units;
  });
};
const hex = (unit: KeyUnit | undefined): string =>
  Buffer.from(unit?.data ?? [])
    .toString('hex')
    .replaceAll('00000001', ' ')
    .trim();

const sps = [0x67, 1];
const pps = [0x68, 2];
const stap = [0x78, 0, 2, ...sps, 0, 2, ...pps];
const idr = [0x65, 7, 8];
const fragments: Packet[] = [
  { payload: [0x7c, 0x85, 1] },
  { payload: [0x7c, 0x05, 2] },
  { payload: [0x7c, 0x45, 3], marker: true },
];

describe('key frames of H.264', () => {
  it.each<[string, Packet[], string[]]>([
    [
      'parameter sets and a slice, each in a packet',
      [{ payload: sps }, { payload: pps }, { payload: idr, marker: true }],
      ['6701 6802 650708'],
    ],
    ['parameter sets together, slice in pieces', [{ payload: stap }, ...fragments], ['6701 6802 65010203']],
    ['two slices', [{ payload: stap }, { payload: idr }, { payload: idr, marker: true }], ['6701 6802 650708 650708']],
    [
      'pictures between them are passed over',
      [{ payload: stap }, { payload: idr, marker: true }, { payload: [0x41, 1], timestamp: 12_600, marker: true }],
      ['6701 6802 650708'],
    ],
    [
      'no marker: the next time stamp ends it',
      [{ payload: stap }, { payload: idr }, { payload: [0x41, 1], timestamp: 12_600 }],
      ['6701 6802 650708'],
    ],
    ['no parameter sets: nothing to decode with', [{ payload: idr, marker: true }], []],
  ])('%s', (_what, list, expected) => {
    expect(read('h264', packets(list)).map(hex)).toEqual(expected);
  });

  it('takes the parameter sets of the description', () => {
    const given = [Uint8Array.from(sps), Uint8Array.from(pps)];
    expect(read('h264', packets([{ payload: idr, marker: true }]), given).map(hex)).toEqual(['6701 6802 650708']);
  });

  it.each([
    ['in the middle', [2]],
    ['the beginning', [1]],
    ['the end', [3]],
  ])('gives no torn picture where a packet is lost: %s', (_what, lose) => {
    const list = [{ payload: stap }, ...fragments, { payload: [0x41, 1], timestamp: 12_600, marker: true }];
    expect(read('h264', packets(list, lose))).toEqual([]);
  });

  it('goes on after a loss', () => {
    const again = fragments.map((packet) => ({ ...packet, timestamp: 189_000 }));
    const list = [
      { payload: stap },
      ...fragments,
      { payload: [0x41, 1], timestamp: 12_600, marker: true },
      { payload: stap, timestamp: 189_000 },
      ...again,
    ];
    expect(read('h264', packets(list, [2])).map(({ ticks }) => ticks)).toEqual([180_000]);
  });

  it('follows time stamps over their wrap', () => {
    const at = (timestamp: number): Packet[] => [
      { payload: stap, timestamp },
      { payload: idr, timestamp, marker: true },
    ];
    const units = read('h264', packets([...at(2 ** 32 - 1000), ...at(500), ...at(180_500)]));
    expect(units.map(({ ticks }) => ticks)).toEqual([0, 1500, 181_500]);
  });

  it('refuses interleaved packets by name, and passes over what is no RTP', () => {
    expect(() => read('h264', packets([{ payload: [0x7a, 0, 0, 1] }]))).toThrow(/packets of type 26/);
    expect(read('h264', [Buffer.from([1, 2, 3]), Buffer.alloc(12)])).toEqual([]);
  });
});

describe('key frames of H.265', () => {
  it('are put together from aggregated and fragmented packets', () => {
    const sets = [0x60, 1, 0, 3, 0x40, 1, 9, 0, 3, 0x42, 1, 8, 0, 3, 0x44, 1, 7];
    const list: Packet[] = [
      { payload: sets },
      { payload: [0x62, 1, 0x93, 5] },
      { payload: [0x62, 1, 0x53, 6], marker: true },
    ];
    expect(read('h265', packets(list)).map(hex)).toEqual(['400109 420108 440107 26010506']);
  });
});
