/** Inputs that may wait to be used again, for each size: as many as one thread has under way. */
const MOST = 4;
const spare = new Map<number, Uint8Array[]>();

/**
 * Memory for an input of a network, `bytes` long, with anything in it. A third of a megabyte a look, thirty looks a second: made anew each
 * time, it brings a full collection of garbage a second.
 */
export const takeInput = (bytes: number): Uint8Array => spare.get(bytes)?.pop() ?? new Uint8Array(bytes);

/** Gives it back, once the network has answered: nobody may look at it any more. */
export function giveInput(data: Uint8Array): void {
  const known = spare.get(data.length) ?? [];
  // Given away to another thread it has no bytes left.
  if (data.length > 0 && known.length < MOST) spare.set(data.length, [...known, data]);
}
