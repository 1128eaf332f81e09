import { t } from '../i18n.js';

/** Larger says no more about a face, and a call takes at most 1 MiB. */
const LONGEST_PX = 1280;
const QUALITY = 0.88;

/**
 * A photo as the API takes it: scaled down, upright, JPEG in base64. The file itself never leaves the device as it is.
 * @throws Error in the reader's language where it is no picture
 */
export async function photoText(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw new Error(t('evaluations.photoFailed'));
  });
  const scale = Math.min(1, LONGEST_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const url = canvas.toDataURL('image/jpeg', QUALITY);
  return url.slice(url.indexOf(',') + 1);
}
