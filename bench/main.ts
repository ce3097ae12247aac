import { parseArgs } from 'node:util';
import { ads } from './figures/ads.ts';
import { bus } from './figures/bus.ts';
import { busCa } from './figures/bus-ca.ts';
import { busPv } from './figures/bus-pv.ts';
import { busThinEdge } from './figures/bus-thin-edge.ts';
import { channelAccess } from './figures/channel-access.ts';
import { crowd } from './figures/crowd.ts';
import { endToEnd } from './figures/end-to-end.ts';
import { introspection } from './figures/introspection.ts';
import { libca } from './figures/libca.ts';
import { loops } from './figures/loops.ts';
import { memory } from './figures/memory.ts';
import { monitors } from './figures/monitors.ts';
import { notifications } from './figures/notifications.ts';
import { plantToLibca } from './figures/plant-to-libca.ts';
import { soft } from './figures/soft.ts';
import { softStart } from './figures/soft-start.ts';
import { findSoftIoc } from './support/ca-servers.ts';
import { type Effort, fullEffort, quickEffort } from './support/effort.ts';
import type { Figure } from './support/figure.ts';
import { loadNow, machine } from './support/machine.ts';
import { referenceText } from './support/reference.ts';
import { machineLine, type Report, reportText } from './support/table.ts';

type Bench = (effort: Effort) => Promise<readonly (Figure | string)[]>;

const benches: Readonly<Record<string, Bench>> = {
  introspection,
  ads,
  notifications,
  'channel-access': channelAccess,
  libca,
  crowd,
  monitors,
  'end-to-end': endToEnd,
  'plant-to-libca': plantToLibca,
  memory,
  soft,
  'soft-start': softStart,
  bus,
  'bus-thin-edge': busThinEdge,
  'bus-ca': busCa,
  'bus-pv': busPv,
  loops,
};

const usage = `npm run bench -- [--quick] [--only NAME]… [--json]

  --quick      a tenth of the work, once, without the loops: shows that everything runs
  --only NAME  ${Object.keys(benches).join(', ')}
  --json       figures with every sample, for tools

BENCH_PROFILE=PROCESS writes a CPU profile of that process (a file of bench/processes) to profiles/.`;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});

/** A bench that hangs is given up; its processes end with this one. */
const DEADLINE_MS = 480_000;

const { only = Object.keys(benches).filter((name) => !(options.quick && name === 'loops')) } =
  options;
const unknown = only.find((name) => !(name in benches));
if (options.help || unknown !== undefined) {
  console.log(unknown === undefined ? usage : `There is no bench "${unknown}".\n\n${usage}`);
  process.exitCode = unknown === undefined ? 0 : 1;
} else await measure();

async function measure(): Promise<void> {
  const here = machine();
  const effort = options.quick ? quickEffort : fullEffort;
  if (!options.json) console.log(machineLine(here));
  const reports: Report[] = [];
  setTimeout(giveUp, DEADLINE_MS).unref();
  for (const name of only) {
    const report = await reportOf(name, effort);
    reports.push(report);
    if (!options.json) console.log(reportText(report));
  }
  const loadAfter = loadNow();
  const references = referenceText(only, findSoftIoc());
  const run = { machine: here, loadAfter, references, reports };
  if (options.json) console.log(JSON.stringify(run, null, 2));
  else {
    console.log(`\nC server: ${references}`);
    console.log(`load ${here.load} before, ${loadAfter} after (the bench itself is most of it)`);
  }
  if (reports.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
}

function giveUp(): void {
  console.error(`The benches did not end within ${DEADLINE_MS / 1000} s.`);
  process.exit(1);
}

async function reportOf(bench: string, effort: Effort): Promise<Report> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  try {
    const found = (await benches[bench]?.(effort)) ?? [];
    const figures = found.filter((one) => typeof one !== 'string');
    const lines = found.filter((one) => typeof one === 'string');
    return { bench, figures, lines, seconds: seconds() };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { bench, figures: [], failure, seconds: seconds() };
  }
}
