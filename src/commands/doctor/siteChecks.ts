import { connect } from 'node:net';
import { calendarWarnings } from '../../core/calendar/holidays.js';
import { dayOf, yearOf } from '../../core/calendar/localDay.js';
import type { Clock } from '../../core/clock.js';
import type { Config } from '../../core/config/schema.js';
import { messageOf } from '../../core/errors.js';
import { eventMs } from '../../core/time.js';
import { faceWidthOf } from '../../pipeline/faceWidth.js';
import { credentialsOf } from '../../pipeline/openSinks.js';
import type { Check } from './machineChecks.js';

const CONNECT_LIMIT_MS = 3000;

/** Every secret that is named can be read. */
export function checkSecrets(config: Config, env: NodeJS.ProcessEnv): Check[] {
  return Object.keys(config.credentials).map((name): Check => {
    try {
      credentialsOf(config, name, env);
      return { name: `credentials ${name}`, state: 'ok', detail: 'readable' };
    } catch (error) {
      return { name: `credentials ${name}`, state: 'fail', detail: messageOf(error) };
    }
  });
}

/** Holidays are known for this year, and for the next one once it is near. */
export function checkCalendar(config: Config, clock: Clock): Check[] {
  const year = yearOf(dayOf(eventMs(clock.now()), config.site.timeZone));
  const missing = calendarWarnings(config.calendar, year);
  if (missing.length === 0) return [{ name: 'calendar', state: 'ok', detail: `holidays of ${year} are known` }];
  return missing.map((warning) => ({
    name: 'calendar',
    state: 'warn',
    detail: `no holidays known for ${warning.year}: weekdays count as working days`,
    hint: 'enter them under calendar.overlay, or update Hallwatch',
  }));
}

/** Faces of rooms are compared in pictures that are large enough. */
export function checkFaceWidths(config: Config): Check[] {
  return config.cameras.flatMap(({ id, analysisWidth }): Check[] => {
    const needed = faceWidthOf(config, id);
    if (needed === undefined || analysisWidth >= needed) return [];
    return [
      {
        name: `faces of ${id}`,
        state: 'warn',
        detail: `analysisWidth ${analysisWidth}: faces are too small to compare, everybody stays unidentified`,
        hint: `set analysisWidth: ${needed} and use a stream that is as wide, or faces: false in rules.sealedRoom`,
      },
    ];
  });
}

/** Who answers where the configuration points. Cameras are asked with `cameras probe`. */
export async function checkServices(config: Config, clock: Clock): Promise<Check[]> {
  const checks: Array<Promise<Check>> = [];
  if (config.mqtt.enabled && config.mqtt.url) checks.push(checkPort('mqtt broker', config.mqtt.url, clock));
  if (config.influx) checks.push(checkPort('influxdb', config.influx.url, clock));
  for (const { name, url } of config.webhooks) checks.push(checkPort(`webhook ${name}`, url, clock));
  const told = await Promise.all(checks);
  return config.mqtt.url ? [...told, durabilityNote] : told;
}

/** The client cannot see it: mosquitto's default profile forgets queued messages when it is killed. */
const durabilityNote: Check = {
  name: 'mqtt durability',
  state: 'warn',
  detail: 'a broker does not tell whether it survives being killed',
  hint: 'mosquitto: persistence true, autosave_on_changes true, autosave_interval 1; consumers re-sync from /api/alerts?after=seq',
};

const DEFAULT_PORTS: Record<string, number> = { 'mqtt:': 1883, 'mqtts:': 8883, 'http:': 80, 'https:': 443 };

function checkPort(name: string, url: string, clock: Clock): Promise<Check> {
  const { hostname, port, protocol } = new URL(url);
  const to = { host: hostname, port: Number(port) || DEFAULT_PORTS[protocol]! };
  return new Promise((resolve) => {
    const socket = connect(to);
    const done = (check: Omit<Check, 'name'>): void => {
      timer.cancel();
      socket.destroy();
      resolve({ name, ...check });
    };
    const hint = 'alerts wait in the outbox until it answers';
    const timer = clock.after(CONNECT_LIMIT_MS, () => done({ state: 'warn', detail: `${url}: no answer`, hint }));
    socket.once('connect', () => done({ state: 'ok', detail: url }));
    socket.once('error', (error) => done({ state: 'warn', detail: `${url}: ${messageOf(error)}`, hint }));
  });
}
