import { eventMs } from '../../../src/core/time.js';
import { type HealthChange, type PictureHealth, pictureHealth } from '../../../src/ingest/health/pictureHealth.js';

export interface Told extends HealthChange {
  /** Seconds since the first picture. */
  atS: number;
}

/** Plays pictures into one camera's health; `told` gathers what it says. */
export function player({ everyS = 2, frozenAfterMs = 45_000, moved = true } = {}) {
  const health: PictureHealth = pictureHealth({ frozenAfterMs, moved });
  const told: Told[] = [];
  let atS = 0;
  return {
    told,
    get atS() {
      return atS;
    },
    health,
    /** Takes one picture each `everyS` for `forS` seconds. */
    play(forS: number, picture: (atS: number) => Uint8Array): void {
      for (const endS = atS + forS; atS < endS; atS += everyS) {
        for (const change of health.step(picture(atS), eventMs(1_760_000_000_000 + atS * 1000)))
          told.push({ ...change, atS });
      }
    },
    /** Time passes without a picture. */
    pause(forS: number): void {
      atS += forS;
    },
    said(): string[] {
      return told.map((change) => `${change.finding} ${change.state}`);
    },
  };
}
