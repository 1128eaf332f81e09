import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../core/clock.js';
import type { Percentiles } from './percentiles.js';
import { descendants, mainThreadCpuS, type Usage, usageOf } from './processCpu.js';

/** What a stretch of running cost. */
export interface Cost {
  seconds: number;
  /** CPU seconds of this process, and of its main thread alone. */
  ownS: number;
  mainS: number;
  /** CPU seconds of its children, the RTSP server left out. */
  childrenS: number;
  serverS: number;
  own: Usage;
  children: Usage;
  /** Processes below this one, the server left out. */
  processes: number;
  loopDelayMs: Percentiles;
}

const tenth = (ns: number): number => Math.round(ns / 1e5) / 10;

/** Reads the CPU clocks now and again when asked. Children that come and go in between are measured while they live. */
export function startMeter(serverPid: number, clock: Clock): { read(): Cost } {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  const readings = () => {
    const children = descendants(process.pid, [serverPid]);
    return {
      own: usageOf([process.pid]),
      main: mainThreadCpuS(process.pid),
      children: usageOf(children),
      processes: children.length,
      server: usageOf([serverPid]),
      atMs: clock.monotonicMs(),
    };
  };
  const before = readings();
  delay.enable();
  return {
    read() {
      delay.disable();
      const after = readings();
      const loopDelayMs: Percentiles = {
        n: delay.count,
        p50: tenth(delay.percentile(50)),
        p95: tenth(delay.percentile(95)),
        p99: tenth(delay.percentile(99)),
        max: tenth(delay.max),
      };
      return {
        seconds: (after.atMs - before.atMs) / 1000,
        ownS: after.own.cpuS - before.own.cpuS,
        mainS: after.main - before.main,
        childrenS: after.children.cpuS - before.children.cpuS,
        serverS: after.server.cpuS - before.server.cpuS,
        ...{ own: after.own, children: after.children, processes: after.processes, loopDelayMs },
      };
    },
  };
}
