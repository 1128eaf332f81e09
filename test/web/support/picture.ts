import sharp from 'sharp';

/** A drawn counter: a seat, which is empty or not, and perhaps a citizen before it. JPEG bytes, 640 by 360. */
export async function counterPicture({ staffed, citizen }: { staffed: boolean; citizen: boolean }): Promise<Buffer> {
  const person = (x: number, y: number, colour: string): string =>
    `<circle cx="${x}" cy="${y}" r="24" fill="#d8a98a"/><path d="M${x - 42} ${y + 120}c0-70 20-92 42-92s42 22 42 92z" fill="${colour}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">
    <defs><linearGradient id="w" x2="0" y2="1"><stop stop-color="#b9c3c9"/><stop offset="1" stop-color="#8f9aa1"/></linearGradient></defs>
    <rect width="640" height="360" fill="url(#w)"/>
    <rect y="300" width="640" height="60" fill="#6b6257"/>
    <rect x="60" y="40" width="190" height="110" fill="#dfe6ea"/><rect x="74" y="54" width="162" height="82" fill="#7d9bb0"/>
    <path d="M150 170h90v110h-90z" fill="#3a4148"/><path d="M160 130h70v60h-70z" fill="#4a535b"/>
    ${staffed ? person(195, 130, '#2f4a6b') : ''}
    <path d="M30 220h400v100H30z" fill="#a4784d"/><path d="M30 220h400v14H30z" fill="#bf9364"/>
    <rect x="300" y="176" width="60" height="44" fill="#22282d"/>
    ${citizen ? person(398, 180, '#7b3f46') : ''}
    <text x="14" y="28" font-size="18" fill="#fff" font-family="sans-serif">A03  2026-10-08</text>
  </svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 82 }).toBuffer();
}
