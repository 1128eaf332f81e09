import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest name of a socket on Linux, bytes (unix(7)). Node cuts a longer one short, and the socket would lie elsewhere. */
const LONGEST_NAME = 107;

/** What reads a child's output into memory of its own. */
export interface OutputReader {
  /** Memory for the next bytes, at least one. */
  space(): Uint8Array;
  /** The first `bytes` bytes of it are there. Must not throw. */
  wrote(bytes: number): void;
}

/** The two ends of a connection, made before the child is. */
export interface OutputPair {
  /** For the child, as its standard output. */
  childEnd: Socket;
  /** Ours; it closes when the child has. */
  ourEnd: Socket;
}

/**
 * Connects a standard output to a reader. The pipe that `spawn` makes gives every 64 KiB in memory of its own, which is copied once
 * more and left to the garbage collector: at a hundred pictures a second a fifth of the main loop. Node reads into memory of the
 * reader only where a socket is connected, so this is one, to a name in a folder that nobody else may enter and that is gone afterwards.
 * @throws Error of the system, where the folder for temporary files cannot be written or its name is too long for a socket (`LONGEST_NAME`)
 */
export async function outputPair(reader: OutputReader): Promise<OutputPair> {
  const folder = await mkdtemp(join(tmpdir(), 'hallwatch-'));
  const server = createServer({ pauseOnConnect: true });
  try {
    const path = join(folder, 'output');
    if (Buffer.byteLength(path) > LONGEST_NAME) throw new Error(`${path}: longer than a socket's name may be`);
    await once(server.listen(path), 'listening');
    const callback = (bytes: number): boolean => {
      reader.wrote(bytes);
      return true;
    };
    const ourEnd = connect({ path, onread: { buffer: () => reader.space(), callback } });
    const [[childEnd]] = (await Promise.all([once(server, 'connection'), once(ourEnd, 'connect')])) as [
      [Socket],
      unknown,
    ];
    // A child that is killed resets the connection: its exit tells more.
    ourEnd.on('error', () => undefined);
    return { childEnd, ourEnd };
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
