import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AppError, messageOf } from '../../core/errors.js';

const size = z.int().min(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const file = z.strictObject({
  /** Path inside the source package. */
  path: z.string().regex(/^[\w./-]+$/),
  sha256,
  bytes: size,
});

const input = z.strictObject({
  name: z.string().min(1),
  /** Batch, height, width, channels. */
  shape: z.tuple([z.literal(1), size, size, size]),
  /** What a caller passes. A network of floats whose values are pixels takes `uint8`, which is a quarter to move. */
  dtype: z.enum(['uint8', 'float32']),
  /** Least and greatest value. */
  range: z.tuple([z.number(), z.number()]),
  meaning: z.string().min(1),
  /** Present where height and width may be chosen; both must be multiples of this. */
  sizeMultipleOf: size.optional(),
});

const output = z.strictObject({
  name: z.string().min(1),
  /** Shape at the input's own size. */
  shape: z.array(size).min(1),
  meaning: z.string().min(1),
});

const network = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  purpose: z.string().min(1),
  /** Where the weights come from, as the files themselves say. */
  origin: z.url(),
  licence: z.string().min(1),
  topology: file,
  weights: file,
  input,
  outputs: z.array(output).min(1),
});

const manifest = z.strictObject({
  $comment: z.string().optional(),
  source: z.strictObject({
    package: z.string().min(1),
    versions: z.string().min(1),
    licence: z.string().min(1),
  }),
  networks: z.array(network).min(1),
  /** Speech networks that a site fetches by itself; read by `detectors/speech/models`. */
  speech: z.unknown().optional(),
});

export type Manifest = z.output<typeof manifest>;
export type NetworkEntry = Manifest['networks'][number];
export type ModelFile = NetworkEntry['topology'];

/** `models/manifest.json` of this installation; the same relative path from `src/` and from `dist/`. */
export const manifestPath = fileURLToPath(new URL('../../../models/manifest.json', import.meta.url));

/**
 * Reads the list of networks.
 * @throws AppError `model` where the file is missing or does not fit the schema
 */
export function readManifest(path = manifestPath): Manifest {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('model', `model manifest: ${path}: cannot be read`, { cause, hint: 'reinstall Hallwatch' });
  }
  return parseManifest(text, path);
}

function parseManifest(text: string, path: string): Manifest {
  try {
    return manifest.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    throw new AppError('model', `model manifest: ${path}: ${why}`, { cause, hint: 'reinstall Hallwatch' });
  }
}

/**
 * The entry of one network.
 * @throws AppError `not-found`
 */
export function networkEntry(list: Manifest, name: string): NetworkEntry {
  const entry = list.networks.find((candidate) => candidate.name === name);
  if (entry) return entry;
  const known = list.networks.map((candidate) => candidate.name).join(', ');
  throw new AppError('not-found', `network: ${name}: not in models/manifest.json`, {
    hint: `known networks: ${known}`,
  });
}
