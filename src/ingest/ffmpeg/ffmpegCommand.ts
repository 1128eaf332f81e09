import ffmpeg, { type FfmpegCommand as FluentCommand } from 'fluent-ffmpeg';

/**
 * The one file that builds argument lists for ffmpeg and ffprobe. `fluent-ffmpeg` puts them together; we start the
 * processes ourselves (`ffmpegProcess.ts`), because the library is archived, knows no process group and never goes
 * beyond SIGTERM. Its `_getArguments` is what its own `run` uses.
 *
 * Written for ffmpeg 5.1 and later (`-fps_mode`, the `option` line of a playlist).
 */

/** A user and password as they are, not percent-encoded. */
export interface Credentials {
  user: string;
  password: string;
}

/** Where ffmpeg reads from. */
export type FfmpegInput =
  /** A file of this machine. `native` reads it at its own speed, as a camera would give it. */
  | { kind: 'file'; path: string; native?: boolean }
  /**
   * rtsp, rtsps, http or https, without a password in the address. `timeoutMs` ends a silent connection; `media` leaves
   * the other tracks of an RTSP stream unfetched; `analyzeMs` bounds how long the stream is studied before the first
   * packet goes on (ffmpeg's own answer is up to 5 s).
   */
  | {
      kind: 'network';
      url: string;
      credentials?: Credentials;
      timeoutMs: number;
      media?: 'video' | 'audio';
      analyzeMs?: number;
    }
  /** A sound device of this machine, by ffmpeg's input format. */
  | { kind: 'device'; format: 'alsa' | 'pulse'; name: string }
  /** A container written into standard input by the caller, such as `mpegts` or `nut`. */
  | { kind: 'stdin'; format: string; native?: boolean };

/** A program with its arguments. `stdin` may hold a password and is written to the child, then closed. */
export interface ToolCommand {
  program: 'ffmpeg' | 'ffprobe' | '/usr/bin/python3';
  args: string[];
  stdin?: string;
}

/** Which decoded pictures go on. */
export type Pick =
  | { kind: 'all' }
  /** The first picture at or after each due time `start + n * everyS` of stream time. */
  | { kind: 'due'; everyS: number }
  /** Pictures at least this far apart, seconds of stream time. */
  | { kind: 'apart'; minS: number };

export interface DecodeVideoOptions {
  /**
   * Pixels that leave ffmpeg. `maxWidth` keeps the aspect and enlarges nothing; a fixed size also holds where the
   * stream changes its own.
   */
  size: { maxWidth: number } | { width: number; height: number };
  keyframesOnly: boolean;
  pick: Pick;
  /** Decoder threads; 0 lets ffmpeg choose. One a camera keeps 200 cameras small. */
  threads: number;
}

/** 90 kHz: exact for RTP and MPEG-TS, 11 µs for everything else. */
const TIME_BASE = '1/90000';

/**
 * Containers that may be opened. ffmpeg knows hundreds more, among them text art for `.txt` and playlists that name
 * further files; neither is a camera.
 */
const FILE_FORMATS =
  'mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,flv,h264,hevc,av1,ivf,asf,nut,mjpeg,mpjpeg,mxf,dv,wav,mp3,aac,ogg,flac,amr';
const NETWORK_FORMATS = `concat,rtsp,rtp,sdp,hls,${FILE_FORMATS}`;

/**
 * Raw RGB pictures of the first video stream as NUT on standard output. NUT and not bare pixels, because each packet
 * then carries its own length and time stamp: a stream that changes its size in the middle cannot shift the picture
 * boundaries, and no second channel has to be kept in step. `-autoscale 0` lets the new size through to be seen.
 */
export function decodeVideoCommand(input: FfmpegInput, options: DecodeVideoOptions): ToolCommand {
  const command = openInput(only(input, 'video'), [
    ...(options.keyframesOnly ? ['-skip_frame', 'nokey'] : []),
    // A damaged picture is an error, not something to be guessed from its neighbours. H.264 then leaves out nine of ten
    // torn key frames; H.265 leaves in what its entropy decoder does not notice.
    ...['-err_detect', 'explode', '-fflags', '+discardcorrupt'],
    ...['-threads', String(options.threads), '-copyts'],
  ]);
  command.videoFilters([FORWARD, ...pickFilter(options.pick), scaleFilter(options.size), 'format=rgb24']);
  command.outputOptions(['-map', '0:V:0', '-c:v', 'rawvideo', '-autoscale', '0', ...TIMED_NUT]);
  return finish(command.output('pipe:1'), only(input, 'video'));
}

