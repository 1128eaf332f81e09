import { AppError } from '../../core/errors.js';
import type { ToolCommand } from './ffmpegCommand.js';
import type { ChildExit, FfmpegChild, StartFfmpeg, StartOptions } from './ffmpegProcess.js';
import { type NutPacket, type NutStream, nutReader } from './nutReader.js';

interface TimedPicture {
  /** Stream time stamp, milliseconds. */
  ptsMs: number;
  width: number;
  height: number;
}

/** A decoded picture before it has an event time, as pixels: height * width * 3, row-major, R G B, 0-255. */
export interface RgbPicture extends TimedPicture {
  /** Owned by the receiver. */
  rgb: Uint8Array;
  yuv?: undefined;
}

/** One decoded picture before it has an event time; as planes (`core/yuv.ts`) where a shared decoder gave it. */
export type Picture = RgbPicture | (TimedPicture & { rgb?: undefined; yuv: Uint8Array });

/** A stretch of decoded sound before it has an event time. */
export interface Sound {
  /** Stream time stamp of the first sample, milliseconds. */
  ptsMs: number;
  /** Mono, -1 to 1. Owned by the receiver. */
  samples: Float32Array;
}

/** A running ffmpeg that gives pictures or sound. */
export interface Decoder<T> {
  /**
   * Iterate once. Ends when the child ends or is stopped; reading slowly makes the child wait. Throws AppError
   * `protocol` when the size of the picture changes or the output cannot be understood: no torn picture comes out.
   */
  items: AsyncIterable<T>;
  exited: Promise<ChildExit>;
  stop(): Promise<ChildExit>;
  /** True while pictures come in that are not decoded yet: silence is then this machine's slowness, not the camera's. */
  behind?(): boolean;
}

/** The shape of a function that starts a decoding command, for those who are given another one by a test. */
export type StartDecoder<T> = (command: ToolCommand, options: StartOptions) => Decoder<T>;

/** Makes the function that starts commands of `decodeVideoCommand`. */
export const videoDecoder = (start: StartFfmpeg): StartDecoder<RgbPicture> => decoder(start, toPicture);

/** Makes the function that starts commands of `decodeAudioCommand`. */
export const audioDecoder = (start: StartFfmpeg): StartDecoder<Sound> => decoder(start, toSound);

type Convert<T> = (packet: NutPacket, stream: NutStream) => T;

function decoder<T>(start: StartFfmpeg, convert: Convert<T>): StartDecoder<T> {
  return (command, options) => {
    const child = start(command, options);
    return { items: readPackets(child, convert), exited: child.exited, stop: child.stop };
  };
}

async function* readPackets<T>(child: FfmpegChild, convert: Convert<T>): AsyncGenerator<T> {
  const reader = nutReader();
  try {
    for await (const chunk of child.stdout) {
      for (const packet of reader.push(chunk)) yield convert(packet, reader.stream() ?? { width: 0, height: 0 });
    }
  } catch (error) {
    // Stopping destroys the pipe under the reader; that is an end and no fault.
    if (error instanceof AppError || !child.stdout.destroyed) throw error;
  } finally {
    void child.stop();
  }
}

function toPicture({ ptsMs, data }: NutPacket, { width, height }: NutStream): RgbPicture {
  if (data.length === width * height * 3) return { ptsMs, width, height, rgb: data };
  throw new AppError('protocol', `video: ${data.length} bytes after pictures of ${width}x${height}: its size changed`, {
    retryable: true,
  });
}

/** ffmpeg writes little-endian floats, as every machine that Node runs on keeps them. */
function toSound({ ptsMs, data }: NutPacket): Sound {
  return { ptsMs, samples: new Float32Array(data.buffer, 0, Math.floor(data.length / 4)) };
}
