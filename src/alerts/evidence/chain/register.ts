import { createHash } from 'node:crypto';
import { messageOf } from '../../../core/errors.js';
import type { Logger } from '../../../core/log.js';
import type { RecordedFile, RecordingGap } from '../../../core/recording.js';
import { type EventMs, isoOf } from '../../../core/time.js';
import type { KeptFile } from '../clips/keepClips.js';
import type { ChainBody } from './entry.js';
import type { Manifests } from './manifests.js';

/** Puts what was recorded and kept into the manifests, in order, also after a full disk. */
export interface EvidenceRegister {
  /** A finished recording. `bytes` are asked for where SM3 is wanted too. */
  recording(file: RecordedFile, session: string | undefined, bytes?: Uint8Array): void;
  gap(gap: RecordingGap, session: string | undefined): void;
  /** A file of evidence. Its chain is the one of its camera. */
  kept(file: KeptFile): void;
  session(id: string, body: { type: 'opened' | 'closed' } & Record<string, string>): void;
  /** Tries again what the disk did not take. Resolves when nothing is under way. */
  settle(): Promise<void>;
  /** Entries that the disk did not take yet. */
  readonly waiting: number;
}

/** Entries that wait for a full disk; fsck signs what is lost beyond. */
const MOST_WAITING = 20_000;

export function evidenceRegister({
  manifests,
  log,
  sm3,
}: {
  manifests: Manifests;
  log: Logger;
  sm3: boolean;
}): EvidenceRegister {
  const refused: Array<{ chain: string; body: ChainBody }> = [];
  const running = new Set<Promise<void>>();

  const add = (chain: string, body: ChainBody): void => {
    // Order within a chain is the order of time: what waits goes first.
    if (refused.some((one) => one.chain === chain)) {
      hold(chain, body);
      return;
    }
    const task = manifests
      .append(chain, body)
      .then(() => undefined)
      .catch((error) => {
        log.warn({ chain, error: messageOf(error) }, 'manifest entry waits');
        hold(chain, body);
      })
      .finally(() => running.delete(task));
    running.add(task);
  };

  const hold = (chain: string, body: ChainBody): void => {
    refused.push({ chain, body });
    if (refused.length > MOST_WAITING) refused.shift();
  };

  return {
    get waiting() {
      return refused.length;
    },
    recording(file, session, bytes) {
      const hash = sm3 && bytes ? { sm3: createHash('sm3').update(bytes).digest('hex') } : {};
      add(`${file.camera}/${dayOf(file.start)}`, { ...recordingEntry(file), ...hash });
      if (session !== undefined) add(`session/${session}`, { ...briefEntry(file), ...hash });
    },
    gap({ camera, from, to, cause }, session) {
      const body = { type: 'gap' as const, camera, from: isoOf(from), to: isoOf(to), cause };
      add(`${camera}/${dayOf(from)}`, body);
      if (session !== undefined) add(`session/${session}`, body);
    },
    kept(file) {
      add(chainOfKept(file), keptEntry(file));
    },
    session: (id, body) => add(`session/${id}`, body),
    async settle() {
      await Promise.all(running);
      for (const { chain, body } of refused.splice(0)) add(chain, body);
      await Promise.all(running);
    },
  };
}

const dayOf = (at: EventMs): string => isoOf(at).slice(0, 10);

/** Evidence without a camera has a chain of its own. */
export const chainOfKept = ({ camera, start }: Pick<KeptFile, 'camera' | 'start'>): string =>
  `${camera ?? 'evidence'}/${dayOf(start)}`;

/** The entry of a recording: whole, with the hash of each of its seconds. */
export function recordingEntry(file: RecordedFile): ChainBody {
  const { class: kind, stream, wallStart, wallEnd, video, audio, width, height, notes, recovered } = file;
  return {
    ...briefEntry(file),
    ...{ class: kind, stream, video, width, height, notes, wallStart: isoOf(wallStart), wallEnd: isoOf(wallEnd) },
    ...(audio === undefined ? {} : { audio }),
    ...(recovered ? { recovered } : {}),
    parts: file.parts.map((part) => ({ ...part, at: isoOf(part.at) })),
  };
}

const briefEntry = ({ camera, path, start, end, bytes, sha256 }: RecordedFile) => ({
  type: 'file' as const,
  kind: 'recording',
  camera,
  path: `recordings/${path}`,
  ...{ start: isoOf(start), end: isoOf(end), bytes, sha256 },
});

/** The entry of a file of evidence. */
export function keptEntry({ incident, ordinal, kind, camera, path, start, end, bytes, sha256 }: KeptFile): ChainBody {
  return {
    type: 'file',
    ...{ kind, incident, ordinal, path: `evidence/${path}`, bytes, sha256 },
    ...(camera === undefined ? {} : { camera }),
    start: isoOf(start),
    end: isoOf(end),
  };
}
