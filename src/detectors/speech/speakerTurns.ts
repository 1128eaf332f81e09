/** A segment's voice, and how long it speaks. */
export interface SegmentVoice {
  /** Of unit length; empty where the segment was too short to tell. */
  vector: Float32Array;
  ms: number;
}

/** Voices whose vectors have at least this cosine are taken for one person's. */
const SAME_VOICE = 0.5;
/** Shorter segments join a voice, but found none: a yes or a cough resembles nobody. */
const FOUNDS_FROM_MS = 1500;

interface Voice {
  sum: Float32Array;
  centre: Float32Array;
}

/**
 * Names the speaker of each segment S1, S2, ... in the order in which they first speak; undefined where nobody can tell. Leader
 * clustering over the cosine (Hartigan, Clustering Algorithms, 1975), longest segments first, then voices that came to lie
 * together are joined and each segment goes to the nearest. Pure.
 * @param segments in the order of time
 */
export function speakerTurns(segments: readonly SegmentVoice[], sameVoice = SAME_VOICE): Array<string | undefined> {
  const byLength = segments
    .filter(({ vector, ms }) => vector.length > 0 && ms >= FOUNDS_FROM_MS)
    .sort((a, b) => b.ms - a.ms);
  const founded: Voice[] = [];
  for (const { vector } of byLength) {
    const [near, cosine] = nearest(founded, vector);
    if (near && cosine >= sameVoice) join(near, vector);
    else founded.push(fresh(vector));
  }
  const voices = joined(founded, sameVoice);
  const names = new Map<Voice, string>();
  return segments.map(({ vector }) => {
    const [near, cosine] = nearest(voices, vector);
    if (!near || cosine < sameVoice) return undefined;
    if (!names.has(near)) names.set(near, `S${names.size + 1}`);
    return names.get(near);
  });
}

/** Voices that are one person's after all, made one. */
function joined(founded: readonly Voice[], sameVoice: number): Voice[] {
  const voices: Voice[] = [];
  for (const voice of founded) {
    const [near, cosine] = nearest(voices, voice.centre);
    if (near && cosine >= sameVoice) join(near, voice.sum);
    else voices.push(voice);
  }
  return voices;
}

function nearest(voices: readonly Voice[], vector: Float32Array): [Voice | undefined, number] {
  let best: Voice | undefined;
  let cosine = -1;
  if (vector.length === 0) return [best, cosine];
  for (const voice of voices) {
    const one = dot(voice.centre, vector);
    if (one > cosine) [best, cosine] = [voice, one];
  }
  return [best, cosine];
}

const fresh = (vector: Float32Array): Voice => ({ sum: Float32Array.from(vector), centre: vector });

function join(voice: Voice, vector: Float32Array): void {
  voice.sum = voice.sum.map((value, i) => value + vector[i]!);
  const length = Math.hypot(...voice.sum) || 1;
  voice.centre = voice.sum.map((value) => value / length);
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
