import type { Cost } from './figure.ts';

/** Measures this process from now on; the returned function tells the cost so far. */
export function stopwatch(): (operations: number) => Cost {
  const cpu = process.cpuUsage();
  const began = performance.now();
  return (operations) => {
    const { user, system } = process.cpuUsage(cpu);
    return { operations, cpu: (user + system) / 1e6, wall: (performance.now() - began) / 1000 };
  };
}

/** CPU-seconds of this process since it started. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
