import { AppError } from '../../core/errors.js';
import { annexB, type NalKind, type NalRules, nalRules, type VideoCodec } from './nalUnits.js';

/** One picture that needs no other one, with the parameter sets it is decoded by. */
export interface KeyUnit {
  /** RTP time stamp, unwrapped: ticks of the track's clock since its first packet, never going back by a wrap. */
  ticks: number;
  /** Annex B: parameter sets, then the slices. Owned by the receiver. */
  data: Uint8Array;
  /** The sequence parameter set in use, without a start code; what the size of the picture is read from. */
  sps: Uint8Array;
}

/** A key frame beyond this is no sub-stream's. */
const MOST_BYTES = 8 * 2 ** 20;

/**
 * Puts the key frames of one RTP stream together (RFC 3550; RFC 6184 for H.264, RFC 7798 for H.265) and passes over
 * everything else unread. A picture of which a packet is missing is left out: it would be torn.
 * @param given parameter sets of the description
 * @returns a function that takes one RTP packet (valid during the call) and gives the key frame it completes. Throws
 * AppError `unsupported` for packets of a kind that no camera in use sends (interleaved mode).
 */
export function keyframeReader(codec: VideoCodec, given: readonly Uint8Array[]): (packet: Uint8Array) => KeyUnit[] {
  const rules = nalRules[codec];
  const sets = new Map<number, Uint8Array[]>();
  for (const unit of given) addSet(sets, rules.typeOf(unit[0]!), unit);
  const timestamps = unwrapper();
  let picture: Picture | undefined;
  let expected: number | undefined;

  const begin = (ticks: number): Picture => ({
    ticks,
    slices: [],
    fresh: new Map(),
    open: undefined,
    bytes: 0,
    torn: false,
  });

  /** Takes one whole NAL unit; what is kept is copied (`slice` of a Buffer would not). */
  const put = (into: Picture, unit: Uint8Array): void => {
    const type = rules.typeOf(unit[0]!);
    const kind = rules.kindOf(type);
    if (kind === 'key') into.slices.push([new Uint8Array(unit)]);
    else if (kind === 'parameters') addSet(into.fresh, type, new Uint8Array(unit));
    if (kind !== 'other') into.bytes += unit.length;
  };

  const finish = (): KeyUnit[] => {
    const done = picture;
    picture = undefined;
    if (!done || done.torn) return [];
    for (const [type, units] of done.fresh) sets.set(type, units);
    const types = [...sets.keys()].sort((a, b) => a - b);
    const sps = sets.get(codec === 'h264' ? 7 : 33)?.[0];
    if (done.slices.length === 0 || done.open || !sps || done.bytes > MOST_BYTES) return [];
    const data = annexB([...types.flatMap((type) => sets.get(type)!.map((set) => [set])), ...done.slices]);
    return [{ ticks: done.ticks, data, sps }];
  };

  const fragment = (into: Picture, payload: Uint8Array): void => {
    const header = payload[rules.headerBytes]!;
    const type = header & rules.fragmentType;
    const kind = rules.kindOf(type);
    if (kind === 'other') return;
    // A copy in Node's pool: memory of its own for each of a thousand packets a second is a burden to the garbage collector.
    const body = Buffer.from(payload.subarray(rules.headerBytes + 1));
    into.bytes += body.length;
    if (header & 0x80) into.open = { type, kind, parts: [nalHeader(codec, payload, type), body] };
    else if (into.open) into.open.parts.push(body);
    else into.torn = true;
    if (!(header & 0x40) || !into.open) return;
    const { parts } = into.open;
    into.open = undefined;
    if (kind === 'key') into.slices.push(parts);
    else addSet(into.fresh, type, new Uint8Array(Buffer.concat(parts)));
  };

  /** Takes what a packet holds, a whole unit, several, or a piece of one. */
  const hold = (into: Picture, payload: Uint8Array): void => {
    if (payload.length <= rules.headerBytes) return;
    const type = rules.typeOf(payload[0]!);
    if (type === rules.fragment) fragment(into, payload);
    else if (type === rules.aggregate) for (const unit of aggregated(payload, rules.headerBytes)) put(into, unit);
    else if (type < rules.aggregate) put(into, payload);
    else throw new AppError('unsupported', `rtsp: ${codec} packets of type ${type}`);
  };

  return (packet) => {
    const start = payloadAt(packet);
    if (start === undefined) return [];
    const sequence = packet[2]! * 256 + packet[3]!;
    const ticks = timestamps((packet[4]! << 24) | (packet[5]! << 16) | (packet[6]! << 8) | packet[7]!);
    // What is missing may be the end of the last picture or the beginning of this one.
    const gap = expected !== undefined && sequence !== expected;
    expected = (sequence + 1) & 0xffff;
    if (picture && gap) picture.torn = true;
    const units = picture && picture.ticks !== ticks ? finish() : NONE;
    // Most packets belong to pictures that are not kept: they are passed over before anything is made of them.
    if (!picture && !isKept(rules, packet, start)) return units;
    picture ??= { ...begin(ticks), torn: gap };
    hold(picture, payloadOf(packet, start));
    return (packet[1]! & 0x80) !== 0 ? [...units, ...finish()] : units;
  };
}

