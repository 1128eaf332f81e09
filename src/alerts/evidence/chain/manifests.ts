import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync, truncateSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../../core/clock.js';
import { storageError } from '../../../core/files.js';
import { isoOf } from '../../../core/time.js';
import { CHAIN_START, type ChainBody, type ChainEntry, type DigestName, linkEntry, type Signer } from './entry.js';

export interface ManifestOptions {
  /** Holds `CAMERA/DAY.jsonl` and `session/ID.jsonl`. */
  folder: string;
  digest: DigestName;
  signer: Signer;
  clock: Clock;
}

/** Append-only, chained, signed lists of what was recorded, kept and deleted. */
export interface Manifests {
  /**
   * Adds an entry; on the disk when it resolves. Calls for one chain are done in order.
   * @throws AppError `storage` or `disk-full`: nothing of it stays
   */
  append(chain: string, body: ChainBody): Promise<ChainEntry>;
  /** The entries of a chain, oldest first; none where there is none. A torn last line is left out. */
  read(chain: string): ChainEntry[];
  /** Names of all chains, sorted. */
  chains(): string[];
  /** Cuts off a torn last line that a killed process left. Returns the bytes cut. */
  mend(chain: string): number;
  readonly signer: Signer;
}

/** Holds more than the longest entry of ten one-second parts. */
const TAIL_BYTES = 16 << 10;

/** Opens the manifests below `folder`. One process writes. */
export function openManifests({ folder, digest, signer, clock }: ManifestOptions): Manifests {
  const heads = new Map<string, Pick<ChainEntry, 'seq' | 'hash'>>();
  const queues = new Map<string, Promise<unknown>>();
  const fileOf = (chain: string): string => join(folder, `${chain}.jsonl`);

  const headOf = (chain: string): Pick<ChainEntry, 'seq' | 'hash'> => {
    const known = heads.get(chain);
    if (known) return known;
    const last = lastEntry(fileOf(chain));
    if (last) return { seq: last.seq, hash: last.hash };
    const before = chainBefore(folder, chain);
    const head = before === undefined ? undefined : lastEntry(fileOf(before));
    return { seq: 0, hash: head?.hash ?? CHAIN_START };
  };

  const add = async (chain: string, body: ChainBody): Promise<ChainEntry> => {
    const options = { chain, digest, signer, written: isoOf(clock.now()) };
    const entry = linkEntry(headOf(chain), body, options);
    await appendLine(fileOf(chain), `${JSON.stringify(entry)}\n`);
    heads.set(chain, { seq: entry.seq, hash: entry.hash });
    return entry;
  };

  return {
    signer,
    append(chain, body) {
      const turn = (queues.get(chain) ?? Promise.resolve()).then(() => add(chain, body));
      const settled = turn.catch(() => undefined);
      queues.set(chain, settled);
      void settled.then(() => queues.get(chain) === settled && queues.delete(chain));
      return turn;
    },
    read: (chain) => readEntries(fileOf(chain)),
    chains: () => listChains(folder),
    mend(chain) {
      const text = existsSync(fileOf(chain)) ? readFileSync(fileOf(chain)) : Buffer.alloc(0);
      const whole = text.lastIndexOf(0x0a) + 1;
      if (whole < text.length) {
        truncateSync(fileOf(chain), whole);
        heads.delete(chain);
      }
      return text.length - whole;
    },
  };
}

/** The chain of the same camera's newest earlier day; undefined for the first, and for sessions. */
function chainBefore(folder: string, chain: string): string | undefined {
  const [camera, day] = chain.split('/') as [string, string];
  if (camera === 'session') return undefined;
  const before = filesIn(join(folder, camera))
    .map((name) => name.replace(/\.jsonl$/, ''))
    .filter((other) => other < day)
    .sort()
    .at(-1);
  return before === undefined ? undefined : `${camera}/${before}`;
}

const filesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

const listChains = (folder: string): string[] =>
  filesIn(folder)
    .flatMap((group) => filesIn(join(folder, group)).map((name) => `${group}/${name.replace(/\.jsonl$/, '')}`))
    .sort();

function readEntries(path: string): ChainEntry[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ChainEntry);
}

/** The newest whole entry, read from the end: the manifest of a continuously recorded day is 13 MB. */
function lastEntry(path: string): ChainEntry | undefined {
  if (!existsSync(path)) return undefined;
  const { size } = statSync(path);
  const file = openSync(path, 'r');
  try {
    for (let length = Math.min(size, TAIL_BYTES); ; length = Math.min(size, length * 4)) {
      const tail = Buffer.alloc(length);
      readSync(file, tail, 0, length, size - length);
      const lines = tail
        .subarray(0, tail.lastIndexOf(0x0a) + 1)
        .toString('utf8')
        .trimEnd()
        .split('\n');
      // The first line of a part of the file may have begun before it.
      const line = length === size || lines.length > 1 ? lines.at(-1) : undefined;
      if (line !== undefined) return line === '' ? undefined : (JSON.parse(line) as ChainEntry);
    }
  } finally {
    closeSync(file);
  }
}

/** Adds a line and waits for the disk; where only some of it could be written, none stays. */
async function appendLine(path: string, line: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a', 0o640);
    try {
      const { size } = await file.stat();
      try {
        await file.appendFile(line);
        await file.datasync();
      } catch (error) {
        await file.truncate(size);
        throw error;
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw storageError(`manifest ${path}: append`, cause);
  }
}
