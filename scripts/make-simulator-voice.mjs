// Makes the sound of the simulated evaluation room with espeak-ng's Mandarin voice (no person speaks in it).
//   node scripts/make-simulator-voice.mjs        writes src/ingest/simulator/voice/*.ogg
// Needed only when the lines in src/ingest/simulator/voice/lines.json change: the files are part of the source.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinyin } from 'pinyin-pro';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'ingest', 'simulator', 'voice');
// The voice that reads pinyin: the other Mandarin one spells what it does not know as English letters.
const VOICES = { S1: ['cmn-latn-pinyin', '45'], S2: ['cmn-latn-pinyin+f3', '50'] };

/** Syllables with tone numbers, sentences and pauses kept. */
const spoken = (text) =>
  text
    .split(/(?<=[，。])/u)
    .map((part) => pinyin(part, { toneType: 'num', type: 'array', nonZh: 'removed', v: true }).join(' '))
    .join(', ');

for (const [name, { speaker, text }] of Object.entries(JSON.parse(readFileSync(join(folder, 'lines.json'), 'utf8')))) {
  const [voice, pitch] = VOICES[speaker];
  const wav = execFileSync('espeak-ng', ['-v', voice, '-p', pitch, '-s', '150', '--stdout', spoken(text)]);
  const filter = 'silenceremove=start_periods=1:start_threshold=-50dB,volume=-6dB';
  execFileSync(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'error', '-y', '-i', 'pipe:0', '-af', filter, '-ac', '1', '-ar', '16000'],
      ...['-c:a', 'libopus', '-b:a', '24k', '-map_metadata', '-1', '-fflags', '+bitexact', '-flags', '+bitexact'],
      join(folder, `${name}.ogg`),
    ],
    { input: wav },
  );
}