export interface DecodeUnitsOptions {
  codec: 'h264' | 'h265';
  /** Pixels that leave ffmpeg, both even. */
  size: { width: number; height: number };
}

/**
 * Single key frames, each with its parameter sets, from standard input (IVF, `ffmpeg/ivf.ts`) to planes (YUV 4:2:0) as NUT
 * on standard output, each as soon as it is decoded. The time stamp that a frame brings goes through unchanged, so that
 * pictures of many cameras can take turns.
 */
export function decodeUnitsCommand({ codec, size }: DecodeUnitsOptions): ToolCommand {
  const command = openInput({ kind: 'stdin', format: 'ivf' }, [
    // What is known of each frame comes with it: nothing to look ahead for.
    ...['-probesize', '32', '-analyzeduration', '0', '-flags', 'low_delay'],
    // Named, since ffmpeg knows no four letters of H.265 in this container.
    ...['-c:v', codec === 'h264' ? 'h264' : 'hevc', '-err_detect', 'explode', '-threads', '1', '-copyts'],
  ]);
  command.videoFilters([scaleFilter(size), 'format=yuv420p']);
  command.outputOptions(['-map', '0:V:0', '-c:v', 'rawvideo', ...TIMED_NUT]);
  return finish(command.output('pipe:1'));
}

/** Mono float samples of the first audio stream as NUT on standard output. */
export function decodeAudioCommand(input: FfmpegInput, sampleRate: number): ToolCommand {
  const command = openInput(only(input, 'audio'), ['-vn', '-copyts']);
  command.outputOptions(['-map', '0:a:0', '-c:a', 'pcm_f32le', '-ac', '1', '-ar', String(sampleRate)]);
  command.outputOptions(['-f', 'nut', ...NUT_OPTIONS]);
  return finish(command.output('pipe:1'), only(input, 'audio'));
}

/** One track is enough, and time stamps of a single track are not shifted when its sender report arrives. */
const only = (input: FfmpegInput, media: 'video' | 'audio'): FfmpegInput =>
  input.kind === 'network' ? { ...input, media } : input;

const NUT_OPTIONS = ['-write_index', '0', '-map_metadata', '-1', '-flush_packets', '1'];
/**
 * `-threads 1` on the output: ffmpeg encodes raw pictures in parallel by default and then holds each one back until the
 * next, a whole key-frame interval later (measured: 2 s).
 */
const TIMED_NUT = [
  '-threads',
  '1',
  '-fps_mode',
  'passthrough',
  '-enc_time_base',
  TIME_BASE,
  '-f',
  'nut',
  ...NUT_OPTIONS,
];

/**
 * Where time stamps jump back (two recordings joined, a camera that began anew), time goes on from there. Left alone,
 * ffmpeg gives every picture the same time until the old one is reached again.
 */
const FORWARD = "setpts='if(isnan(PREV_INPTS)\\,PTS\\,PREV_OUTPTS+max(PTS-PREV_INPTS\\,1))'";

export interface EncodeOptions {
  /** Size of the raw RGB pictures on standard input, pixels, both even. */
  width: number;
  height: number;
  fps: number;
  codec: 'h264' | 'h265';
  /** Seconds between key frames. */
  keyframeEveryS: number;
  /** A file path, or a container on standard output. */
  target: { path: string } | { format: 'mpegts' | 'nut' | 'matroska' };
}

/** Encodes raw RGB pictures (rgb24, row-major) from standard input, without B-frames, as cameras do. */
export function encodeVideoCommand(options: EncodeOptions): ToolCommand {
  const gop = String(Math.max(1, Math.round(options.fps * options.keyframeEveryS)));
  const command = ffmpeg().input('pipe:0');
  command.inputOptions(['-protocol_whitelist', 'pipe', '-f', 'rawvideo', '-pix_fmt', 'rgb24']);
  command.inputOptions(['-s', `${options.width}x${options.height}`, '-r', String(options.fps)]);
  command.outputOptions(['-an', '-pix_fmt', 'yuv420p', '-g', gop, '-bf', '0']);
  command.outputOptions(
    options.codec === 'h264'
      ? ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-sc_threshold', '0']
      : ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `log-level=error:keyint=${gop}:scenecut=0`],
  );
  if ('path' in options.target) command.output(fileAddress(options.target.path));
  else command.outputOptions(['-f', options.target.format, '-flush_packets', '1']).output('pipe:1');
  return finish(command);
}

