import type { Box } from '../../core/geometry.js';

/** One thing that is wrong with a desk. */
export interface DeskReason {
  /** `item`: a thing, or a part of the desk, that should not be so; `missing`: a thing that should be there. */
  kind: 'item' | 'missing' | 'difference' | 'moved';
  /** The hall's own name of the thing; `clutter` for a crowded part; `difference`; `camera`. */
  label: string;
  /** Fractions of the picture. Absent where nothing can be pointed at. */
  box?: Box;
  /** Percent of the desk, 0-100. */
  area?: number;
  /** 0-1, of the network. */
  score?: number;
}

/** Why a desk cannot be judged: a stable code. */
export type DeskUnknown = 'covered' | 'moved' | 'dark';

/** What became of the reference pictures. `other-view`: none shows this desk from here, so none was compared. */
export type ReferenceUse = 'none' | 'compared' | 'other-view' | 'moved' | 'off';

/** What one look at a desk says. */
export interface DeskVerdict {
  verdict: 'tidy' | 'disorder' | 'unknown';
  /** Only with `unknown`. */
  why?: DeskUnknown;
  reasons: DeskReason[];
  /** How cluttered it is; 1 is the limit of a default standard. */
  clutter: number;
  references: ReferenceUse;
  /** Share of the desk behind people, 0-1. */
  covered: number;
  /** Those people, fractions of the picture. */
  people: readonly Box[];
}
