import { describe, expect, it } from 'vitest';
import { epicsSeconds } from '../../src/kernel/index.ts';
import { Task } from '../../src/simulator/task.ts';
import { ManualClock } from './support/manual-clock.ts';

function started(periodMs: number) {
  const clock = new ManualClock();
  const ran: number[] = [];
  const task = new Task(clock, periodMs, (elapsed) => ran.push(elapsed));
  task.start();
  return { clock, ran, task };
}

describe('task', () => {
  it('runs the first cycle at once and the others on the grid', () => {
    const { clock, ran } = started(10);
    clock.advance(30);
    expect(ran).toEqual([0, 10, 20, 30]);
  });

  it('makes up for cycles that a late timer missed, each with its own time', () => {
    const { clock, ran, task } = started(1);
    clock.stall(4.5);
    clock.advance(0);
    expect(ran).toEqual([0, 1, 2, 3, 4]);
    clock.advance(0.5);
    expect(ran.at(-1)).toBe(5);
    expect(task.cycle.number).toBe(5);
  });

  it('lets cycles go that are too far behind, and stays on the grid', () => {
    const { clock, ran, task } = started(10);
    clock.stall(10_005);
    clock.advance(5);
    expect(ran.slice(0, 3)).toEqual([0, 9800, 9810]);
    expect(ran.at(-1)).toBe(10_010);
    expect(task.cycle.number).toBe(ran.length - 1);
    expect(epicsSeconds(task.cycle.low, task.cycle.high)).toBe(
      (ManualClock.start + 10_010) / 1000 - 0.01 - 631_152_000,
    );
  });

  it('stops, also from within a cycle', () => {
    const clock = new ManualClock();
    let cycles = 0;
    const task: Task = new Task(clock, 10, () => {
      cycles++;
      if (cycles === 2) task[Symbol.dispose]();
    });
    task.start();
    clock.advance(100);
    expect(cycles).toBe(2);
  });
});
