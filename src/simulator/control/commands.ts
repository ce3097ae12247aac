import { IocError } from '../../kernel/index.ts';
import type { Faults } from '../faults/faults.ts';
import type { Plc } from '../plc.ts';
import type { Simulator } from '../simulator.ts';
import type { Arguments } from './arguments.ts';

/** One command of the control port. */
export interface ControlCommand {
  /** Members beside `command`; those in brackets may be left out. */
  readonly takes: string;
  /** What it returns is the `result` of the answer. */
  run(simulator: Simulator, args: Arguments): unknown;
}

/** A fault that takes these members of the object. */
function fault(takes: string, run: (faults: Faults, args: Arguments) => unknown): ControlCommand {
  return { takes, run: ({ faults }, args) => run(faults, args) };
}

const link: Readonly<Record<string, ControlCommand>> = {
  close: fault('', (faults) => faults.disconnectAll()),
  reset: fault('', (faults) => faults.resetAll()),
  halfOpen: fault('', (faults) => faults.halfOpen()),
  stopListening: fault('', (faults) => faults.stopListening()),
  listen: fault('', (faults) => faults.listenAgain()),
  silence: fault('[on]', (faults, args) =>
    args.flag('on') ? faults.stopAnswering() : faults.answerAgain(),
  ),
  mute: fault('[on]', (faults, args) =>
    args.flag('on') ? faults.stopNotifying() : faults.notifyAgain(),
  ),
  delay: fault('ms', (faults, args) => faults.delayAnswers(args.number('ms'))),
  routerError: fault('code', (faults, args) => faults.routerError(args.number('code'))),
  onePerPeer: fault('[on]', (faults, args) => faults.oneConnectionPerPeer(args.flag('on'))),
  requireRoutes: fault('[on]', (faults, args) => faults.requireRoutes(args.flag('on'))),
  addRoute: fault('name, netId', (faults, args) =>
    faults.addRoute(args.text('name'), args.text('netId')),
  ),
  forgetRoutes: fault('', (faults) => faults.forgetRoutes()),
  flood: fault('times', (faults, args) => faults.flood(args.number('times'))),
  limitNotifications: fault('count, [bytes]', (faults, args) =>
    faults.limitNotifications(args.number('count'), args.optionalNumber('bytes')),
  ),
  dropNotifications: fault('what (handle or symbol)', (faults, args) =>
    faults.dropNotifications(args.textOrNumber('what')),
  ),
};

const system: Readonly<Record<string, ControlCommand>> = {
  restart: fault('[awayMs]', (faults, args) => faults.restart(args.number('awayMs', 0))),
  config: fault('[answer: no-port or not-ready]', (faults, args) =>
    faults.enterConfig(args.optionalText('answer') === 'not-ready' ? 'not-ready' : 'no-port'),
  ),
  run: fault('', (faults) => faults.enterRun()),
  systemState: fault('state', (faults, args) => faults.setSystemState(args.number('state'))),
  onlineChange: fault('[slave]', (faults, args) => faults.onlineChange(args.optionalText('slave'))),
  canary: fault('', (faults) => ({ bytes: faults.canary.length, touched: faults.canaryTouched })),
  jumpClock: fault('ms', (faults, args) => faults.jumpClock(args.number('ms'))),
};

const bus: Readonly<Record<string, ControlCommand>> = {
  slaveState: fault('slave, state', (faults, args) =>
    faults.setSlaveState(args.text('slave'), args.number('state')),
  ),
  slaveLink: fault('slave, link', (faults, args) =>
    faults.setSlaveLink(args.text('slave'), args.number('link')),
  ),
  unplug: fault('slave', (faults, args) => faults.unplug(args.text('slave'))),
  replug: fault('slave', (faults, args) => faults.replug(args.text('slave'))),
  cutCable: fault('slave', (faults, args) => faults.cutCable(args.text('slave'))),
  mendCable: fault('slave', (faults, args) => faults.mendCable(args.text('slave'))),
  exchange: fault('slave, [type], [serial]', (faults, args) => {
    const type = args.optionalText('type');
    const serial = args.optionalNumber('serial');
    faults.exchangeSlave(args.text('slave'), { ...(type && { type }), ...(serial && { serial }) });
  }),
  addSlave: fault('type, [device], [before]', (faults, args) =>
    faults.addSlave(args.number('device', 1), args.text('type'), args.optionalText('before')),
  ),
  removeSlave: fault('slave', (faults, args) => faults.removeSlave(args.text('slave'))),
  replaceSlave: fault('slave, type', (faults, args) =>
    faults.replaceSlave(args.text('slave'), args.text('type')),
  ),
  freezeToggles: fault('slave, [symbol]', (faults, args) =>
    faults.freezeToggles(args.text('slave'), args.optionalText('symbol')),
  ),
  thawToggles: fault('slave', (faults, args) => faults.thawToggles(args.text('slave'))),
  abortSdo: fault('slave, index, [subindex], code', (faults, args) =>
    faults.abortSdo(
      args.text('slave'),
      args.number('index'),
      args.number('subindex', 0),
      args.number('code'),
    ),
  ),
  crc: fault('slave, [port], count', (faults, args) =>
    faults.addCrcErrors(args.text('slave'), args.number('port', 0), args.number('count')),
  ),
  raiseCrc: fault('slave, [port], perSecond', (faults, args) =>
    faults.raiseCrc(args.text('slave'), args.number('port', 0), args.number('perSecond')),
  ),
  loseLink: fault('slave, [port], count', (faults, args) =>
    faults.addLostLinks(args.text('slave'), args.number('port', 0), args.number('count')),
  ),
  loseFrames: fault('[device], [cyclic], [acyclic]', (faults, args) =>
    faults.loseFrames(
      args.number('device', 1),
      args.number('cyclic', 0),
      args.number('acyclic', 0),
    ),
  ),
  masterState: fault('[device], state', (faults, args) =>
    faults.setMasterState(args.number('device', 1), args.number('state')),
  ),
};

/** Throws `simulator/no-target` when the chain has no program. */
function plcOf({ plc }: Simulator): Plc {
  if (plc) return plc;
  throw new IocError('simulator/no-target', 'The chain of the simulated plant has no plc');
}

const plc: Readonly<Record<string, ControlCommand>> = {
  plcOnlineChange: { takes: '', run: (simulator) => plcOf(simulator).download() },
  plcState: {
    takes: 'state',
    run: (simulator, args) => plcOf(simulator).writeControl(args.number('state')),
  },
  plcRead: {
    takes: 'symbol',
    run: (simulator, args) => plcOf(simulator).value(args.text('symbol')),
  },
  plcWrite: {
    takes: 'symbol, value',
    run: (simulator, args) => plcOf(simulator).set(args.text('symbol'), args.textOrNumber('value')),
  },
};

const plant: Readonly<Record<string, ControlCommand>> = {
  counters: { takes: '', run: ({ counters }) => ({ ...counters }) },
  slaves: {
    takes: '',
    run: ({ chain }) => chain.devices.flatMap(({ slaves }) => slaves.map(({ name }) => name)),
  },
  read: { takes: 'symbol', run: (simulator, args) => simulator.read(args.text('symbol')) },
  write: {
    takes: 'symbol, value',
    run: (simulator, args) => simulator.write(args.text('symbol'), args.textOrNumber('value')),
  },
};

/** Everything that the control port understands. */
export const controlCommands: ReadonlyMap<string, ControlCommand> = new Map(
  Object.entries({ ...link, ...system, ...bus, ...plc, ...plant }),
);
