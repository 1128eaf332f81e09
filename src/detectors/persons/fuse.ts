import { type Box, iou } from '../../core/geometry.js';
import type { DetectedObject } from './detectObjects.js';

export interface FuseOptions {
  /** Boxes of different views that overlap by more than this are one thing. */
  minIou: number;
}

interface Cluster {
  label: string;
  box: Box;
  members: DetectedObject[];
  views: Set<number>;
}

/**
 * Weighted boxes fusion (Solovyev, Wang, Gabruseva, "Weighted boxes fusion", Image and Vision Computing 107, 2021): boxes
 * of several looks at one picture become one box, averaged by score; the score is the mean over all looks, a look that
 * saw nothing counting as 0.
 */
export function fuseViews(views: ReadonlyArray<readonly DetectedObject[]>, { minIou }: FuseOptions): DetectedObject[] {
  const clusters: Cluster[] = [];
  const all = views.flatMap((objects, view) => objects.map((object) => ({ object, view })));
  for (const { object, view } of all.sort((a, b) => b.object.score - a.object.score)) {
    const cluster = nearest(clusters, object, view, minIou);
    if (cluster) join(cluster, object, view);
    else clusters.push({ label: object.label, box: object.box, members: [object], views: new Set([view]) });
  }
  return clusters.map(({ label, box, members }) => ({ label, box, score: total(members) / views.length }));
}

const total = (members: readonly DetectedObject[]): number => members.reduce((sum, member) => sum + member.score, 0);

function nearest(clusters: Cluster[], object: DetectedObject, view: number, minIou: number): Cluster | undefined {
  let best: Cluster | undefined;
  let bestIou = minIou;
  for (const cluster of clusters) {
    if (cluster.label !== object.label || cluster.views.has(view)) continue;
    const overlap = iou(cluster.box, object.box);
    if (overlap > bestIou) [best, bestIou] = [cluster, overlap];
  }
  return best;
}

function join(cluster: Cluster, object: DetectedObject, view: number): void {
  cluster.members.push(object);
  cluster.views.add(view);
  const weight = total(cluster.members);
  const edge = (i: 0 | 1 | 2 | 3): number =>
    cluster.members.reduce((sum, { box, score }) => sum + box[i] * score, 0) / weight;
  cluster.box = [edge(0), edge(1), edge(2), edge(3)];
}
