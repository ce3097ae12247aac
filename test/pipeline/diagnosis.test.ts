import { describe, expect, it } from 'vitest';
import { AdsError } from '../../src/ads/index.ts';
import { IocError } from '../../src/kernel/index.ts';
import { Diagnostician, type SessionEnd } from '../../src/pipeline/diagnosis.ts';
import { PlantState } from '../../src/pipeline/plant-status.ts';

const parties = { peer: 'plc:48898', ours: '192.168.1.10.1.1', theirs: '5.1.2.3.1.1' };

function end(given: Partial<SessionEnd>): SessionEnd {
  const error = new IocError('pipeline/link-lost', 'the connection ended: closed by the peer');
  return { error, accepted: true, answered: true, served: true, lifeMs: 60_000, ...given };
}

describe('a session that ended', () => {
  it('was the network when nothing was accepted', () => {
    const error = new IocError('ads/connect', 'Connect to tcp://plc: refused');
    const { state, text, pace } = new Diagnostician().diagnose(
      end({ error, accepted: false, answered: false }),
      parties,
    );
    expect([state, pace]).toEqual([PlantState.disconnected, 'soon']);
    expect(text).toBe('network: Connect to tcp://plc: refused');
  });

  it('lacked a route when it was accepted and nothing came, and names our NetId', () => {
    const silent = end({ answered: false, served: false });
    const diagnosis = new Diagnostician().diagnose(silent, parties);
    expect([diagnosis.state, diagnosis.pace]).toEqual([PlantState.noRoute, 'patient']);
    expect(diagnosis.text).toContain('add a route for our NetId 192.168.1.10.1.1');
    expect(diagnosis.text).not.toContain('hangs');
  });

  it('lacked a route, or hangs, when it was served before: then it may be back soon', () => {
    const diagnostician = new Diagnostician();
    diagnostician.diagnose(end({}), parties);
    const { state, text, pace } = diagnostician.diagnose(
      end({ answered: false, served: false }),
      parties,
    );
    expect([state, pace]).toEqual([PlantState.noRoute, 'soon']);
    expect(text).toContain('it hangs, or add a route for our NetId 192.168.1.10.1.1');
  });

  it('asked for a NetId that the router does not know when the AMS error was 7', () => {
    const error = new IocError('twincat/symbols', 'Symbols cannot be read', {
      cause: new AdsError('ads/undelivered', 7, 'not delivered'),
    });
    const { state, text } = new Diagnostician().diagnose(end({ error }), parties);
    expect(state).toBe(PlantState.noRoute);
    expect(text).toContain('knows no 5.1.2.3.1.1');
  });

  it('was evicted when a second good start in a row was cut within seconds', () => {
    const diagnostician = new Diagnostician();
    const cut = end({ lifeMs: 900 });
    expect(diagnostician.diagnose(cut, parties).text).not.toContain('evicted');
    const { text, pace } = diagnostician.diagnose(cut, parties);
    expect(text).toContain('another client on this host');
    expect(pace).toBe('patient');
  });

  it('was not evicted when a long life lies between two short ones', () => {
    const diagnostician = new Diagnostician();
    diagnostician.diagnose(end({ lifeMs: 900 }), parties);
    diagnostician.diagnose(end({ lifeMs: 60_000 }), parties);
    expect(diagnostician.diagnose(end({ lifeMs: 900 }), parties).text).not.toContain('evicted');
  });
});
