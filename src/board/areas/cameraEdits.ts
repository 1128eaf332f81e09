import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from '../../core/files.js';
import { redact, rememberSecret } from '../../core/secrets.js';
import type { cameraRoutes } from '../api/contract/cameras.js';
import type { BodyOf } from '../api/contract.js';
import type { ConfigFile, Effect } from '../configEdit/configFile.js';
import type { YamlChange } from '../configEdit/editYaml.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import { type CameraRow, isBound, kindOf } from './cameraRow.js';

export interface CameraEditDeps {
  hall: () => Hall;
  configFile: ConfigFile;
  /** Folder for camera passwords, one file each. */
  secretsFolder: string;
}

type Edits = Pick<typeof cameraRoutes, 'addCamera' | 'changeCamera' | 'removeCamera'>;

/** Cameras that are added, changed and removed on the board. `rowOf` says how one stands in the running hall. */
export function cameraEdits(
  { hall, configFile, secretsFolder }: CameraEditDeps,
  rowOf: (id: string) => CameraRow | undefined,
): HandlersOf<Edits> {
  const secretOf = (id: string): string => resolve(join(secretsFolder, id));
  const known = (id: string) => {
    const camera = hall().camera(id);
    if (!camera) throw new ApiError('not-found');
    return camera;
  };
  const objectOf = ({ id }: { id: string }) => {
    known(id);
    return { kind: 'camera', id, seesRoom: hall().seesRoom(id) } as const;
  };
  return {
    addCamera: {
      handle({ body }) {
        const secret = secretOf(body.id);
        if (hall().camera(body.id) || hall().config.credentials[body.id] || existsSync(secret)) {
          throw new ApiError('conflict');
        }
        const effect = withSecret(secret, body, () =>
          configFile.edit(undefined, (written) => additions(body, written.at(['cameras']), secret)),
        );
        return { camera: rowOf(body.id) ?? draftRow(body), effect };
      },
    },
    changeCamera: {
      object: objectOf,
      handle({ params: { id }, body }) {
        const secret = secretOf(id);
        const account = hall().config.credentials[known(id).credentials ?? ''];
        // An account that people wrote into the file may serve other cameras, too: it is theirs to change.
        if (body.user !== undefined && account !== undefined && !isOurs(id, hall())) throw new ApiError('conflict');
        if (body.user !== undefined && body.password === undefined && !existsSync(secret)) {
          throw new ApiError('bad-input', { fields: [{ path: 'password', message: 'needed with a user' }] });
        }
        const effect = withSecret(secret, body, () =>
          configFile.edit(undefined, (written) => {
            const index = written.indexOf('cameras', id);
            const fields = {
              name: body.name,
              source: body.source,
              ...(body.user === undefined ? {} : { credentials: id }),
            };
            return [
              ...Object.entries(fields)
                .filter(([key, value]) => written.at(['cameras', index, key]) !== value)
                .map(([key, value]) => ({ path: ['cameras', index, key], value })),
              ...accountChange(id, body.user, secret),
            ];
          }),
        );
        return { camera: rowOf(id) ?? draftRow({ id, ...body }), effect };
      },
    },
    removeCamera: {
      object: objectOf,
      handle({ params: { id } }) {
        known(id);
        if (hall().windowsOf(id).length + hall().roomsOf(id).length > 0) throw new ApiError('conflict');
        const ours = isOurs(id, hall());
        const effect = configFile.edit(undefined, (written) => [
          { path: ['cameras', written.indexOf('cameras', id)], value: undefined },
          ...(ours ? [accountRemoval(id, written.at(['credentials']))] : []),
        ]);
        if (ours) rmSync(secretOf(id), { force: true });
        return { effect };
      },
    },
  };
}

/** Whether a camera's account was entered on the board: it then has the camera's name and serves it alone. */
function isOurs(id: string, { config }: Hall): boolean {
  const users = config.cameras.filter((camera) => camera.credentials === id);
  return id in config.credentials && users.length === 1 && users[0]!.id === id;
}

/** Keeps a password while `edit` runs; where that fails the file is what it was. */
function withSecret(
  file: string,
  { user, password }: { user?: string; password?: string },
  edit: () => Effect,
): Effect {
  if (user === undefined || (password === undefined && existsSync(file))) return edit();
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  writeSecret(file, `${password ?? ''}\n`);
  try {
    return edit();
  } catch (error) {
    if (before === undefined) rmSync(file, { force: true });
    else writeSecret(file, before);
    throw error;
  }
}

/** The password goes to a file only this process may read; the configuration names the file. */
function writeSecret(file: string, text: string): void {
  rememberSecret(text.trimEnd());
  writeFileAtomic(file, text, 0o600);
}

function additions(body: BodyOf<'addCamera'>, written: unknown, secret: string): YamlChange[] {
  const { id, name, source, user } = body;
  const count = Array.isArray(written) ? written.length : 0;
  const camera = { id, name, source, ...(user === undefined ? {} : { credentials: id }) };
  const change = count === 0 ? { path: ['cameras'], value: [camera] } : { path: ['cameras', count], value: camera };
  return [change, ...accountChange(id, user, secret)];
}

const accountChange = (id: string, user: string | undefined, secret: string): YamlChange[] =>
  user === undefined ? [] : [{ path: ['credentials', id], value: { user, password: `\${file:${secret}}` } }];

/** The last account goes with its heading. */
const accountRemoval = (id: string, accounts: unknown): YamlChange => ({
  path: Object.keys(accounts ?? {}).length > 1 ? ['credentials', id] : ['credentials'],
  value: undefined,
});

/** A camera that is in the file and of which the running hall has not spoken yet. */
const draftRow = ({ id, name, source, user }: BodyOf<'addCamera'>): CameraRow => ({
  id,
  name,
  kind: kindOf(source),
  source: redact(source),
  hasCredentials: user !== undefined,
  findings: [],
  lastFrameAt: null,
  frameAgeMs: null,
  keyframeIntervalS: null,
  reconnects: 0,
  dropped: 0,
  windows: [],
  rooms: [],
  restartNeeded: isBound(source),
});
