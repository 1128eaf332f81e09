import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, messageOf } from '../../../core/errors.js';
import { storageError } from '../../../core/files.js';
import { installArchive } from './install.js';
import type { SpeechNetwork } from './speechManifest.js';

export interface FetchOptions {
  /** Told of every piece; `total` is what the manifest says. */
  onProgress(bytes: number, total: number): void;
  signal: AbortSignal;
  /** Instead of the addresses of the manifest: a mirror that has the same files. */
  mirror?: string;
}

/**
 * Downloads a network and installs it. A part that is there already is gone on with; an address that fails leaves the part
 * to the next one. Nothing is installed that has not the hash of the manifest.
 * @throws AppError `unreachable` where no address answers, `model` where the file is another one, `storage`, `disk-full`
 */
export async function fetchNetwork(root: string, network: SpeechNetwork, options: FetchOptions): Promise<void> {
  const file = network.archive.kind === 'file' ? network.name : `${network.name}.tar.bz2`;
  const part = join(root, `${file}.part`);
  try {
    mkdirSync(root, { recursive: true, mode: 0o750 });
  } catch (cause) {
    throw storageError(`folder ${root}`, cause);
  }
  const addresses = options.mirror === undefined ? network.addresses : [`${options.mirror.replace(/\/$/, '')}/${file}`];
  const failures: string[] = [];
  for (const address of addresses) {
    try {
      await download(address, part, network, options);
      await installArchive(root, network, part);
      rmSync(part, { force: true });
      return;
    } catch (error) {
      if (options.signal.aborted)
        throw new AppError('cancelled', `${file}: the download was stopped`, { cause: error });
      if (error instanceof AppError && (error.code === 'storage' || error.code === 'disk-full')) throw error;
      // A whole file with the wrong hash can never become right by going on.
      if (error instanceof AppError && error.code === 'model') rmSync(part, { force: true });
      failures.push(`${address}: ${messageOf(error)}`);
    }
  }
  throw new AppError('unreachable', `${file}: ${failures.join('; ')}`, {
    retryable: true,
    hint: 'fetch it elsewhere and use `hallwatch models import FOLDER`',
  });
}

/** Goes on where the part ends. */
async function download(
  address: string,
  part: string,
  { archive }: SpeechNetwork,
  options: FetchOptions,
): Promise<void> {
  const have = existsSync(part) ? statSync(part).size : 0;
  if (have === archive.bytes) return;
  const from = have < archive.bytes ? have : 0;
  const headers = new Headers(from > 0 ? { Range: `bytes=${from}-` } : {});
  const response = await fetch(address, { headers, signal: options.signal });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new AppError('unreachable', `answered ${response.status}`, { retryable: true });
  }
  // A server that does not know ranges sends everything anew.
  const goesOn = response.status === 206;
  let bytes = goesOn ? from : 0;
  const target = openPart(part, goesOn);
  try {
    for await (const piece of response.body as AsyncIterable<Uint8Array>) {
      for (let written = 0; written < piece.length; ) written += writeSync(target, piece, written);
      bytes += piece.length;
      if (bytes > archive.bytes) throw new AppError('model', `it is longer than ${archive.bytes} bytes`);
      options.onProgress(bytes, archive.bytes);
    }
  } finally {
    closeSync(target);
  }
  if (bytes < archive.bytes) {
    throw new AppError('unreachable', `it broke off at ${bytes} of ${archive.bytes} bytes`, { retryable: true });
  }
}

function openPart(part: string, goesOn: boolean): number {
  try {
    return openSync(part, goesOn ? 'a' : 'w', 0o640);
  } catch (cause) {
    throw storageError(`write ${part}`, cause);
  }
}
