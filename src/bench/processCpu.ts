import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ of every Linux that Node runs on (proc(5), times(2)). */
const TICKS_PER_SECOND = 100;

/** CPU time used so far, seconds, and memory held now, bytes. */
export interface Usage {
  cpuS: number;
  rssBytes: number;
}

interface Stat {
  parent: number;
  cpuS: number;
}

/** Fields 4 (ppid), 14 (utime) and 15 (stime) of proc(5) `stat`; the name before them may hold spaces and brackets. */
function statOf(path: string): Stat | undefined {
  try {
    const fields = readFileSync(path, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { parent: Number(fields[1]), cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND };
  } catch {
    // The process ended between the listing and the reading.
    return undefined;
  }
}

/** Private memory would be fairer, but RSS is what an administrator sees. */
function rssOf(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Every process below `root`, its own children's children included, without those below `except`. */
export function descendants(root: number, except: readonly number[] = []): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(`/proc/${name}/stat`);
    if (stat) parents.set(Number(name), stat.parent);
  }
  const isBelow = (pid: number): boolean => {
    for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at)) {
      if (except.includes(at)) return false;
      if (at === root) return true;
    }
    return false;
  };
  return [...parents.keys()].filter((pid) => !except.includes(pid) && isBelow(pid));
}

/** What processes have used, summed. One that ended since is not counted. */
export function usageOf(pids: readonly number[]): Usage {
  return pids.reduce(
    (sum, pid) => ({
      cpuS: sum.cpuS + (statOf(`/proc/${pid}/stat`)?.cpuS ?? 0),
      rssBytes: sum.rssBytes + rssOf(pid),
    }),
    { cpuS: 0, rssBytes: 0 },
  );
}

/** CPU time of the main thread alone, seconds: the loop that everything else waits for. */
export const mainThreadCpuS = (pid: number): number => statOf(`/proc/${pid}/task/${pid}/stat`)?.cpuS ?? 0;
