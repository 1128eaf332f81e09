import { setFlagsFromString } from 'node:v8';

/** Garbage that may pile up before all of the heap is searched for it, as a share of what is in use, percent. */
const GROWTH_PERCENT = 400;

/**
 * Lets the heap of a hall grow to five times of what is in use before all of it is collected. A hall keeps some 50 MB, but a hundred
 * pictures a second bring 15 MB of other memory a second with them, which counts as growth: by its own measure the runtime searches
 * the whole heap every second or two, some 0.4 s of processor time each; so it does every twenty seconds, for 300 MB more. The
 * runtime asks for this number at every collection, so that it may be set while it runs; one that does not know it goes on as before.
 */
export const letHeapGrow = (): void => setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
