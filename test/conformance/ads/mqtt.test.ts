import { describe, expect, it, vi } from 'vitest';
import { amsNetId, amsPort, connectAds, Port, readBytes } from '../../../src/ads/index.ts';
import { Scope, silentLog } from '../../../src/kernel/index.ts';
import { bytes, hex } from '../../ads/bytes.ts';
import { aedesBroker, mqttClient } from '../../support/broker.ts';

// facts/ads-over-mqtt.md sections 2, 4 and 5: topics, packets without TCP prefix, info.
describe('an exchange of ADS over MQTT', () => {
  it('is this, byte for byte', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const seen: string[] = [];
    const wire = await mqttClient(scope, broker);
    wire.on('message', (topic, payload, { qos }) => {
      seen.push(`${topic} (QoS ${qos}): ${hex(payload)}`);
      if (topic !== 'Plant/5.166.203.208.1.1/ams') return;
      // The answer: 4 bytes of data, and a stray one behind the packet.
      const answer =
        'c0 a8 01 0a 01 01 40 1f 05 a6 cb d0 01 01 2c 01 02 00 05 00 0c 00 00 00 00 00 00 00 ' +
        '01 00 00 00 00 00 00 00 04 00 00 00 07 00 00 00 ff';
      wire.publish('Plant/192.168.1.10.1.1/ams/res', Buffer.from(bytes(answer)));
    });
    await wire.subscribeAsync('Plant/+/ams/#', { qos: 2 });
    const client = scope.use(
      await connectAds({
        transport: { kind: 'mqtt', url: broker.url, topic: 'Plant' },
        source: { netId: amsNetId('192.168.1.10.1.1'), port: amsPort(8000) },
        log: silentLog,
      }),
    );
    const target = { netId: amsNetId('5.166.203.208.1.1'), port: Port.ioServer };
    const device = { group: 0x5000, offset: 2, length: 4 };
    expect(hex(await readBytes(client, target, device))).toBe('07 00 00 00');
    await vi.waitFor(() => expect(seen.length).toBe(2));
    expect(seen).toEqual([
      'Plant/5.166.203.208.1.1/ams (QoS 0): ' +
        '05 a6 cb d0 01 01 2c 01 c0 a8 01 0a 01 01 40 1f 02 00 04 00 0c 00 00 00 00 00 00 00 ' +
        '01 00 00 00 00 50 00 00 02 00 00 00 04 00 00 00',
      expect.stringContaining('Plant/192.168.1.10.1.1/ams/res (QoS 0): c0 a8 01 0a 01 01 40 1f'),
    ]);
    expect(client.transportCounters).toMatchObject({ trailing: 1, malformed: 0 });
  });

  it('begins with our info, and ends with it', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const wire = await mqttClient(scope, broker);
    const infos: string[] = [];
    wire.on('message', (_, payload) => infos.push(payload.toString()));
    await wire.subscribeAsync('Plant/+/info', { qos: 2 });
    const client = await connectAds({
      transport: { kind: 'mqtt', url: broker.url, topic: 'Plant', displayName: 'IOC "3" <B&W>' },
      source: { netId: amsNetId('192.168.1.10.1.1'), port: amsPort(8000) },
      log: silentLog,
    });
    await client[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(infos.length).toBe(2));
    const online =
      /^<info><online name="IOC &quot;3&quot; &lt;B&amp;W&gt;" osVersion="[^"]+" osPlatform="0" tcVersion="[^"]+">(true|false)<\/online><\/info>$/;
    expect(infos.map((info) => online.exec(info)?.[1])).toEqual(['true', 'false']);
  });
});
