import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metadataOf } from '../../../src/records/index.ts';
import { SoftRig } from '../../records/soft-rig.ts';

const lines = readFileSync(new URL('metadata.txt', import.meta.url), 'utf8').split('\n');
const isRecord = (line: string) => line.startsWith('record');
const rig = new SoftRig(lines.filter(isRecord).join('\n'));
const { records } = rig;

describe('fields tell what those of EPICS base tell in DBR_CTRL_DOUBLE', () => {
  for (const line of lines.filter((line) => /^\w+\./.test(line))) {
    const [name = '', ...facts] = line.split(' ');

    it(name, () => {
      const { units, precision, display, control, alarm } = metadataFor(name);
      expect([
        `units=${units}`,
        `prec=${precision}`,
        `display=${general(display.low)}..${general(display.high)}`,
        `control=${general(control.low)}..${general(control.high)}`,
        `alarm=${[alarm.lolo, alarm.low, alarm.high, alarm.hihi].map(general).join(',')}`,
      ]).toEqual(facts);
    });
  }
});

function metadataFor(name: string) {
  const [record = '', field = ''] = name.split('.');
  const found = records.field(records.slotOf(record) ?? -1, field);
  if (!found) throw new Error(`no ${name}`);
  return metadataOf(records.columns, found);
}

/** As caget prints limits: C's %g. */
function general(number: number): string {
  if (Number.isNaN(number)) return 'nan';
  const text = String(Number(number.toPrecision(6)));
  const size = Math.abs(number);
  return size >= 1e6
    ? Number(text)
        .toExponential()
        .replace(/e\+(\d)$/, 'e+0$1')
    : text;
}
