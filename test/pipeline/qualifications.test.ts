import { describe, expect, it } from 'vitest';
import {
  AlarmStatus,
  type Attribute,
  bool,
  i16,
  ProcessImage,
  Quality,
  Severity,
  u8,
} from '../../src/model/index.ts';
import { Qualifications } from '../../src/pipeline/qualifications.ts';

const wcstate = {
  attribute: 'wcstate',
  trouble: [1],
  status: AlarmStatus.comm,
  severity: Severity.invalid,
} as const;
const error = {
  attribute: 'error',
  trouble: { except: [0] },
  status: AlarmStatus.hwLimit,
  severity: Severity.major,
} as const;

const toggle = {
  attribute: 'toggle',
  trouble: 'standstill',
  status: AlarmStatus.timeout,
  severity: Severity.invalid,
} as const;

/** A value of 2 bytes, qualified by the three bytes behind it. */
function terminal() {
  const image = new ProcessImage();
  const block = image.addBlock(5);
  const slotOf = (byte: number, datatype: Attribute['datatype']) =>
    image.addSlot({ block, byte, bit: 0, datatype });
  const slots = new Map([
    ['value', slotOf(0, i16)],
    ['wcstate', slotOf(2, bool)],
    ['error', slotOf(3, u8)],
    ['toggle', slotOf(4, bool)],
  ]);
  const shared = { description: '', datatype: i16, access: 'r', source: 0 } as const;
  const attributes: Attribute[] = [
    { ...shared, name: 'value', qualifiers: [error, wcstate, toggle] },
  ];
  const qualifications = new Qualifications(image);
  qualifications.bind(attributes, slots);
  /** The three bytes, and the toggle at a time. */
  const apply = (bytes: readonly number[], toggled = 0, now = 0) => {
    image.apply(block, Uint8Array.from([...bytes, toggled]), 0, 5, 5, 0);
    qualifications.judge(now);
    const dirty = [...image.dirty.subarray(0, image.dirtyCount)];
    image.clearDirty();
    return dirty;
  };
  const value = slots.get('value') ?? -1;
  const said = () => {
    const alarm = image.alarm[value] ?? 0;
    return [alarm >> 8, alarm & 0xff, image.reason.get(value) ?? ''];
  };
  const bit = slots.get('toggle') ?? -1;
  return { image, block, slots, attributes, qualifications, apply, said, value, bit };
}

describe('Qualifications', () => {
  it('give a value the gravest alarm of its qualifiers, in the batch in which they change', () => {
    const { apply, said, value } = terminal();
    apply([1, 0, 0, 0]);
    expect(said()).toEqual([0, 0, '']);
    expect(apply([1, 0, 0, 3])).toContain(value);
    expect(said()).toEqual([Severity.major, AlarmStatus.hwLimit, 'error']);
    apply([1, 0, 1, 3]);
    expect(said()).toEqual([Severity.invalid, AlarmStatus.comm, 'wcstate']);
    apply([1, 0, 0, 3]);
    expect(said()).toEqual([Severity.major, AlarmStatus.hwLimit, 'error']);
    expect(apply([1, 0, 0, 0])).toContain(value);
    expect(said()).toEqual([0, 0, '']);
  });

  it('cost a value nothing that did not change', () => {
    const { apply, value } = terminal();
    apply([1, 0, 1, 0]);
    expect(apply([1, 0, 1, 0])).toEqual([]);
    expect(apply([1, 0, 1, 0])).not.toContain(value);
  });

  it('keep what was said last while the plant is away, and when it is bound again', () => {
    const { apply, said, image, block, qualifications, attributes, slots } = terminal();
    apply([1, 0, 1, 0]);
    image.degradeBlock(block, Quality.away, 6, 0);
    qualifications.judge(0);
    qualifications.begin();
    qualifications.bind(attributes, slots);
    expect(said()).toEqual([Severity.invalid, AlarmStatus.comm, 'wcstate']);
    apply([1, 0, 0, 0]);
    expect(said()).toEqual([0, 0, '']);
  });

  it('leave a value alone that nobody qualifies any more', () => {
    const { apply, said, qualifications, attributes, slots } = terminal();
    apply([1, 0, 1, 0]);
    qualifications.begin();
    qualifications.bind(
      attributes.map((each) => ({ ...each, qualifiers: [] })),
      slots,
    );
    expect(said()).toEqual([0, 0, '']);
  });

  it('know when a toggle changed last: its first value is no change, nor is its return', () => {
    const { apply, qualifications, image, block, bit } = terminal();
    apply([1, 0, 0, 0], 1, 100);
    expect(qualifications.toggledAt(bit)).toBe(0);
    apply([1, 0, 0, 0], 0, 200);
    expect(qualifications.toggledAt(bit)).toBe(200);
    apply([2, 0, 0, 0], 0, 300);
    expect(qualifications.toggledAt(bit)).toBe(200);
    image.degradeBlock(block, Quality.away, 6, 0);
    qualifications.judge(400);
    apply([2, 0, 0, 0], 1, 500);
    expect(qualifications.toggledAt(bit)).toBe(200);
  });

  it('let a toggle that stands still speak until it changes again', () => {
    const { apply, said, qualifications, bit } = terminal();
    apply([1, 0, 0, 0], 1, 100);
    qualifications.standsStill(bit, 7, 0);
    expect(said()).toEqual([Severity.invalid, AlarmStatus.timeout, 'toggle']);
    expect([qualifications.isStill(bit), qualifications.standstills]).toEqual([true, 1]);
    apply([2, 0, 0, 0], 1, 200);
    expect(said()).toEqual([Severity.invalid, AlarmStatus.timeout, 'toggle']);
    apply([2, 0, 0, 0], 0, 300);
    expect(said()).toEqual([0, 0, '']);
    expect([qualifications.isStill(bit), qualifications.standstills]).toEqual([false, 0]);
  });

  it('keep time of toggles that something depends on, and of nothing else', () => {
    const { qualifications, slots, bit } = terminal();
    expect(qualifications.needs(bit)).toBe(true);
    expect(qualifications.needs(slots.get('wcstate') ?? -1)).toBe(false);
    expect(qualifications.needs(4711)).toBe(false);
  });
});
