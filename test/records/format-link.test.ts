import { describe, expect, it } from 'vitest';
import { SoftRig } from './soft-rig.ts';

describe('link fields read as EPICS base gives them back', () => {
  const rig = new SoftRig(`record(calc,"D"){field(INPA,"C.B  CP  MS ") field(INPB,"X:Y CA MSI")
    field(INPC,"1.50") field(INPD," 0x10 ") field(INPE,"C.VAL PP MSS") field(INPG,[1,2])
    field(INPH,"D") field(FLNK,"C") field(SDIS,"C.A")}
    record(calcout,"C"){field(INPA,"D CPP") field(OUT,"D.A CA") field(FLNK,"D CA")
    field(INPB,"D.DESC$")}`);

  const expected = {
    'D.INPA': 'C.B CP MS',
    'D.INPB': 'X:Y CA MSI',
    'D.INPC': '1.50',
    'D.INPD': '0x10',
    'D.INPE': 'C.VAL PP MSS',
    'D.INPF': '',
    'D.INPG': '[1,2]',
    'D.INPH': 'D NPP NMS',
    'D.FLNK': 'C',
    'D.SDIS': 'C.A NPP NMS',
    'C.INPA': 'D CPP NMS',
    'C.OUT': 'D.A CA NMS',
    'C.FLNK': 'D CA',
    'C.INPB': 'D.DESC$ NPP NMS',
  };
  for (const [field, text] of Object.entries(expected)) {
    it(`${field} is "${text}"`, () => expect(rig.get(field)).toBe(text));
  }
});
