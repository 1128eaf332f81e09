import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AccountsLedger } from '../ledgerPort.js';
import { listSetting } from './listSetting.js';

const storedPost = z.object({
  id: z.string(),
  user: z.string(),
  window: z.string(),
  from: z.number(),
  to: z.number().nullable(),
});
/** A person serving at a window, `from <= t < to`, event time. */
export type Post = z.output<typeof storedPost>;

export interface Posts {
  all(): readonly Post[];
  add(post: Omit<Post, 'id'>): Post;
  /** Ends a post at an instant; false where there is none that is still running then. */
  end(id: string, atMs: number): boolean;
  /** Users who served at a window at any time of a span: whom an incident is about. */
  usersAt(window: string, fromMs: number, toMs: number): string[];
}

/** Ended posts are kept this long: an appeal against a frozen month may still come. */
const KEEP_MS = 2 * 366 * 86_400_000;

/** Who serves where, kept in the ledger under `duty.posts`. */
export function openPosts(ledger: Pick<AccountsLedger, 'settings'>): Posts {
  const list = listSetting(ledger, 'duty.posts', storedPost);
  let byWindow = groupByWindow(list.all());
  const save = (posts: readonly Post[]): void => {
    list.save(posts);
    byWindow = groupByWindow(posts);
  };
  return {
    all: list.all,
    add(post) {
      const added = { id: randomUUID(), ...post };
      save([...list.all().filter((known) => known.to === null || known.to > post.from - KEEP_MS), added]);
      return added;
    },
    end(id, atMs) {
      const running = list.all().find((post) => post.id === id && (post.to === null || post.to > atMs));
      if (!running) return false;
      const ended = { ...running, to: Math.max(running.from, atMs) };
      save(list.all().map((post) => (post === running ? ended : post)));
      return true;
    },
    usersAt: (window, fromMs, toMs) =>
      (byWindow.get(window) ?? [])
        .filter((post) => post.from < toMs && (post.to === null || post.to > fromMs))
        .map((post) => post.user),
  };
}

function groupByWindow(posts: readonly Post[]): Map<string, Post[]> {
  const groups = new Map<string, Post[]>();
  for (const post of posts) groups.set(post.window, [...(groups.get(post.window) ?? []), post]);
  return groups;
}