/** Copies `lengthS` seconds from `startS` on, without decoding, into an MP4 file that begins at a key frame. */
export function cutClipCommand(
  input: FfmpegInput,
  span: { startS: number; lengthS: number },
  path: string,
): ToolCommand {
  const command = openInput(input, ['-ss', String(span.startS)]);
  command.outputOptions(['-t', String(span.lengthS), '-map', '0:V:0', '-map', '0:a?', '-c', 'copy']);
  command.outputOptions(['-movflags', '+faststart', '-avoid_negative_ts', 'make_zero', '-f', 'mp4']);
  return finish(command.output(fileAddress(path)), input);
}

/**
 * The pictures of a live stream as they are, without decoding, as fragmented MP4 on standard output: one picture a
 * fragment, so that none waits for the next key frame. Sound stays out.
 */
export function liveVideoCommand(input: FfmpegInput): ToolCommand {
  const command = openInput(only(input, 'video'), ['-fflags', '+nobuffer', '-flags', 'low_delay']);
  command.outputOptions(['-map', '0:V:0', '-an', '-c:v', 'copy', '-f', 'mp4', '-flush_packets', '1']);
  command.outputOptions(['-movflags', '+empty_moov+default_base_moof+frag_every_frame', '-map_metadata', '-1']);
  return finish(command.output('pipe:1'), only(input, 'video'));
}

/**
 * Pictures and sound as they come, not encoded anew, as fragmented MP4 on standard output: a fragment a second, each key
 * frame begins one. `sound: 'aac'` encodes the sound alone, for what MP4 cannot hold (G.711).
 */
export function recordCommand(input: FfmpegInput, sound: 'copy' | 'aac'): ToolCommand {
  const command = openInput(input, []);
  const coding = sound === 'copy' ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-b:a', '64k', '-ac', '1'];
  command.outputOptions(['-map', '0:V:0', '-map', '0:a:0?', '-c:v', 'copy', ...coding, '-map_metadata', '-1']);
  command.outputOptions(['-movflags', '+frag_keyframe+empty_moov+default_base_moof+frag_discont']);
  command.outputOptions(['-frag_duration', '1000000', '-flush_packets', '1', '-f', 'mp4']);
  return finish(command.output('pipe:1'), input);
}

/** Facts of a stream or file as JSON. */
export function probeFactsCommand(input: FfmpegInput): ToolCommand {
  return probe(input, ['-show_streams', '-show_format', '-of', 'json']);
}

