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

/** A value of 2 bytes, qualified by the two bytes behind it. */
function terminal() {
  const image = new ProcessImage();
  const block = image.addBlock(4);
  const slotOf = (byte: number, datatype: Attribute['datatype']) =>
    image.addSlot({ block, byte, bit: 0, datatype });
  const slots = new Map([
    ['value', slotOf(0, i16)],
    ['wcstate', slotOf(2, bool)],
    ['error', slotOf(3, u8)],
  ]);
  const shared = { description: '', datatype: i16, access: 'r', source: 0 } as const;
  const attributes: Attribute[] = [{ ...shared, name: 'value', qualifiers: [error, wcstate] }];
  const qualifications = new Qualifications(image);
  qualifications.bind(attributes, slots);
  const apply = (...bytes: number[]) => {
    image.apply(block, Uint8Array.from(bytes), 0, 4, 5, 0);
    qualifications.judge();
    const dirty = [...image.dirty.subarray(0, image.dirtyCount)];
    image.clearDirty();
    return dirty;
  };
  const value = slots.get('value') ?? -1;
  const said = () => {
    const alarm = image.alarm[value] ?? 0;
    return [alarm >> 8, alarm & 0xff, image.reason.get(value) ?? ''];
  };
  return { image, block, slots, attributes, qualifications, apply, said, value };
}

describe('Qualifications', () => {
  it('give a value the gravest alarm of its qualifiers, in the batch in which they change', () => {
    const { apply, said, value } = terminal();
    apply(1, 0, 0, 0);
    expect(said()).toEqual([0, 0, '']);
    expect(apply(1, 0, 0, 3)).toContain(value);
    expect(said()).toEqual([Severity.major, AlarmStatus.hwLimit, 'error']);
    apply(1, 0, 1, 3);
    expect(said()).toEqual([Severity.invalid, AlarmStatus.comm, 'wcstate']);
    apply(1, 0, 0, 3);
    expect(said()).toEqual([Severity.major, AlarmStatus.hwLimit, 'error']);
    expect(apply(1, 0, 0, 0)).toContain(value);
    expect(said()).toEqual([0, 0, '']);
  });

  it('cost a value nothing that did not change', () => {
    const { apply, value } = terminal();
    apply(1, 0, 1, 0);
    expect(apply(1, 0, 1, 0)).toEqual([]);
    expect(apply(1, 0, 1, 0)).not.toContain(value);
  });

  it('keep what was said last while the plant is away, and when it is bound again', () => {
    const { apply, said, image, block, qualifications, attributes, slots } = terminal();
    apply(1, 0, 1, 0);
    image.degradeBlock(block, Quality.away, 6, 0);
    qualifications.judge();
    qualifications.begin();
    qualifications.bind(attributes, slots);
    expect(said()).toEqual([Severity.invalid, AlarmStatus.comm, 'wcstate']);
    apply(1, 0, 0, 0);
    expect(said()).toEqual([0, 0, '']);
  });

  it('leave a value alone that nobody qualifies any more', () => {
    const { apply, said, qualifications, attributes, slots } = terminal();
    apply(1, 0, 1, 0);
    qualifications.begin();
    qualifications.bind(
      attributes.map((each) => ({ ...each, qualifiers: [] })),
      slots,
    );
    expect(said()).toEqual([0, 0, '']);
  });
});
