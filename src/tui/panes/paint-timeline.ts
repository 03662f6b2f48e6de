/**
 * Puts the time line above the list of the audit log, where there is room for both. Decides nothing about either.
 */
import type { AuditTimeline } from '../audit-timeline.ts';
import { putLines, type Stage } from '../pane.ts';
import { timelineRows, toTimelineLines } from '../present/timeline.ts';
import type { Surface } from '../widgets/surface.ts';

/** Rows of the list that must stay. */
const listRowsMin = 8;

/** The rows it took. */
export function paintTimeline(stage: Stage, { timeline, chosen }: AuditTimeline, surface: Surface): number {
  if (!timeline || surface.height < timelineRows + listRowsMin) return 0;
  const lines = toTimelineLines(timeline, chosen, stage.page(surface.width - 1));
  putLines(surface.part({ x: 1, y: 0, width: surface.width - 1, height: timelineRows }), lines);
  return timelineRows;
}
