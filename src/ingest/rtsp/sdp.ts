/** The video of a stream as its description tells. */
export interface VideoTrack {
  codec: 'h264' | 'h265';
  payloadType: number;
  /** Ticks of the RTP time stamp in a second. */
  clockRate: number;
  /** Address for SETUP, absolute. */
  control: string;
  /** Address of the whole stream, for PLAY. */
  aggregate: string;
  /** NAL units of parameter sets that came with the description; often none, since cameras send them in the stream. */
  parameterSets: Uint8Array[];
}

/**
 * The first video track of an SDP (RFC 8866) that holds H.264 (RFC 6184) or H.265 (RFC 7798); undefined where there is
 * none. `base` is the address that relative control addresses are joined to.
 */
export function videoTrack(sdp: string, base: string): VideoTrack | undefined {
  const [session = [], ...media] = sections(sdp);
  const root = joinAddress(base, attribute(session, 'control') ?? '*');
  for (const lines of media) {
    const [, first] = /^m=video \d+ \S+ (\d+)/.exec(lines[0] ?? '') ?? [];
    if (first === undefined) continue;
    const payloadType = Number(first);
    const [, name = '', rate = '90000'] =
      new RegExp(`^a=rtpmap:${payloadType} ([^/]+)/(\\d+)`, 'm').exec(lines.join('\n')) ?? [];
    const codec = ({ h264: 'h264', h265: 'h265', hevc: 'h265' } as const)[name.toLowerCase()];
    if (!codec) continue;
    const format = lines.find((line) => line.startsWith(`a=fmtp:${payloadType} `)) ?? '';
    const control = joinAddress(root, attribute(lines, 'control') ?? '*');
    return {
      codec,
      payloadType,
      clockRate: Number(rate),
      control,
      aggregate: root,
      parameterSets: parameterSetsOf(format),
    };
  }
  return undefined;
}

function sections(sdp: string): string[][] {
  const found: string[][] = [[]];
  for (const line of sdp.split(/\r?\n/)) {
    if (line.startsWith('m=')) found.push([]);
    found.at(-1)!.push(line.trim());
  }
  return found;
}

const attribute = (lines: readonly string[], name: string): string | undefined =>
  lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);

/**
 * Joins a control address as cameras mean it: appended to the base, not resolved as a path, since many bases do not end
 * with a slash. An absolute address keeps its path and query but not its host: a description must not lead elsewhere.
 */
function joinAddress(base: string, control: string): string {
  if (control === '*' || control === '') return base;
  if (!/^rtsps?:\/\//i.test(control)) return `${base}${base.endsWith('/') ? '' : '/'}${control}`;
  if (!URL.canParse(control)) return base;
  const { pathname, search } = new URL(control);
  return `${new URL(base).protocol}//${new URL(base).host}${pathname}${search}`;
}

function parameterSetsOf(format: string): Uint8Array[] {
  const names = ['sprop-vps', 'sprop-sps', 'sprop-pps', 'sprop-parameter-sets'];
  return names.flatMap((name) => {
    const [, value = ''] = new RegExp(`[ ;]${name}=([^;\\s]+)`).exec(format) ?? [];
    return value
      .split(',')
      .map((text) => new Uint8Array(Buffer.from(text, 'base64')))
      .filter((unit) => unit.length > 2);
  });
}
