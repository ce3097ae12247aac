import { describe, expect, it } from 'vitest';
import { caOptionsFromEnv, servesCa } from '../../src/ca/index.ts';
import { broadcastOf, isMulticast } from '../../src/ca/interfaces.ts';
import { completeOptions } from '../../src/ca/options.ts';

describe('the EPICS environment', () => {
  it('that ignores rsrv leaves Channel Access out, and says so once', () => {
    const said: string[] = [];
    const serves = (text?: string) =>
      servesCa(text === undefined ? {} : { EPICS_IOC_IGNORE_SERVERS: text }, (line) =>
        said.push(line),
      );
    expect([serves(), serves(''), serves('qsrv'), serves('rsrv2 xrsrv')]).not.toContain(false);
    expect(said).toEqual([]);
    expect([serves('rsrv'), serves('qsrv  rsrv')]).toEqual([false, false]);
    expect(said).toHaveLength(2);
    expect(said[0]).toBe('Channel Access is not served: EPICS_IOC_IGNORE_SERVERS names rsrv');
  });

  it('that is empty gives the EPICS defaults', () => {
    const options = completeOptions(caOptionsFromEnv({}));
    expect(options).toMatchObject({ port: 5064, interfaces: [], ignore: [] });
    expect(options.beacons).toEqual({
      addresses: [],
      auto: true,
      port: 5065,
      periodSeconds: 15,
      hops: 1,
    });
  });

  it('names the port, the server variable before the common one', () => {
    const both = { EPICS_CAS_SERVER_PORT: '6064', EPICS_CA_SERVER_PORT: '7064' };
    expect(caOptionsFromEnv(both).port).toBe(6064);
    expect(caOptionsFromEnv({ EPICS_CA_SERVER_PORT: '7064' }).port).toBe(7064);
    expect(caOptionsFromEnv({ EPICS_CA_SERVER_PORT: 'nonsense' }).port).toBeUndefined();
  });

  it('lists interfaces and addresses to ignore', () => {
    const options = caOptionsFromEnv({
      EPICS_CAS_INTF_ADDR_LIST: ' 10.0.0.1  239.1.2.3 ',
      EPICS_CAS_IGNORE_ADDR_LIST: '10.0.0.9',
    });
    expect(options.interfaces).toEqual(['10.0.0.1', '239.1.2.3']);
    expect(options.ignore).toEqual(['10.0.0.9']);
    expect(caOptionsFromEnv({ EPICS_CAS_INTF_ADDR_LIST: '0.0.0.0' }).interfaces).toEqual([]);
  });

  it('says where beacons go', () => {
    const { beacons } = caOptionsFromEnv({
      EPICS_CAS_BEACON_ADDR_LIST: '10.0.0.255 10.1.0.255:7065',
      EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'no',
      EPICS_CAS_BEACON_PERIOD: '5',
      EPICS_CA_REPEATER_PORT: '6065',
    });
    const addresses = ['10.0.0.255', '10.1.0.255:7065'];
    expect(beacons).toEqual({ addresses, auto: false, periodSeconds: 5, port: 6065 });
  });

  it.each([
    ['EPICS_CAS_SERVER_PORT', 'http', 'not a port from 5001 on, the default holds'],
    ['EPICS_CA_SERVER_PORT', '5000', 'not a port from 5001 on, the default holds'],
    ['EPICS_CAS_BEACON_PORT', '70000', 'not a port from 5001 on, the default holds'],
    ['EPICS_CAS_BEACON_PERIOD', '-1', 'not a positive number, the default holds'],
    ['EPICS_CA_MCAST_TTL', 'far', 'not a positive number, the default holds'],
    ['EPICS_CAS_AUTO_BEACON_ADDR_LIST', 'maybe', 'neither YES nor NO, counts as NO'],
    ['EPICS_CAS_INTF_ADDR_LIST', '10.0.0.1 0.0.0.0', '0.0.0.0 counts only when it is alone'],
  ])('that says nonsense in %s is complained about once: "%s"', (name, value, why) => {
    const lines: string[] = [];
    caOptionsFromEnv({ [name]: value }, (line) => lines.push(line));
    expect(lines).toEqual([`${name}="${value}": ${why}`]);
  });

  it('that says nonsense leaves the C defaults', () => {
    const nonsense = {
      ...{ EPICS_CAS_SERVER_PORT: 'x', EPICS_CA_SERVER_PORT: '6064' },
      ...{ EPICS_CAS_BEACON_PERIOD: '0', EPICS_CAS_BEACON_PORT: '1' },
    };
    const { port, beacons } = completeOptions(caOptionsFromEnv(nonsense));
    expect([port, beacons.port, beacons.periodSeconds]).toEqual([5064, 5065, 15]);
  });

  it('that says nothing wrong is not complained about', () => {
    const lines: string[] = [];
    caOptionsFromEnv({ EPICS_CAS_SERVER_PORT: ' 6064 ' }, (line) => lines.push(line));
    expect(lines).toEqual([]);
  });

  it('bounds arrays only when EPICS_CA_AUTO_ARRAY_BYTES is NO, at 16 KiB or more', () => {
    const bytes = (auto: string, max: string) =>
      caOptionsFromEnv({ EPICS_CA_AUTO_ARRAY_BYTES: auto, EPICS_CA_MAX_ARRAY_BYTES: max }).limits
        ?.maxArrayBytes;
    expect(bytes('YES', '1000000')).toBeUndefined();
    expect(bytes('NO', '1000000')).toBe(1_000_000);
    expect(bytes('NO', '10')).toBe(16_384);
  });
});

describe('addresses', () => {
  it('of broadcast end in ones where the mask is zero', () => {
    expect(broadcastOf('192.168.1.7', '255.255.255.0')).toBe('192.168.1.255');
    expect(broadcastOf('10.1.2.3', '255.255.240.0')).toBe('10.1.15.255');
  });

  it('of multicast are 224 to 239', () => {
    expect(['223.0.0.1', '224.0.0.1', '239.9.9.9', '240.0.0.1'].map(isMulticast)).toEqual([
      ...[false, true],
      ...[true, false],
    ]);
  });
});
