import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openConfigFile } from '../../../src/board/configEdit/configFile.js';
import { loadConfig } from '../../../src/core/config/load.js';
import { boardConfig } from '../../../src/pipeline/boardConfig.js';
import { temporaryFolder } from '../../support/ledger.js';
import { HALL_YAML } from '../support/hall.js';

describe('an edit of the configuration file', () => {
  it('is compared with what was read at the start, with all that wins over the file and lies beside it', () => {
    const file = join(temporaryFolder(), 'hall.yaml');
    writeFileSync(file, HALL_YAML.replace('rules:', 'rules:\n  speech: { words: words.yaml }'));
    const env = { HALLWATCH_DATA: '/srv/hall', HALLWATCH_PORT: '9090' };
    const taken: unknown[] = [];
    const port = boardConfig(loadConfig(file, env), file, (next) => taken.push(next));
    const zone = [
      {
        path: ['windows', 0, 'staffZone'],
        value: [
          [0.2, 0.2],
          [0.5, 0.2],
          [0.5, 0.9],
        ],
      },
    ];
    const opened = openConfigFile(port, env);
    expect(opened.edit(undefined, () => zone)).toBe('reloaded');
    expect(opened.restartNeeded).toBe(false);
    expect(taken).toEqual([loadConfig(file, env)]);
  });
});
