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

/** Every kind of name that CATio does not have, and why it is here. */
const additions: readonly { names: RegExp; why: string }[] = [
  { names: /^P:ETH1:MasterState$/, why: 'EtherCAT state of the master' },
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
    names: /:MOD5:Pai(Status|Sts|Timestamp|SynchronousOversampling|Control|Tc)\w+$/,
    why: 'process data of ELM3704 beside the samples: served when the plant has it',
  },
];

describe('the names of CATio', () => {
  it('are all 1957 here, with the same access', () => {
    expect(catio).toHaveLength(1957);
    const wrong = catio.filter(({ pv, access }) => {
      const readback = named.get(`${pv}_RBV`);
      const role = access === 'RW' ? 'setpoint' : 'value';
      return named.get(pv)?.role !== role || (access === 'RW') !== (readback?.role === 'readback');
    });
    expect(wrong).toEqual([]);
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
