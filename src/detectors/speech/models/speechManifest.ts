import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError, messageOf } from '../../../core/errors.js';
import { manifestPath } from '../../inference/manifest.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const size = z.int().min(1);

const network = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][\w.-]*$/),
  role: z.enum(['keywords', 'recognition', 'voice-activity', 'streaming-recognition', 'punctuation', 'speakers']),
  purpose: z.string().min(1),
  addresses: z.array(z.url()).min(1),
  /** What is downloaded: an archive whose only folder has the network's name, or the one file itself. */
  archive: z.strictObject({ kind: z.enum(['tar.bz2', 'file']), bytes: size, sha256 }),
  /** Files in use. One without a hash is pinned by the archive it came from, and recorded when it is installed. */
  files: z
    .array(z.strictObject({ path: z.string().regex(/^[\w.-]+$/), bytes: size.optional(), sha256: sha256.optional() }))
    .min(1),
  licence: z.string().min(1),
  notice: z.string().min(1),
});
const manifest = z.object({ speech: z.array(network) });

/** What listens while people speak; the other networks work on transcripts once a session is over. */
export const isListening = ({ role }: SpeechNetwork): boolean => role !== 'punctuation' && role !== 'speakers';

/** One speech network as `models/manifest.json` lists it. */
export type SpeechNetwork = z.output<typeof network>;

/**
 * The speech networks that fit this version.
 * @throws AppError `model` where the manifest is missing or does not fit
 */
export function readSpeechManifest(path = manifestPath): SpeechNetwork[] {
  try {
    return manifest.parse(JSON.parse(readFileSync(path, 'utf8'))).speech;
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    throw new AppError('model', `model manifest: ${path}: ${why}`, { cause, hint: 'reinstall Hallwatch' });
  }
}
