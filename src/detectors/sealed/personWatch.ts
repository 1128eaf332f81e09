import type { Box } from '../../core/geometry.js';
import type { EventMs } from '../../core/time.js';
import { type Face, type FaceNetworks, findFaces } from '../faces/findFaces.js';
import type { DetectedObject } from '../persons/detectObjects.js';
import type { Picture } from '../persons/picture.js';
import { initialTracker, stepTracker, type Track, type TrackerOptions } from '../tracking/tracker.js';
import { type Claim, type ClaimOptions, claimOf, type FaceLook, withLook } from './claim.js';
import { type Gallery, type GalleryOf, lookAtFace } from './gallery.js';
import type { RoomPerson, RoomSighting } from './roomPersons.js';

export interface PersonWatchOptions {
  /** Room id. */
  room: string;
  tracking: Omit<TrackerOptions, 'aspect'>;
  /** Absent: faces are not used, everybody stays undecided. */
  faces?: {
    networks: FaceNetworks;
    galleryOf: GalleryOf;
    claims: ClaimOptions;
    /** How often somebody already known is looked at again, ms. */
    recheckMs: number;
  };
}

/** One look at the persons of a room. */
export interface WatchLook {
  at: EventMs;
  picture: Picture;
  /** Persons in the room, also unsure ones; in any order. */
  persons: readonly DetectedObject[];
  phones: readonly Box[];
}

/** Follows the persons of one room through the pictures of one camera, and finds out who they are. Looks come in order. */
export interface PersonWatch {
  look(look: WatchLook, signal?: AbortSignal): Promise<RoomSighting>;
}

interface Identity {
  looks: FaceLook[];
  claim: Claim;
  /** Newest look at the head; null before the first. */
  triedAt: EventMs | null;
  /** Newest look that showed the person. */
  seenAt: EventMs;
  /** Looks at the head since the last good face. */
  inVain: number;
}

/** After two people were near each other each is looked at again for this long, ms: they may have changed places. */
const MIXED_FOR_MS = 10_000;
/** So often, ms: who sits close beside somebody for hours is not a new question at each look. */
const MIXED_EVERY_MS = 3500;

/** After so many looks in vain a head is looked at less often, ms: a back that is turned stays turned for a while. */
const PATIENCE = 5;
const IMPATIENT_MS = 3500;
/** Out of sight for longer than this, it may be another person who is seen again in the same place, ms. */
const HIDDEN_MS = 4500;

/** Makes a watch. It keeps what it saw of faces in memory only, and only as numbers about likeness. */
export function personWatch({ room, tracking, faces }: PersonWatchOptions): PersonWatch {
  let tracker = initialTracker;
  let evaluation: string | undefined;
  const identities = new Map<number, Identity>();
  const unknown: Claim = { type: 'undecided', reason: faces ? 'no-face' : 'off' };

  const needsFace = (track: Track, at: EventMs): boolean => {
    const known = identities.get(track.id);
    if (!known || known.triedAt === null) return true;
    if (known.claim.type === 'undecided') return known.inVain < PATIENCE || at - known.triedAt >= IMPATIENT_MS;
    const mixed = track.mixedAt !== null && at - track.mixedAt <= MIXED_FOR_MS;
    return at - known.triedAt >= (mixed ? MIXED_EVERY_MS : faces!.recheckMs);
  };

  const identify = async (look: WatchLook, tracks: readonly Track[], signal?: AbortSignal): Promise<void> => {
    if (!faces) return;
    const gallery = faces.galleryOf(room, look.at);
    // What was found out belongs to one evaluation: the next one knows nobody yet.
    if (gallery?.evaluation !== evaluation) identities.clear();
    evaluation = gallery?.evaluation;
    if (!gallery || gallery.roster.length === 0) return;
    for (const { id } of tracks) doubtHidden(identities.get(id), look.at);
    const wanted = tracks.filter((track) => needsFace(track, look.at));
    if (wanted.length === 0) return;
    const heads = wanted.map(({ box }) => box);
    const options = { heads, headsOnly: true, embeddings: 'good', live: 'good', signal } as const;
    const found = await findFaces(look.picture, faces.networks, options);
    const owners = ownersOf(found.faces, wanted);
    wanted.forEach((track) => {
      identities.set(
        track.id,
        withFace(identities.get(track.id), owners.get(track.id), { gallery, at: look.at, faces }),
      );
    });
  };

  const claimNow = (track: Track): Claim => {
    if (faces && evaluation === undefined) return { type: 'undecided', reason: 'no-roster' };
    return identities.get(track.id)?.claim ?? unknown;
  };
  const personOf = (track: Track): RoomPerson => ({
    ...{ track: track.id, box: track.box, firstAt: track.firstAt, looks: track.looks, arrived: track.arrived },
    score: track.bestScore,
    claim: claimNow(track),
    live: meanLive(identities.get(track.id)?.looks ?? []),
  });

  return {
    async look(look, signal) {
      const aspect = look.picture.width / look.picture.height;
      const [next, { seen, ended }] = stepTracker(tracker, look, { ...tracking, aspect });
      tracker = next;
      await identify(
        look,
        seen.filter((track) => track !== null),
        signal,
      );
      for (const { id } of ended) identities.delete(id);
      return {
        persons: seen.flatMap((track) => (track ? [personOf(track)] : [])),
        gone: ended.map(({ id, seenAt, box, how }) => ({ track: id, seenAt, box, how })),
        phones: [...look.phones],
      };
    },
  };
}

