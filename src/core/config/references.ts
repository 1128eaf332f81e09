import type { ConfigPath } from './problems.js';
import type { Config } from './schema.js';

/** A mistake that only shows when entries are read together. */
export interface ReferenceProblem {
  path: ConfigPath;
  message: string;
}

/** Checks that every name points at an entry, that ids are unique, and that windows and rooms share no id. */
export function checkReferences(config: Config): ReferenceProblem[] {
  return [...checkIds(config), ...checkCameras(config), ...checkSubjects(config), ...checkServices(config)];
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
  });
  return problems;
}

function checkServices(config: Config): ReferenceProblem[] {
  const problems: ReferenceProblem[] = [];
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
