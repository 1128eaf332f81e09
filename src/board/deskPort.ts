import type { WindowId } from '../core/ids.js';
import type { EventMs, WallMs } from '../core/time.js';

/** What the board needs of desks from parts it must not import; see `ports.ts`. */

/** A picture of a desk that people have set. */
export interface DeskPicture {
  id: number;
  window: WindowId;
  source: 'set' | 'collected' | 'fine' | 'untidy';
  /** Capture time. */
  at: EventMs;
  sha256: string;
  by: string;
  addedAt: WallMs;
}

/** What a window's desk is judged by. */
export interface DeskState {
  pictures: DeskPicture[];
  /** References are being collected until that event time. */
  collecting: { until: EventMs; kept: number; of: number } | null;
  /** Null where the configuration's folder or the defaults hold. `scope` is the window's id or `type:TYPE`. */
  standard: { scope: string; version: number; text: string; by: string; at: WallMs } | null;
  lookedAt: EventMs | null;
}

/** Desk standards, which live beside the detectors. Undefined answers: the window has no desk zone. */
export interface DesksPort {
  state(window: WindowId): DeskState | undefined;
  /**
   * Keeps the desk as it was last seen: as a reference (`set`, `fine`) or as an untidy picture. Returns its id.
   * @throws AppError `not-found` (no desk zone), `conflict` (not seen, or somebody in front of it), `storage`, `disk-full`
   */
  setReference(window: WindowId, by: string, source?: 'set' | 'fine' | 'untidy'): Promise<number>;
  /** Collects references from quiet looks of the coming minutes; returns until when. @throws AppError as above */
  collect(window: WindowId, minutes: number, by: string): EventMs;
  remove(id: number, by: string): boolean;
  /** @throws AppError `storage` where the file is not the recorded one */
  picture(id: number): { window: WindowId; jpeg: Uint8Array } | undefined;
  /** Returns the new version. @throws ConfigError with line and path for mistakes in the text */
  saveStandard(standard: { scope: string; text: string; by: string }): number;
}
