import type { SpeechNetwork } from './speechManifest.js';

/** The NOTICE file for networks that are installed: what they are, where they come from, under which licence. */
export const noticeText = (networks: readonly SpeechNetwork[]): string =>
  networks
    .map(({ name, licence, notice, addresses, archive }) =>
      [name, `  ${notice}`, `  Licence: ${licence}`, `  From: ${addresses[0]}`, `  sha256: ${archive.sha256}`, ''].join(
        '\n',
      ),
    )
    .join('\n');
