import { homographyOf } from '../homography.js';
import type { ConfigPath } from './problems.js';
import type { Config } from './schema.js';

/** A mistake that only shows when entries are read together. */
export interface ReferenceProblem {
  path: ConfigPath;
  message: string;
}

/** Checks that every name points at an entry, that ids are unique, and that windows and rooms share no id. */
export function checkReferences(config: Config): ReferenceProblem[] {
  return [
    ...checkIds(config),
    ...checkCameras(config),
    ...checkSubjects(config),
    ...checkPeople(config),
    ...checkServices(config),
  ];
}

const quote = (text: string): string => JSON.stringify(text);

function checkIds(config: Config): ReferenceProblem[] {
  const problems: ReferenceProblem[] = [];
  const unique = (list: 'cameras' | 'windows' | 'rooms', taken: Map<string, string>): void => {
    config[list].forEach((entry, i) => {
      const owner = taken.get(entry.id);
      if (owner) problems.push({ path: [list, i, 'id'], message: `${quote(entry.id)} is already used by ${owner}` });
      else taken.set(entry.id, `${list}[${i}]`);
    });
  };
  unique('cameras', new Map());
  const subjects = new Map<string, string>();
  unique('windows', subjects);
  unique('rooms', subjects);
  return problems;
}

function checkCameras(config: Config): ReferenceProblem[] {
  return config.cameras.flatMap((camera, i) => {
    const name = camera.credentials;
    return name !== undefined && !(name in config.credentials)
      ? [{ path: ['cameras', i, 'credentials'], message: `no entry ${quote(name)} under credentials` }]
      : [];
  });
}

function checkSubjects(config: Config): ReferenceProblem[] {
  const cameras = new Set(config.cameras.map((camera) => camera.id));
  const problems: ReferenceProblem[] = [];
  const need = (id: string, path: ConfigPath): void => {
    if (!cameras.has(id)) problems.push({ path, message: `no camera ${quote(id)}` });
  };
  config.windows.forEach((window, i) => {
    need(window.camera, ['windows', i, 'camera']);
    if (window.audio !== undefined) need(window.audio, ['windows', i, 'audio']);
    if (window.hours !== 'always' && !(window.hours in config.schedules)) {
      problems.push({
        path: ['windows', i, 'hours'],
        message: `no schedule ${quote(window.hours)}; "always" or an entry of schedules`,
      });
    }
  });
  config.rooms.forEach((room, i) => {
    room.cameras.forEach((id, j) => {
      need(id, ['rooms', i, 'cameras', j]);
    });
    if (room.audio !== undefined) need(room.audio, ['rooms', i, 'audio']);
    const password = room.microphone?.credentials;
    if (password !== undefined && !(password in config.credentials)) {
      const path = ['rooms', i, 'microphone', 'credentials'];
      problems.push({ path, message: `no entry ${quote(password)} under credentials` });
    }
  });
  return problems;
}

function checkPeople(config: Config): ReferenceProblem[] {
  const cameras = new Set(config.cameras.map((camera) => camera.id));
  const problems: ReferenceProblem[] = [];
  const camera = (id: string | undefined, path: ConfigPath): void => {
    if (id !== undefined && !cameras.has(id)) problems.push({ path, message: `no camera ${quote(id)}` });
  };
  config.rooms.forEach(({ seats, areas, signIn, floor, cameras: own }, i) => {
    problems.push(...checkGraph(seats, ['rooms', i, 'seats'], ({ beside }) => ({ beside })));
    problems.push(...checkGraph(areas, ['rooms', i, 'areas'], ({ to }) => ({ to })));
    areas.forEach((area, j) => {
      const path = ['rooms', i, 'areas', j, 'camera'];
      camera(area.camera, path);
      // Only the room's own cameras are looked at for it: an area on another one would be blind without a word.
      if (cameras.has(area.camera) && !own.includes(area.camera)) {
        problems.push({ path, message: `${quote(area.camera)} is not among the cameras of this room` });
      }
    });
    camera(signIn?.camera, ['rooms', i, 'signIn', 'camera']);
    if (floor.length > 0 && !homographyOf(floor.map(({ at, metres }) => ({ from: at, to: metres })))) {
      const message = 'these points fix no floor: three lie on one line, or two are changed over';
      problems.push({ path: ['rooms', i, 'floor'], message });
    }
  });
  camera(config.attendance.camera, ['attendance', 'camera']);
  config.patrols.forEach((patrol, i) => {
    problems.push(...checkGraph(patrol.points, ['patrols', i, 'points']));
    patrol.points.forEach((point, j) => {
      camera(point.camera, ['patrols', i, 'points', j, 'camera']);
    });
  });
  problems.push(...checkGraph(config.patrols, ['patrols']));
  return problems;
}

/** Ids of a list are unique, and what an entry links to is another entry of the same list. */
function checkGraph<E extends { id: string }>(
  entries: readonly E[],
  path: ConfigPath,
  linksOf: (entry: E) => Record<string, readonly string[]> = () => ({}),
): ReferenceProblem[] {
  const ids = entries.map(({ id }) => id);
  return entries.flatMap((entry, i) => {
    const twice = ids.indexOf(entry.id) < i;
    const strange = Object.entries(linksOf(entry)).flatMap(([key, links]) =>
      links
        .filter((id) => id === entry.id || !ids.includes(id))
        .map((id) => ({ path: [...path, i, key], message: `no other entry ${quote(id)} in this list` })),
    );
    return twice
      ? [{ path: [...path, i, 'id'], message: `${quote(entry.id)} is already used in this list` }, ...strange]
      : strange;
  });
}

function checkServices(config: Config): ReferenceProblem[] {
  const problems: ReferenceProblem[] = [];
  for (const list of ['webhooks', 'channels'] as const) {
    const names = config[list].map(({ name }) => name);
    names.forEach((name, i) => {
      const message = `${quote(name)} is already used by ${list}[${names.indexOf(name)}]`;
      if (names.indexOf(name) < i) problems.push({ path: [list, i, 'name'], message });
    });
  }
  for (const service of ['mqtt', 'influx'] as const) {
    const name = config[service]?.credentials;
    if (name !== undefined && !(name in config.credentials)) {
      problems.push({ path: [service, 'credentials'], message: `no entry ${quote(name)} under credentials` });
    }
  }
  if (config.mqtt.credentials !== undefined && config.mqtt.url === undefined) {
    problems.push({ path: ['mqtt', 'credentials'], message: 'the embedded broker takes no credentials; set mqtt.url' });
  }
  return problems;
}
