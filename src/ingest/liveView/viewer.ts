/** A picture, or pictures that depend on each other, as they are sent. */
export interface Piece {
  bytes: Uint8Array;
  key: boolean;
}

/** One who looks. Reads at their own speed; one who reads too slowly loses pictures, never the order. */
export interface Viewer {
  /** The stream's beginning and the pictures since the last key frame. Once. */
  begin(init: Uint8Array, pieces: readonly Piece[]): void;
  give(piece: Piece): void;
  /** Nothing more comes. */
  end(): void;
  /** The bytes, until `end` or until the reader stops. */
  bytes(): AsyncGenerator<Uint8Array>;
}

/** What may wait for a slow reader, bytes: some seconds of a main stream. */
const MOST_WAITING = 8 * 2 ** 20;

/**
 * Makes a viewer. Where more waits than a slow reader will ever catch up with, all of it goes and the next key frame
 * is waited for: a picture whose reference is missing would be torn. `left` is called when the reader stops.
 */
export function viewer(left: () => void): Viewer {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let inStep = false;
  let ended = false;
  let wake: (() => void) | undefined;

  const push = (bytes: Uint8Array): void => {
    waiting.push(bytes);
    waitingBytes += bytes.length;
    wake?.();
  };

  return {
    begin(init, pieces) {
      push(init);
      for (const piece of pieces) push(piece.bytes);
      inStep = pieces.length > 0;
    },
    give(piece) {
      if (waitingBytes > MOST_WAITING) {
        waiting = [];
        waitingBytes = 0;
        inStep = false;
      }
      inStep ||= piece.key;
      if (inStep) push(piece.bytes);
    },
    end() {
      ended = true;
      wake?.();
    },
    async *bytes() {
      try {
        for (;;) {
          for (let next = waiting.shift(); next; next = waiting.shift()) {
            waitingBytes -= next.length;
            yield next;
          }
          if (ended) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        left();
      }
    },
  };
}