/**
 * Somebody who is seen again after a while is who they were only if the face says so: one look is kept to agree with, and
 * until then they are undecided.
 */
function doubtHidden(identity: Identity | undefined, at: EventMs): void {
  if (!identity) return;
  if (at - identity.seenAt > HIDDEN_MS && identity.claim.type !== 'undecided') {
    identity.looks = identity.looks.filter(({ quality }) => quality === 'good').slice(-1);
    identity.claim = { type: 'undecided', reason: 'few-looks' };
  }
  identity.seenAt = at;
}

function withFace(
  before: Identity | undefined,
  face: Face | undefined,
  { gallery, at, faces }: { gallery: Gallery; at: EventMs; faces: { claims: ClaimOptions } },
): Identity {
  const good = face?.quality.verdict === 'good';
  const looks = face
    ? withLook(before?.looks ?? [], lookAtFace(face, gallery, at), faces.claims)
    : (before?.looks ?? []);
  return {
    looks,
    claim: claimOf(looks, before?.claim, faces.claims),
    triedAt: at,
    seenAt: at,
    inVain: good ? 0 : (before?.inVain ?? 0) + 1,
  };
}

function meanLive(looks: readonly FaceLook[]): number | null {
  const values = looks.flatMap(({ live }) => (live === undefined ? [] : [live]));
  return values.length > 0 ? values.reduce((sum, value) => sum + value / values.length, 0) : null;
}

/** Share of a person's box, from the top, in which the own face is. */
const HEAD = 0.55;

/** Each followed person's own face: the surest one on the head, each face for the person whose head it is most central to. */
function ownersOf(faces: readonly Face[], tracks: readonly Track[]): Map<number, Face> {
  const owners = new Map<number, Face>();
  for (const face of [...faces].sort((a, b) => b.score - a.score)) {
    const [best] = tracks
      .filter(({ id, box }) => !owners.has(id) && offCentre(face, box) < 1)
      .sort((a, b) => offCentre(face, a.box) - offCentre(face, b.box));
    if (best) owners.set(best.id, face);
  }
  return owners;
}

/** 0 in the middle of the head, 1 at its edge, more outside. */
function offCentre({ box: face }: Face, [x1, y1, x2, y2]: Box): number {
  const [x, y] = [(face[0] + face[2]) / 2, (face[1] + face[3]) / 2];
  const across = Math.abs(x - (x1 + x2) / 2) / ((x2 - x1) / 2);
  const down = (y - y1) / ((y2 - y1) * HEAD);
  return down < 0 ? Number.POSITIVE_INFINITY : Math.max(across, down);
}
