/** A stretch of pseudo-random numbers, 32 bits each, never 0: xorshift32 of Marsaglia, "Xorshift RNGs", 2003. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0 || 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** One number for a pair of small integers, 32 bits, the same for ever. */
export function scramble(a: number, b: number): number {
  const next = randomNumbers(Math.imul(a + 1, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35));
  next();
  return next();
}

/** Prime, so that rows and pictures never begin at the same place of the table. */
const TABLE_LENGTH = 262_139;
/** Grey levels. Enough that no encoder smooths it away everywhere, little enough that people stay recognisable. */
const DEVIATION = 2.2;

/** Most that the noise adds or takes: pictures keep this much room above 0 and below 255. */
export const NOISE_ROOM = 12;

const table = gaussTable();

/** Sum of four uniform numbers (Irwin-Hall), scaled to the wanted deviation: near enough to a sensor's noise. */
function gaussTable(): Int8Array {
  const next = randomNumbers(1);
  const uniform = (): number => next() / 2 ** 32 - 0.5;
  const scale = DEVIATION / Math.sqrt(4 / 12);
  return Int8Array.from({ length: TABLE_LENGTH }, () =>
    Math.max(-NOISE_ROOM, Math.min(NOISE_ROOM, Math.round((uniform() + uniform() + uniform() + uniform()) * scale))),
  );
}

/**
 * A copy of a picture with the noise of a camera's sensor, so that a living scene never repeats a picture bit for bit.
 * The same `seed` gives the same noise.
 * @param rgb pixels * 3, NOISE_ROOM to 255 - NOISE_ROOM
 */
export function withSensorNoise(rgb: Uint8Array, seed: number): Uint8Array {
  const noisy = new Uint8Array(rgb.length);
  let at = scramble(seed, 77) % TABLE_LENGTH;
  for (let i = 0; i < rgb.length; i += 3) {
    const noise = table[at]!;
    noisy[i] = rgb[i]! + noise;
    noisy[i + 1] = rgb[i + 1]! + noise;
    noisy[i + 2] = rgb[i + 2]! + noise;
    at += 1;
    if (at === TABLE_LENGTH) at = 0;
  }
  return noisy;
}
