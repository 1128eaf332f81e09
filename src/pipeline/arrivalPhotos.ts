import sharp from 'sharp';
import type { ArrivalPhotoPort } from '../board/roomPorts.js';
import { AppError, messageOf } from '../core/errors.js';
import type { HashedFiles } from './hashedFiles.js';

const LONGEST_PX = 1280;
/** A bound on memory for a file that lies about its size. */
const MOST_PIXELS = 50_000_000;

/** Photos of sign-ins, one folder a list: re-encoded, so that no place or device of the phone stays. */
export function arrivalPhotos(files: HashedFiles): ArrivalPhotoPort {
  return {
    save: async (list, photo) => files.save(list.replace(':', '_'), await reencoded(photo)),
    read: files.read,
  };
}

async function reencoded(photo: Uint8Array): Promise<Buffer> {
  try {
    return await sharp(photo, { limitInputPixels: MOST_PIXELS, failOn: 'truncated' })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .resize(LONGEST_PX, LONGEST_PX, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 88 })
      .toBuffer();
  } catch (cause) {
    throw new AppError('bad-input', `photo of ${photo.length} bytes: ${messageOf(cause).split('\n')[0]}`, {
      cause,
      hint: 'give a whole JPEG, PNG or WebP picture',
    });
  }
}
