import type { Heard } from './network.js';
import { syllablesOf } from './units.js';

/** The likeliest unit of each step with repetitions and blanks taken out: the reading of a CTC network. */
export function greedyUnits({ steps, units, logProb }: Heard, names: readonly string[]): string[] {
  const read: string[] = [];
  let last = 0;
  for (let step = 0; step < steps; step += 1) {
    let best = 0;
    for (let unit = 1; unit < units; unit += 1) {
      if (logProb[step * units + unit]! > logProb[step * units + best]!) best = unit;
    }
    if (best !== 0 && best !== last) read.push(names[best]!);
    last = best;
  }
  return read;
}

/** What the network heard as toneless pinyin, e.g. `zhe shi jia fang`. Never characters: it does not know any. */
export function pinyinReading(heard: Heard, names: readonly string[]): string {
  return syllablesOf(greedyUnits(heard, names)).join(' ');
}
