import { expect, it } from 'vitest';
import { AbsentRecords } from '../../src/records/engine/absent-records.ts';

it('a record that comes finds the links that lead to it, once', () => {
  const absent = new AbsentRecords();
  absent.await('A', { slot: 1, field: 'INP' });
  absent.await('A', { slot: 2, field: 'FLNK' });
  absent.await('B', { slot: 1, field: 'INP' });
  expect(absent.arrived('A')).toEqual([
    { slot: 1, field: 'INP' },
    { slot: 2, field: 'FLNK' },
  ]);
  expect(absent.arrived('A')).toEqual([]);
});

it('a link that leads elsewhere is found no more', () => {
  const absent = new AbsentRecords();
  absent.await('A', { slot: 1, field: 'INP' });
  absent.await('B', { slot: 1, field: 'INP' });
  absent.await('A', { slot: 1, field: 'OUT' });
  absent.forget({ slot: 1, field: 'INP' });
  expect(absent.arrived('A')).toEqual([{ slot: 1, field: 'OUT' }]);
  expect(absent.arrived('B')).toEqual([]);
});
