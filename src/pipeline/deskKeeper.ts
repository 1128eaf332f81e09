import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { DeskPictureRecord, DeskPictureSource } from '../alerts/ledger/deskStandards.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { DesksPort } from '../board/deskPort.js';
import type { Config } from '../core/config/schema.js';
import { AppError, messageOf } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import type { Frame } from '../core/frame.js';
import { type Box, boxHeight, boxWidth } from '../core/geometry.js';
import { sha256 } from '../core/hash.js';
import { windowId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import { type EventMs, eventMs } from '../core/time.js';
import type { DeskSource } from '../detectors/desk/deskDetector.js';
import type { DeskVerdict } from '../detectors/desk/deskVerdict.js';
import { parseStandard } from '../detectors/desk/readStandard.js';
import { type DeskReference, deskReference } from '../detectors/desk/references.js';
import type { DeskStandard } from '../detectors/desk/standard.js';
import { deskZone } from '../detectors/desk/zone.js';
import { readPicture } from '../detectors/readPicture.js';
import type { DeskFolders } from './deskFolders.js';

export interface DeskKeeperOptions {
  config: Config;
  ledger: Pick<Ledger, 'deskStandards'>;
  /** What the configuration's folders say; read anew when desks are redrawn. */
  folders: () => Promise<DeskFolders>;
  /** Data folder; pictures lie in `desk/` of it. */
  data: string;
  log: Logger;
}

/** Keeps what desks are judged by: the detectors read it, the board changes it. */
export interface DeskKeeper {
  source: DeskSource;
  port: DesksPort;
  /** Desks were redrawn: what they are compared with is cut anew. Never throws. */
  redrawn(windows: readonly string[]): Promise<void>;
}

interface Collecting {
  until: EventMs;
  by: string;
  lastAt: EventMs | undefined;
  kept: number;
}

/** Pictures a window is compared with at most: each costs two milliseconds a look. The newest ones count. */
const MOST_REFERENCES = 12;
/** While references are collected: one a minute, five in all. */
const COLLECT_EVERY_MS = 60_000;
const COLLECTED = 5;
/** A look older than this says nothing of the desk as it is. */
const FRESH_MS = 120_000;
/** Somebody in front of more than this share of a desk spoils a reference: what is behind them has no say. */
const MOST_COVERED = 0.3;
/** What is not desk is kept as coarse as the registration needs it: nobody is to be recognised on a reference. */
const COARSE = 256;

/** Opens the keeper with the references that people have set. A file that cannot be read is left out with a warning. */
export async function deskKeeper(options: DeskKeeperOptions): Promise<DeskKeeper> {
  const { config, ledger, data, log } = options;
  let folders = await options.folders();
  const folder = join(data, 'desk');
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const drawn = (window: string) => config.windows.find(({ id, deskZone: zone }) => id === window && zone.length > 0);
  const zoneOf = (window: string) => deskZone(drawn(window)?.deskZone ?? []);
  const references = new Map<string, Map<number, DeskReference>>();
  const standards = new Map<string, { text: string; standard: DeskStandard }>();
  const newest = new Map<string, { frame: Frame; seen: DeskVerdict }>();
  const collecting = new Map<string, Collecting>();

  const load = async (record: DeskPictureRecord): Promise<void> => {
    const own = references.get(record.window) ?? new Map<number, DeskReference>();
    references.set(record.window, own);
    const picture = await readPicture(join(folder, record.path));
    own.set(record.id, deskReference(picture, zoneOf(record.window), record.hidden));
  };
  const loadAll = async (records: DeskPictureRecord[]): Promise<void> => {
    for (const record of records.filter(({ source }) => source !== 'untidy')) {
      try {
        await load(record);
      } catch (error) {
        log.warn({ window: record.window, file: record.path, error: messageOf(error) }, 'desk reference left out');
      }
    }
  };
  await loadAll(ledger.deskStandards.pictures());

  const standardOf = (window: string): DeskStandard => {
    const written = writtenStandard(ledger, window, drawn(window)?.type ?? '');
    if (!written) return folders.standardOf(window);
    const known = standards.get(window);
    if (known?.text === written.text) return known.standard;
    const standard = {
      ...parseStandard(written.text, `desk standard of ${written.scope}`),
      version: `${written.scope}:${written.version}`,
    };
    standards.set(window, { text: written.text, standard });
    return standard;
  };

  const fresh = (window: string) => {
    const look = newest.get(window);
    if (!drawn(window)) throw new AppError('not-found', `desk of ${window}: no desk zone is drawn`);
    if (!look)
      throw new AppError('conflict', `desk of ${window}: not looked at yet`, {
        hint: 'wait until nothing moves over the desk',
      });
    return look;
  };

  const keep = async (window: string, source: DeskPictureSource, by: string): Promise<DeskPictureRecord> => {
    const { frame, seen } = fresh(window);
    const jpeg = await deskJpeg(frame, zoneOf(window).region);
    const hash = sha256(jpeg);
    const path = `${window}-${frame.at}-${hash.slice(0, 8)}.jpg`;
    writeFileAtomic(join(folder, path), jpeg);
    const record = ledger.deskStandards.addPicture({
      window: windowId(window),
      source,
      at: frame.at,
      path,
      sha256: hash,
      hidden: [...seen.people],
      by,
    });
    if (source !== 'untidy') await load(record);
    return record;
  };

  const collect = (window: string, { frame, seen }: { frame: Frame; seen: DeskVerdict }): void => {
    const job = collecting.get(window);
    if (!job) return;
    if (frame.at > job.until || job.kept >= COLLECTED) {
      collecting.delete(window);
      return;
    }
    const due = job.lastAt === undefined || frame.at - job.lastAt >= COLLECT_EVERY_MS;
    if (!due || seen.covered > MOST_COVERED || seen.why !== undefined) return;
    job.lastAt = frame.at;
    job.kept += 1;
    keep(window, 'collected', job.by).catch((error) => {
      // A full disk: the next minute tries again, and the board's count says what there is.
      job.kept -= 1;
      log.warn({ window, error: messageOf(error) }, 'desk reference not kept');
    });
  };

  return {
    async redrawn(redrawnWindows) {
      for (const window of redrawnWindows) {
        // A look at the old zone is no look at this desk.
        newest.delete(window);
        collecting.delete(window);
        references.delete(window);
        await loadAll(ledger.deskStandards.pictures(windowId(window)));
      }
      try {
        folders = await options.folders();
      } catch (error) {
        log.warn({ error: messageOf(error) }, 'desk folders not read anew');
      }
    },
    source: {
      standardOf,
      referencesOf: (window) => [
        ...folders.referencesOf(window),
        ...[...(references.get(window)?.values() ?? [])].slice(-MOST_REFERENCES),
      ],
      looked(window, frame, seen) {
        newest.set(window, { frame, seen });
        collect(window, { frame, seen });
      },
    },
    port: {
      state(window) {
        if (!drawn(window)) return undefined;
        const job = collecting.get(window);
        const written = writtenStandard(ledger, window, drawn(window)?.type ?? '');
        return {
          pictures: ledger.deskStandards.pictures(window).map(({ path: _path, hidden: _hidden, ...rest }) => rest),
          collecting: job ? { until: job.until, kept: job.kept, of: COLLECTED } : null,
          standard: written
            ? { scope: written.scope, version: written.version, text: written.text, by: written.by, at: written.at }
            : null,
          lookedAt: newest.get(window)?.frame.at ?? null,
        };
      },
      async setReference(window, by, source = 'set') {
        const { frame, seen } = fresh(window);
        const age = Math.max(...[...newest.values()].map((look) => look.frame.at)) - frame.at;
        if (age > FRESH_MS)
          throw new AppError('conflict', `desk of ${window}: not seen for ${Math.round(age / 1000)} s`);
        if (source !== 'untidy' && seen.covered > MOST_COVERED) {
          throw new AppError('conflict', `desk of ${window}: somebody is in front of it`, {
            hint: 'wait until the desk is free',
          });
        }
        return (await keep(window, source, by)).id;
      },
      collect(window, minutes, by) {
        const { frame } = fresh(window);
        const until = eventMs(frame.at + minutes * 60_000);
        collecting.set(window, { until, by, lastAt: undefined, kept: 0 });
        return until;
      },
      remove(id, by) {
        const record = ledger.deskStandards.picture(id);
        if (!record || !ledger.deskStandards.removePicture(id, by)) return false;
        references.get(record.window)?.delete(id);
        return true;
      },
      picture(id) {
        const record = ledger.deskStandards.picture(id);
        if (!record) return undefined;
        const jpeg = readFileSync(join(folder, record.path));
        if (sha256(jpeg) !== record.sha256)
          throw new AppError('storage', `desk picture ${id}: its hash is not the recorded one`);
        return { window: record.window, jpeg };
      },
      saveStandard({ scope, text, by }) {
        parseStandard(text, 'standard.yaml');
        return ledger.deskStandards.save({ scope, text, by }).version;
      },
    },
  };
}

/** The window's own standard, else that of its type. */
const writtenStandard = (ledger: DeskKeeperOptions['ledger'], window: string, type: string) =>
  ledger.deskStandards.current(window) ?? (type === '' ? undefined : ledger.deskStandards.current(`type:${type}`));

/** The picture with the desk as it is and everything else too coarse to recognise anybody. */
async function deskJpeg(frame: Frame, region: Box): Promise<Buffer> {
  const { width, height, rgb } = frame;
  const whole = () => sharp(rgb, { raw: { width, height, channels: 3 } });
  const left = Math.floor(region[0] * width);
  const top = Math.floor(region[1] * height);
  const size = {
    width: Math.max(1, Math.floor(boxWidth(region) * width)),
    height: Math.max(1, Math.floor(boxHeight(region) * height)),
  };
  const desk = await whole()
    .extract({ left, top, ...size })
    .png()
    .toBuffer();
  const coarse = await whole().resize(Math.min(COARSE, width)).png().toBuffer();
  return sharp(coarse)
    .resize(width, height, { fit: 'fill' })
    .composite([{ input: desk, left, top }])
    .jpeg({ quality: 92 })
    .toBuffer();
}
