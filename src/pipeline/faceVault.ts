import type { FaceTemplateRecord } from '../alerts/ledger/faceTemplates.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import { AppError } from '../core/errors.js';
import { type PersonId, personId } from '../core/evaluation.js';
import { sha256 } from '../core/hash.js';
import { type Descriptor, meanDescriptor } from '../detectors/faces/describe.js';
import type { Template } from '../detectors/faces/match.js';
import { openTemplate, sealTemplate } from '../detectors/faces/templates.js';
import type { TemplateKeys } from './templateKeys.js';

/** What the audit log says when a list's templates are gone. */
export interface DeletionProof {
  templates: number;
  persons: number;
  /** SHA-256 over the sorted `person/row id` of what was removed, one a line: who was there, without who it was. */
  idsSha256: string;
  /** Rows of this list that the ledger still has: 0. */
  leftInLedger: number;
  /** `destroyed`: what journal, backups and free pages may hold is ciphertext without a key. `none`: there was no key. */
  key: 'destroyed' | 'none';
}

/** The face templates of lists (evaluations, or the staff): sealed in the ledger, opened in memory only. */
export interface FaceVault {
  /** Keeps the descriptor of one photo. @throws AppError `conflict` at the sixth photo of a person */
  add(photo: { list: string; person: PersonId; descriptor: Descriptor; verdict: string; by: string }): void;
  /** One template a person, the mean of their photos; empty once the list was shredded. */
  templatesOf(list: string): Template[];
  /** Verdicts of the photos kept, by person. */
  photosOf(list: string): Map<PersonId, string[]>;
  /** Removes one person's photos. Returns how many. */
  forget(list: string, person: PersonId): number;
  /** Destroys the list's key, then its rows; audited. Returns undefined where nothing was ever enrolled. */
  shred(list: string, by: string): DeletionProof | undefined;
}

type VaultLedger = Pick<Ledger, 'faceTemplates' | 'audit'>;

/** What the audit log calls the deletion. */
export const TEMPLATES_DELETED = 'face-templates.deleted';

/** Opens the vault over a ledger and its keys. Nothing is read before it is asked for. */
export function faceVault(ledger: VaultLedger, keys: TemplateKeys): FaceVault {
  const opened = new Map<string, Template[]>();
  const ownerOf = (list: string, person: string): string => `${list}/${person}`;

  const templatesOf = (list: string): Template[] => {
    const held = opened.get(list);
    if (held) return held;
    const rows = ledger.faceTemplates.of(list);
    const key = rows.length > 0 ? keys.find(list) : undefined;
    if (rows.length > 0 && !key) {
      throw new AppError('storage', `faces of ${list}: the key is gone`, {
        hint: 'restore the key folder, or enrol the faces of this evaluation again',
      });
    }
    const templates = key ? meansOf(rows, (row) => openRow(row, key, ownerOf(list, row.person))) : [];
    opened.set(list, templates);
    return templates;
  };

  return {
    templatesOf,
    add({ list, person, descriptor, verdict, by }) {
      const key = keys.make(list);
      const sealed = sealTemplate(descriptor, key, ownerOf(list, person)).toString('base64');
      ledger.faceTemplates.add({ list, person, sealed, verdict, by });
      opened.delete(list);
    },
    photosOf(list) {
      const photos = new Map<PersonId, string[]>();
      for (const { person, verdict } of ledger.faceTemplates.photos(list)) {
        photos.set(person, [...(photos.get(person) ?? []), verdict]);
      }
      return photos;
    },
    forget(list, person) {
      opened.delete(list);
      return ledger.faceTemplates.remove(list, person).length;
    },
    shred(list, by) {
      for (const { descriptor } of opened.get(list) ?? []) descriptor.fill(0);
      opened.delete(list);
      // The key first: a crash between the two leaves rows that nobody can open, and the next start removes them.
      const key = keys.destroy(list) ? 'destroyed' : 'none';
      const removed = ledger.faceTemplates.remove(list);
      if (removed.length === 0 && key === 'none') return undefined;
      const proof = { ...proofOf(removed), leftInLedger: ledger.faceTemplates.of(list).length, key } as const;
      const object = `evaluation:${list}`;
      ledger.audit.append({ actor: by, action: TEMPLATES_DELETED, object, detail: { ...proof } });
      return proof;
    },
  };
}

const openRow = (row: FaceTemplateRecord, key: Uint8Array, owner: string): Descriptor =>
  openTemplate(Buffer.from(row.sealed, 'base64'), key, owner);

function meansOf(rows: readonly FaceTemplateRecord[], open: (row: FaceTemplateRecord) => Descriptor): Template[] {
  const byPerson = new Map<string, Descriptor[]>();
  for (const row of rows) byPerson.set(row.person, [...(byPerson.get(row.person) ?? []), open(row)]);
  return [...byPerson].map(([person, photos]) => ({ person: personId(person), descriptor: meanDescriptor(photos) }));
}

function proofOf(removed: readonly FaceTemplateRecord[]): Pick<DeletionProof, 'templates' | 'persons' | 'idsSha256'> {
  const ids = removed.map(({ person, id }) => `${person}/${id}`).sort();
  const persons = new Set(removed.map(({ person }) => person)).size;
  return { templates: removed.length, persons, idsSha256: sha256(ids.join('\n')) };
}
