import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { AppError, messageOf } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { SpeechEngine } from '../core/speech.js';
import { builtinEngine } from '../detectors/speech/builtin.js';
import { isListening, readSpeechManifest } from '../detectors/speech/models/speechManifest.js';
import { openUnitNetwork } from '../detectors/speech/network.js';
import { noneEngine } from '../detectors/speech/none.js';
import { sherpaEngine } from '../detectors/speech/sherpa/engine.js';
import { installedModels, speechModelsFolder } from '../detectors/speech/sherpa/installedModels.js';
import { isSherpaInstalled } from '../detectors/speech/sherpa/library.js';

export interface SpeechEngineOptions {
  config: Config['rules']['speech'];
  /** Data folder: the site's networks lie below it. */
  data: string;
  clock: Clock;
  log: Logger;
}

/**
 * The engine that the configuration asks for and the machine can run. `auto` takes the installed networks, else the embedded
 * demonstration. One that cannot listen says why in its health; a network that is damaged is a gap, never another engine.
 */
export async function openSpeechEngine({ config, data, clock, log }: SpeechEngineOptions): Promise<SpeechEngine> {
  if (!config.enabled || config.engine === 'none') return noneEngine('switched-off');
  const root = speechModelsFolder(data);
  const wanted = config.engine === 'sherpa' || (config.engine === 'auto' && hasNetworks(root));
  if (wanted && !isSherpaInstalled()) log.error('sherpa-onnx-node is not installed for this platform');
  if (wanted && isSherpaInstalled()) {
    const { processes } = config;
    return sherpaEngine({ processes, clock, log, models: () => installedModels(root) });
  }
  return config.engine === 'sherpa' ? noneEngine('no-model') : openBuiltin(log);
}

const hasNetworks = (root: string): boolean =>
  readSpeechManifest().some(
    (network) => isListening(network) && network.role !== 'voice-activity' && existsSync(join(root, network.name)),
  );

async function openBuiltin(log: Logger): Promise<SpeechEngine> {
  try {
    const network = await openUnitNetwork();
    const engine = builtinEngine(network);
    return { ...engine, close: () => engine.close().then(() => network.close()) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.error({ error: messageOf(error) }, 'no speech engine');
    return noneEngine('no-model');
  }
}
