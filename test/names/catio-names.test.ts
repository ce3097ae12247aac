import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadChain, loadTerminalDefinitions } from '../../src/config/index.ts';
import type { Attribute } from '../../src/model/index.ts';
import { catioNaming, namedPvs } from '../../src/pv/index.ts';
import { symbolTable } from '../../src/simulator/index.ts';
import { buildTree, plantFactsOf } from '../../src/twincat/index.ts';

type CatioAttribute = { pv: string; access: 'R' | 'RW'; type: string; tooLong: boolean };

const file = (name: string) => fileURLToPath(new URL(`../data/${name}`, import.meta.url));
const catio: CatioAttribute[] = JSON.parse(
  readFileSync(file('catio-pv-names-cx7000-22.json'), 'utf8'),
).attributes;

const chain = loadChain(file('chain-cx7000-22.json'));
const definitions = loadTerminalDefinitions();
const facts = plantFactsOf(chain, definitions, symbolTable(chain, definitions));
const { tree, problems } = buildTree(facts, definitions);
const named = namedPvs({ ...catioNaming, prefix: 'P' }, tree);

/** Every way in which a name of CATio means something else here, and why. */
const changes: readonly { what: string; names: RegExp; why: string }[] = [
  {
    what: 'Int → Float',
    names: /:(Ai\w+Channel\dValue|AoOutCh\dAnalogOut|Ch\dSampleCh\dValue)$/,
    why: 'engineering value (V) instead of raw counts',
  },
  {
    what: 'Int → Enum',
    names: /:Ai\w+Ch(annel)?\d(Sts)?Limit[12]$/,
    why: 'the limit comparison says its result in words',
  },
  {
    what: 'Int → Bool',
    names: /:MOD4:Channel\d$/,
    why: 'a digital input is two states, as a digital output is',
  },
  {
    what: 'Int → Bool',
    names: /:Status(Us|Up)$/,
    why: 'the undervoltage of EL9410 is one bit',
  },
  {
    what: 'Int → Waveform',
    names: /:PaiSamples1650Ch\dSamples$/,
    why: 'all 50 samples instead of their mean',
  },
  {
    what: 'Bool → Float',
    names: /:Subindex\d{3}Idx80\d[136]$/,
    why: 'filter coefficients and scaler parameters of ELM3704 are REAL, not two states',
  },
];

/** Names that CATio lets anyone write and that can only be read here, and why. */
const readOnly: readonly { names: RegExp; why: string }[] = [
  {
    names: /Idx80\d[ef]$/,
    why: 'calibration and vendor data: a wrong value spoils a terminal for good; plant.coe.writable names what may be put',
  },
];

/** How many of CATio's names that concerns on the reference chain. */
const PROTECTED = 124;

/** Every kind of name that CATio does not have, and why it is here. */
const additions: readonly { names: RegExp; why: string }[] = [
  { names: /^P:ETH1:MasterState$/, why: 'EtherCAT state of the master' },
  {
    names: /:InfodataState$/,
    why: 'EtherCAT state of a slave, which the master writes with the process data',
  },
  { names: /:EcatState$/, why: 'state of a slave in words, without its error bits' },
  {
    names: /:Ai\w+Channel\d(Underrange|Overrange|Error|SyncError|TxpdoState|TxpdoToggle)$/,
    why: 'bits of the status word of an analogue input',
  },
  {
    names: /:(Presentation|FilterSettings|Watchdog|Range)Idx80\d0$/,
    why: 'CoE settings of an enumerated type, which CATio drops',
  },
  {
    names:
      /:(Interface|SensorSupply|IepeAcCoupling|ColdjunctionCompensation|RtdElement|TcElement|Filter[12]|ExtendedFunctions|IntegratorDifferentiator|Scaler)Idx80\d0$/,
    why: 'CoE settings of an enumerated type, which CATio drops',
  },
  {
    names: /:CalibrationGainNeg(10|5|25|125)VIdx80\df$/,
    why: 'CATio gives +10 V and -10 V one name and drops the second',
  },
  {
    names: /^P:Rescan$|:(RequestState|Reset(Frame|Crc)Counters|RefreshCoe)$/,
    why: 'commands: an EtherCAT state, counters to 0, discovery and CoE objects again',
  },
  {
    names: /:(CrcErrorRate|Lost(A?c|C)yclicFrameRate)$/,
    why: 'counters as rates',
  },
  {
    names: /:Parent(Slave|Address|Port)$/,
    why: 'what a slave is plugged into, which behind a junction is not the one before it',
  },
  {
    names: /^P:ETH1:(FirstFaulty(Slave|Port)|FaultySegment|LinkFaults|StateFaults)$/,
    why: 'where errors begin, and what is wrong with which link and slave',
  },
  {
    names: /^P:ETH1:(SlavesNotOp|LinksNotGood|WcState(Faults|Health))$/,
    why: 'health of a bus in a number or a text',
  },
  {
    names: /:MOD5:Pai(Status|Sts|Timestamp|SynchronousOversampling|Control|Tc)\w+$/,
    why: 'process data of ELM3704 beside the samples: served when the plant has it',
  },
];

