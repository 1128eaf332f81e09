import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../core/errors.js';
import { checkInstalled } from '../models/installed.js';
import { isListening, readSpeechManifest, type SpeechNetwork } from '../models/speechManifest.js';
import type { SherpaModels } from './protocol.js';
import { parseTokens } from './tokens.js';

/** The networks of a site, every file compared with its hash, and the table of the keyword network. */
export interface InstalledModels {
  models: SherpaModels;
  tokens: ReadonlySet<string>;
}

/** Folder of the site's speech networks below its data folder. */
export const speechModelsFolder = (data: string): string => join(data, 'models', 'speech');

/**
 * Looks at what is installed. Nothing is told to be loaded that was not compared byte by byte.
 * @throws AppError `model` where a network or its tokens are damaged, `not-found` where none is installed
 */
export async function installedModels(root: string, networks = readSpeechManifest()): Promise<InstalledModels> {
  const models: SherpaModels = {};
  let tokens: ReadonlySet<string> = new Set();
  for (const network of networks.filter(isListening)) {
    const found = await checkInstalled(root, network);
    if (found.state === 'missing') continue;
    if (found.state === 'damaged') {
      throw new AppError('model', `speech network ${network.name}: ${found.reason}`, {
        hint: 'run `hallwatch models verify`, then fetch or import it again',
      });
    }
    const table = takeUp(models, network, found.folder);
    if (table && network.role === 'keywords') tokens = table;
  }
  if (!models.keywords && !models.recognition && !models.streaming) {
    throw new AppError('not-found', `speech networks: ${root}: none is installed`, {
      hint: 'run `hallwatch models fetch`, or `hallwatch models import FOLDER` without internet',
    });
  }
  return { models, tokens };
}

/** Enters a network's files; returns its table of tokens, where it has one. */
function takeUp(models: SherpaModels, { role, files }: SpeechNetwork, folder: string): ReadonlySet<string> | undefined {
  const file = (start: string): string => join(folder, files.find(({ path }) => path.startsWith(start))?.path ?? start);
  const tokens = file('tokens');
  if (role === 'voice-activity') {
    models.voiceActivity = file('silero');
    return undefined;
  }
  const transducer = { encoder: file('encoder'), decoder: file('decoder'), joiner: file('joiner'), tokens };
  if (role === 'keywords') models.keywords = transducer;
  else if (role === 'streaming-recognition') models.streaming = transducer;
  else models.recognition = { kind: 'sense-voice', model: file('model'), tokens };
  return parseTokens(readFileSync(tokens, 'utf8'), tokens);
}
