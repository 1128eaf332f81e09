import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { SiteFacts } from '../alerts/outbox/messages.js';
import type { Config } from '../core/config/schema.js';
import type { EventMs } from '../core/time.js';
import type { HallTracks } from './hallTracks.js';
import type { Judge } from './judge.js';
import { siteFacts } from './siteFacts.js';

export interface TakeOverOptions {
  tracks: Pick<HallTracks, 'windows' | 'change'>;
  judge: Pick<Judge, 'rosterChanged'>;
  ledger: Pick<Ledger, 'ruleVersions'>;
  /** Changed in place: what messages say from now on. */
  facts: SiteFacts;
  /** The hall's present. */
  eventNow: () => EventMs;
}

/**
 * Takes an edited configuration over while the hall runs, as far as that is possible: names, shifts, calendar, standby and
 * the parameters of the absence rule. A changed rule is a new version, effective from the hall's present; what was
 * counted before stays counted, and an incident that is open keeps the version it was found with.
 */
export function takeOver({ tracks, judge, ledger, facts, eventNow }: TakeOverOptions): (next: Config) => void {
  return (next) => {
    facts.subjects = siteFacts(next).subjects;
    tracks.change(next);
    judge.rosterChanged();
    for (const { name: rule, version, parameters } of tracks.windows.map(({ absence }) => absence.rule)) {
      ledger.ruleVersions.remember({ rule, version, parameters, effectiveFrom: eventNow() });
    }
  };
}