describe('the names of CATio', () => {
  it('are all 1957 here', () => {
    expect(catio).toHaveLength(1957);
    expect(catio.filter(({ pv }) => !named.has(pv))).toEqual([]);
  });

  it('have the same access, or are read-only for a reason that is listed', () => {
    const wrong = accessChanges(named);
    expect(wrong.filter(({ pv }) => !readOnly.some(({ names }) => names.test(pv)))).toEqual([]);
    expect(readOnly.filter(({ names }) => !wrong.some(({ pv }) => names.test(pv)))).toEqual([]);
    for (const { pv } of wrong) expect(named.get(pv)?.role, pv).toBe('value');
    expect(wrong).toHaveLength(PROTECTED);
  });

  it('have the same access without exception where the configuration says so', () => {
    const open = buildTree(facts, definitions, { coeWritable: 'all' });
    expect(accessChanges(namedPvs({ ...catioNaming, prefix: 'P' }, open.tree))).toEqual([]);
  });

  it('come from a plant without problems', () => expect(problems).toEqual([]));

  it('mean what they meant, or differ for a reason that is listed', () => {
    const unexplained = catio.filter(({ pv, type }) => {
      const now = kindOf(named.get(pv)?.attribute);
      return now !== type && !changeOf(pv, `${type} → ${now}`);
    });
    expect(unexplained).toEqual([]);
  });

  it.each(changes)('$what where $why', ({ what, names }) => {
    const changed = catio.filter(({ pv }) => names.test(pv));
    expect(changed.length).toBeGreaterThan(0);
    for (const { pv, type } of changed) {
      expect(`${type} → ${kindOf(named.get(pv)?.attribute)}`, pv).toBe(what);
    }
  });

  it('have no others beside them than those listed', () => {
    const known = new Set(catio.flatMap(({ pv }) => [pv, `${pv}_RBV`]));
    const added = [...named.keys()].filter((pv) => !known.has(pv) && !pv.endsWith('_RBV'));
    expect(added.filter((pv) => !additions.some(({ names }) => names.test(pv)))).toEqual([]);
    expect(additions.filter(({ names }) => !added.some((pv) => names.test(pv)))).toEqual([]);
  });
});

describe('the attributes under those names', () => {
  it('have the unit of what they measure', () => {
    expect(attribute('P:ETH1:RIO1:MOD2:AiStandardChannel1Value')).toMatchObject({
      unit: 'V',
      precision: 4,
      range: { low: -10, high: 10 },
    });
  });

  it('have labels whenever they are two states', () => {
    const bare = [...named]
      .filter(
        ([
          ,
          {
            attribute: { datatype, labels },
          },
        ]) => datatype.kind === 'bool' && !labels,
      )
      .map(([pv]) => pv);
    expect(bare).toEqual([]);
  });

  it('share regions: one notification per PDO, one poll per kind of diagnosis', () => {
    const regions = new Map<string, number>();
    for (const {
      attribute: { source },
    } of named.values()) {
      if (source.kind !== 'region') continue;
      const key = JSON.stringify(source.region);
      regions.set(key, (regions.get(key) ?? 0) + 1);
    }
    const of = (update: string) => [...regions.keys()].filter((key) => key.includes(`"${update}"`));
    expect(of('poll')).toHaveLength(5 + 22);
    expect(of('notify').length).toBeLessThanOrEqual(facts.symbols.length);
  });
});

function accessChanges(names: ReadonlyMap<string, { readonly role: string }>) {
  return catio.filter(({ pv, access }) => {
    const readback = names.get(`${pv}_RBV`);
    const role = access === 'RW' ? 'setpoint' : 'value';
    return names.get(pv)?.role !== role || (access === 'RW') !== (readback?.role === 'readback');
  });
}

function attribute(pv: string): Attribute | undefined {
  return named.get(pv)?.attribute;
}

function changeOf(pv: string, what: string) {
  return changes.find((change) => change.what === what && change.names.test(pv));
}

/** What CATio would call the type of an attribute. */
function kindOf(given: Attribute | undefined): string {
  if (!given) return 'nothing';
  const { datatype, labels, scale } = given;
  if (datatype.kind === 'array') return 'Waveform';
  if (datatype.kind === 'string') return 'String';
  if (datatype.kind === 'bool') return 'Bool';
  if (datatype.kind === 'float' || scale) return 'Float';
  return labels ? 'Enum' : 'Int';
}
