import type { ModelRow } from '../board/ports.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { checkInstalled, type InstalledState } from '../detectors/speech/models/installed.js';
import { readSpeechManifest } from '../detectors/speech/models/speechManifest.js';
import { speechModelsFolder } from '../detectors/speech/sherpa/installedModels.js';

/**
 * The speech networks for the system page, checked byte by byte once at start, beside everything else. One that is not
 * installed, or not looked at yet, is `unknown`.
 */
export function speechModelRows(data: string, log: Logger): () => ModelRow[] {
  const root = speechModelsFolder(data);
  const networks = readSpeechManifest();
  const states = new Map<string, InstalledState['state']>();
  const check = async (): Promise<void> => {
    for (const network of networks) {
      const found = await checkInstalled(root, network);
      states.set(network.name, found.state);
      if (found.state === 'damaged')
        log.error({ network: network.name, reason: found.reason }, 'speech network damaged');
    }
  };
  void check().catch((error: unknown) => log.error({ error: messageOf(error) }, 'speech networks not checked'));
  return () =>
    networks.map(({ name, purpose, addresses, archive, licence }) => {
      const state = states.get(name) ?? 'missing';
      const verified = state === 'missing' ? ('unknown' as const) : state === 'ok';
      return { name, purpose, source: addresses[0]!, sha256: archive.sha256, licence, verified };
    });
}
