import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';

/** What the operating system tells of this process and of its computer; 0 for what it does not. */
export interface Machine {
  /** Descriptors open now, and the most there may be. */
  descriptors(): { readonly open: number; readonly most: number };
  /** Bytes: resident memory of this process, what is left, and what there is. */
  memory(): { readonly used: number; readonly free: number; readonly total: number };
  /** Processor time of this process since it started, seconds. */
  processTime(): number;
  /** Processor time of everything since boot, and how much of it was idle; seconds. */
  systemTime(): { readonly total: number; readonly idle: number };
  readonly processors: number;
}

/** This computer, by Node.js and, on Linux, the proc and cgroup file systems. */
export const thisMachine: Machine = {
  processors: availableParallelism(),
  descriptors: () => ({ open: openDescriptors(), most: descriptorLimit() }),
  memory: () => {
    const used = process.memoryUsage.rss();
    const total = totalMemory();
    const inContainer = total < totalmem();
    return { used, total, free: inContainer ? Math.max(total - cgroupUsage(), 0) : freeMemory() };
  },
  processTime: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  systemTime: () => {
    let total = 0;
    let idle = 0;
    for (const { times } of cpus()) {
      idle += times.idle;
      total += times.user + times.nice + times.sys + times.irq + times.idle;
    }
    return { total: total / 1000, idle: idle / 1000 };
  },
};

/** Without the one that reading the folder takes. */
function openDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return 0;
  }
}

function descriptorLimit(): number {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(textOf('/proc/self/limits'))?.[1];
  return soft === undefined || soft === 'unlimited' ? 0 : Number(soft);
}

/** What may still be had, caches that give way included. */
function freeMemory(): number {
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(textOf('/proc/meminfo'))?.[1];
  return available === undefined ? freemem() : Number(available) * 1024;
}

/** Of the container, if it is given less than the computer has. */
function totalMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

function cgroupUsage(): number {
  for (const file of ['memory.current', 'memory/memory.usage_in_bytes']) {
    const usage = Number(textOf(`/sys/fs/cgroup/${file}`).trim() || Number.NaN);
    if (usage > 0) return usage;
  }
  return process.memoryUsage.rss();
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
