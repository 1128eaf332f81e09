import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/errors.js';

/** A font file; in a collection (.ttc) the PostScript name of the face. */
export interface FontFile {
  path: string;
  face: string | undefined;
}

/** What a report is printed with: running text and headings. */
export interface ReportFonts {
  body: FontFile;
  heading: FontFile;
}

/** Where systems keep fonts. */
const FOLDERS = ['/usr/share/fonts', '/usr/local/share/fonts', '/usr/share/fonts/truetype'];

/** Known files with simplified Chinese, best first; `face` picks it from a collection of several languages. */
const BODIES: ReadonlyArray<readonly [file: string, face: string | undefined]> = [
  ['NotoSerifCJK-Regular.ttc', 'NotoSerifCJKsc-Regular'],
  ['NotoSerifCJKsc-Regular.otf', undefined],
  ['NotoSerifSC-Regular.otf', undefined],
  ['SourceHanSerifSC-Regular.otf', undefined],
  ['NotoSansCJK-Regular.ttc', 'NotoSansCJKsc-Regular'],
  ['NotoSansCJKsc-Regular.otf', undefined],
  ['NotoSansSC-Regular.otf', undefined],
  ['SourceHanSansSC-Regular.otf', undefined],
  ['wqy-zenhei.ttc', 'WenQuanYiZenHei'],
  ['wqy-microhei.ttc', 'WenQuanYiMicroHei'],
];
const HEADINGS: typeof BODIES = [
  ['NotoSansCJK-Bold.ttc', 'NotoSansCJKsc-Bold'],
  ['NotoSansCJKsc-Bold.otf', undefined],
  ['NotoSansSC-Bold.otf', undefined],
  ['SourceHanSansSC-Bold.otf', undefined],
];

const DEEPEST = 4;

/**
 * Finds fonts with Chinese glyphs: the file of the configuration for everything, else the known ones of this machine.
 * @throws AppError `not-found` with what to install
 */
export function findFonts(configured: string | undefined, folders: readonly string[] = FOLDERS): ReportFonts {
  if (configured !== undefined) {
    if (!existsSync(configured)) {
      throw new AppError('config', `reports.font ${configured}: no such file`, {
        hint: 'name a .ttf, .otf or .ttc file with Chinese glyphs, or leave the key out',
      });
    }
    const known = [...BODIES, ...HEADINGS].find(([file]) => configured.endsWith(`/${file}`));
    const font: FontFile = { path: configured, face: known?.[1] };
    return { body: font, heading: font };
  }
  const files = new Map<string, string>();
  for (const folder of folders) collect(folder, files, DEEPEST);
  const first = (wanted: typeof BODIES): FontFile | undefined => {
    const found = wanted.find(([file]) => files.has(file));
    return found && { path: files.get(found[0])!, face: found[1] };
  };
  const body = first(BODIES);
  if (!body) {
    throw new AppError('not-found', 'PDF report: no font with Chinese glyphs on this machine', {
      hint: 'install one (apt-get install fonts-noto-cjk), or name a font file under reports.font',
    });
  }
  return { body, heading: first(HEADINGS) ?? body };
}

function collect(folder: string, files: Map<string, string>, depth: number): void {
  if (depth === 0 || !existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(path, files, depth - 1);
    else if (!files.has(entry.name)) files.set(entry.name, path);
  }
}
