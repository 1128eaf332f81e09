import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./clock_camera.py', import.meta.url));

/** Blocks of the burnt-in clock: 48 bits, most significant first, each `block` pixels wide and high. */
export const CLOCK_GRID = { block: 32, columns: 8, rows: 6 } as const;

/** A real RTSP camera on 127.0.0.1 whose pictures carry the wall clock in milliseconds. */
export async function clockCamera(): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn('/usr/bin/python3', [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const port = Number(/^ready (\d+)$/.exec(String(line))?.[1]);
  return {
    url: `rtsp://127.0.0.1:${port}/clock`,
    async stop() {
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}