const NONE: KeyUnit[] = [];

/** False for a packet that holds neither a part of a key frame nor parameter sets. */
function isKept(rules: NalRules, packet: Uint8Array, start: number): boolean {
  const type = rules.typeOf(packet[start] ?? 0);
  if (type !== rules.fragment) return type >= rules.aggregate || rules.kindOf(type) !== 'other';
  return rules.kindOf((packet[start + rules.headerBytes] ?? 0) & rules.fragmentType) !== 'other';
}

/** A picture whose packets are coming in. */
interface Picture {
  ticks: number;
  /** Each in the parts it came in: they are put together once, with everything else. */
  slices: Uint8Array[][];
  fresh: Map<number, Uint8Array[]>;
  open: { type: number; kind: NalKind; parts: Uint8Array[] } | undefined;
  bytes: number;
  torn: boolean;
}

function addSet(sets: Map<number, Uint8Array[]>, type: number, unit: Uint8Array): void {
  const known = sets.get(type);
  if (known) known.push(unit);
  else sets.set(type, [unit]);
}

/** The header that a fragmented unit had: the fragment header's type under the payload header's other bits. */
function nalHeader(codec: VideoCodec, payload: Uint8Array, type: number): Uint8Array {
  if (codec === 'h264') return Uint8Array.of((payload[0]! & 0xe0) | type);
  return Uint8Array.of((payload[0]! & 0x81) | (type << 1), payload[1]!);
}

function aggregated(payload: Uint8Array, headerBytes: number): Uint8Array[] {
  const units: Uint8Array[] = [];
  for (let at = headerBytes; at + 2 < payload.length; ) {
    const length = payload[at]! * 256 + payload[at + 1]!;
    const unit = payload.subarray(at + 2, at + 2 + length);
    if (unit.length === length && length > 0) units.push(unit);
    at += 2 + length;
  }
  return units;
}

/** Where the payload of an RTP packet begins (RFC 3550, section 5.1); undefined for what is none. */
function payloadAt(packet: Uint8Array): number | undefined {
  if (packet.length < 12 || packet[0]! >> 6 !== 2) return undefined;
  let start = 12 + 4 * (packet[0]! & 0x0f);
  if (packet[0]! & 0x10) {
    if (start + 4 > packet.length) return undefined;
    start += 4 + 4 * (packet[start + 2]! * 256 + packet[start + 3]!);
  }
  return start > packet.length ? undefined : start;
}

/** The payload without its padding. */
function payloadOf(packet: Uint8Array, start: number): Uint8Array {
  const padding = packet[0]! & 0x20 ? packet[packet.length - 1]! : 0;
  return packet.subarray(start, Math.max(start, packet.length - padding));
}

/** Time stamps of 32 bits, followed over their wraps, from 0 on. */
function unwrapper(): (timestamp: number) => number {
  let last: number | undefined;
  let ticks = 0;
  return (timestamp) => {
    // A signed difference of 32 bits: the shorter way round.
    ticks += last === undefined ? 0 : (timestamp - last) | 0;
    last = timestamp;
    return ticks;
  };
}
