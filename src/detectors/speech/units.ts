/** Initials, longest first, so that `zh` is found before `z`. */
const INITIALS = 'zh ch sh b p m f d t n l g k h j q x r z c s y w'.split(' ');

/**
 * The network's units of one toneless syllable, e.g. `zhi` gives `zh iii`, `yu` gives `y v`; undefined where the
 * syllable is not Mandarin as the network knows it. `ü` may be written `v` or `ü`.
 */
export function unitsOf(syllable: string, known: ReadonlySet<string>): string[] | undefined {
  const text = syllable.toLowerCase().replaceAll('ü', 'v');
  const initial = INITIALS.find((candidate) => text.startsWith(candidate)) ?? '';
  const final = finalOf(initial, text.slice(initial.length));
  const units = initial === '' ? [final] : [initial, final];
  return units.every((unit) => known.has(unit)) ? units : undefined;
}

function finalOf(initial: string, written: string): string {
  if (written === 'i' && ['z', 'c', 's'].includes(initial)) return 'ii';
  if (written === 'i' && ['zh', 'ch', 'sh', 'r'].includes(initial)) return 'iii';
  if (['j', 'q', 'x', 'y'].includes(initial) && written.startsWith('u')) return `v${written.slice(1)}`;
  if (written === 'ue') return 've';
  return written;
}

/** The written syllables of a row of units: `zh iii d ao` gives `zhi dao`. A unit without its partner stands alone. */
export function syllablesOf(units: readonly string[]): string[] {
  const syllables: string[] = [];
  for (let i = 0; i < units.length; i += 1) {
    const unit = units[i]!;
    const next = units[i + 1];
    if (!INITIALS.includes(unit)) syllables.push(written('', unit));
    else if (next === undefined || INITIALS.includes(next)) syllables.push(unit);
    else {
      syllables.push(written(unit, next));
      i += 1;
    }
  }
  return syllables;
}

function written(initial: string, final: string): string {
  if (final === 'ii' || final === 'iii') return `${initial}i`;
  if (['j', 'q', 'x', 'y'].includes(initial) && final.startsWith('v')) return `${initial}u${final.slice(1)}`;
  return `${initial}${final === 've' ? 'ue' : final}`;
}
