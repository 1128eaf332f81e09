import type { Box } from '../../core/geometry.js';
import type { RuleDetail } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { Claim, UndecidedReason } from './claim.js';

/** One followed person as the rules of a sealed room hear of them. */
export interface RoomPerson {
  /** Unique within one camera and one run of the detector. */
  track: number;
  box: Box;
  firstAt: EventMs;
  /** 0-1, the surest look at the person. */
  score: number;
  /** Looks that showed the person. */
  looks: number;
  /** Came while the room was watched, not there already when watching began. */
  arrived: boolean;
  claim: Claim;
  /** Mean advice of `antispoof` over the face's looks, 0-1; null without any. */
  live: number | null;
}

/** Somebody who is not followed any more. */
export interface GonePerson {
  track: number;
  /** Newest look that showed the person. */
  seenAt: EventMs;
  box: Box;
  /** `interrupted`: nobody was watching, so where they went is not known. */
  how: 'lost' | 'interrupted';
}

/** What one look at a room told of persons. */
export interface RoomSighting {
  persons: RoomPerson[];
  gone: GonePerson[];
  /** Boxes of telephones in use, fractions. */
  phones: Box[];
}

/** A sighting as the facts of a `persons` observation: columns of equal length, as `RuleDetail` holds no records. */
export function packSighting({ persons, gone, phones }: RoomSighting): RuleDetail {
  return {
    track: persons.map(({ track }) => track),
    box: persons.flatMap(({ box }) => [...box]),
    first_at: persons.map(({ firstAt }) => firstAt),
    score: persons.map(({ score }) => score),
    looks: persons.map(({ looks }) => looks),
    arrived: persons.map(({ arrived }) => (arrived ? 1 : 0)),
    claim: persons.map(({ claim }) => claim.type),
    about: persons.map(({ claim }) => aboutOf(claim)),
    live: persons.map(({ live }) => live ?? NO_ADVICE),
    gone_track: gone.map(({ track }) => track),
    gone_at: gone.map(({ seenAt }) => seenAt),
    gone_box: gone.flatMap(({ box }) => [...box]),
    gone_how: gone.map(({ how }) => how),
    phone_box: phones.flatMap((box) => [...box]),
  };
}

const NO_ADVICE = -1;

const aboutOf = (claim: Claim): string =>
  claim.type === 'undecided' ? claim.reason : claim.type === 'nobody' ? '' : claim.person;

/** The sighting of a `persons` observation's facts; nobody where a detector gave a count alone. */
export function unpackSighting(facts: RuleDetail | undefined): RoomSighting {
  const numbers = (key: string): number[] => (facts?.[key] ?? []) as number[];
  const texts = (key: string): string[] => (facts?.[key] ?? []) as string[];
  const persons = numbers('track').map((track, i): RoomPerson => {
    const live = numbers('live')[i]!;
    return {
      track,
      box: boxAt(numbers('box'), i),
      firstAt: eventMs(numbers('first_at')[i]!),
      score: numbers('score')[i]!,
      looks: numbers('looks')[i]!,
      arrived: numbers('arrived')[i] === 1,
      claim: claimAt(texts('claim')[i]!, texts('about')[i]!),
      live: live === NO_ADVICE ? null : live,
    };
  });
  const gone = numbers('gone_track').map(
    (track, i): GonePerson => ({
      track,
      seenAt: eventMs(numbers('gone_at')[i]!),
      box: boxAt(numbers('gone_box'), i),
      how: texts('gone_how')[i] as GonePerson['how'],
    }),
  );
  const phones = numbers('phone_box').flatMap((_, i, all) => (i % 4 === 0 ? [boxAt(all, i / 4)] : []));
  return { persons, gone, phones };
}

const boxAt = (values: readonly number[], i: number): Box => values.slice(i * 4, i * 4 + 4) as unknown as Box;

function claimAt(type: string, about: string): Claim {
  if (type === 'person' || type === 'known') return { type, person: about };
  return type === 'nobody' ? { type } : { type: 'undecided', reason: about as UndecidedReason };
}