/** `pts_time,flags` of each video packet, one line each, not decoded; all of them, or the first `seconds`. */
export function probePacketsCommand(input: FfmpegInput, seconds?: number): ToolCommand {
  return probe(input, [
    ...(seconds === undefined ? [] : ['-read_intervals', `%+${seconds}`]),
    ...['-select_streams', 'V:0', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0'],
  ]);
}

function probe(input: FfmpegInput, wanted: string[]): ToolCommand {
  const { options, source, stdin } = inputArguments(input);
  // ffprobe reads no pictures at native speed; it has no such option.
  const reading = options.filter((option) => option !== '-re');
  return { program: 'ffprobe', args: ['-hide_banner', '-v', 'error', ...reading, ...wanted, source], ...stdin };
}

function openInput(input: FfmpegInput, decoding: string[]): FluentCommand {
  const { options, source } = inputArguments(input);
  return ffmpeg()
    .input(source)
    .inputOptions([...options, ...decoding]);
}

function finish(command: FluentCommand, input?: FfmpegInput): ToolCommand {
  const built = (command as unknown as { _getArguments(): unknown[] })._getArguments().map(String);
  const quiet = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error'];
  return { program: 'ffmpeg', args: [...quiet, ...built], ...(input ? inputArguments(input).stdin : {}) };
}

interface InputArguments {
  options: string[];
  source: string;
  stdin: { stdin?: string };
}

function inputArguments(input: FfmpegInput): InputArguments {
  switch (input.kind) {
    case 'file': {
      const options = ['-protocol_whitelist', 'file', '-format_whitelist', FILE_FORMATS];
      return { options: [...options, ...(input.native ? ['-re'] : [])], source: fileAddress(input.path), stdin: {} };
    }
    case 'device':
      return { options: ['-f', input.format], source: input.name, stdin: {} };
    case 'stdin': {
      const options = ['-protocol_whitelist', 'pipe', '-f', input.format];
      return { options: [...options, ...(input.native ? ['-re'] : [])], source: 'pipe:0', stdin: {} };
    }
    case 'network': {
      const allowed = ['-protocol_whitelist', protocolsFor(input.url), '-format_whitelist', NETWORK_FORMATS];
      return {
        options: [...allowed, '-f', 'concat', '-safe', '0'],
        source: 'pipe:0',
        stdin: { stdin: playlist(input) },
      };
    }
  }
}

/**
 * A playlist of one entry, given on standard input: the address with its password then stands in no argument list,
 * which every user of the machine can read, and in no file either.
 */
function playlist(input: FfmpegInput & { kind: 'network' }): string {
  const microseconds = String(Math.round(input.timeoutMs * 1000));
  const lines = ['ffconcat version 1.0', `file '${withCredentials(input.url, input.credentials)}'`];
  // Without `timeout` ffmpeg waits for ever on a half-open connection.
  if (/^rtsps?:/.test(input.url)) lines.push('option rtsp_transport tcp', `option timeout ${microseconds}`);
  else lines.push(`option timeout ${microseconds}`);
  if (/^rtsps?:/.test(input.url) && input.media) lines.push(`option allowed_media_types ${input.media}`);
  if (input.analyzeMs !== undefined) lines.push(`option analyzeduration ${Math.round(input.analyzeMs * 1000)}`);
  return `${lines.join('\n')}\n`;
}

function withCredentials(url: string, credentials: Credentials | undefined): string {
  const quoted = url.replaceAll("'", '%27').replace(/[\r\n]/g, '');
  if (!credentials) return quoted;
  const encode = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27');
  return quoted.replace('://', `://${encode(credentials.user)}:${encode(credentials.password)}@`);
}

/** What may be opened from the address on; a redirect or a playlist cannot lead to this machine's files. */
function protocolsFor(url: string): string {
  const scheme = url.slice(0, url.indexOf(':'));
  const protocols: Record<string, string> = {
    rtsp: 'pipe,rtsp,rtp,tcp',
    rtsps: 'pipe,rtsps,rtsp,rtp,tls,tcp',
    http: 'pipe,http,tcp',
    https: 'pipe,https,tls,tcp',
  };
  return protocols[scheme] ?? 'pipe';
}

/** `file:` keeps a path that begins with `-` or holds a colon from being read as something else. */
const fileAddress = (path: string): string => `file:${path}`;

function scaleFilter(size: DecodeVideoOptions['size']): string {
  if ('width' in size) return `scale=w=${size.width}:h=${size.height}:flags=bilinear,setsar=1`;
  const width = `max(2\\,trunc(min(${size.maxWidth}\\,iw)/2)*2)`;
  // By display aspect, so that non-square pixels do not make people thin.
  return `scale=w='${width}':h='max(2\\,trunc(ow/dar/2+0.5)*2)':flags=bilinear,setsar=1`;
}

function pickFilter(pick: Pick): string[] {
  switch (pick.kind) {
    case 'all':
      return [];
    case 'due': {
      // Half a millisecond of tolerance: 1/30 s does not add up to whole seconds in binary fractions.
      const cell = (time: string): string => `floor((${time}-start_t+0.0005)/${pick.everyS})`;
      // "Another cell", not "a later one": after a time stamp that jumps back, pictures must not stop.
      return [`select='isnan(prev_selected_t)+not(eq(${cell('t')}\\,${cell('prev_selected_t')}))'`];
    }
    case 'apart':
      return [`select='isnan(prev_selected_t)+gte(abs(t-prev_selected_t)\\,${pick.minS})'`];
  }
}
