import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { fileService } from '../../src/bus/files/file-service.ts';
import { FileStore } from '../../src/bus/files/file-store.ts';
import { serveHttp } from '../../src/bus/http/server.ts';
import { loadConfig } from '../../src/config/index.ts';
import { startIoc } from '../../src/ioc.ts';
import { Scope, silentLog, systemClock } from '../../src/kernel/index.ts';
import { hasMosquitto, mosquitto } from '../support/broker.ts';
import { temporaryFile } from '../support/demo-ioc.ts';
import { hasMosquittoClients, mosquittoPub, mosquittoSub } from '../support/mosquitto-clients.ts';

it.skipIf(!hasMosquitto || !hasMosquittoClients)(
  'an IOC that is a child sends its files to the service of the agent',
  async () => {
    await using scope = new Scope();
    const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-agent-'));
    scope.defer(() => rmSync(folder, { recursive: true }));
    const store = await FileStore.open(folder, { maxBytes: 1_000_000, maxFiles: 10 });
    const about = { host: '127.0.0.1', port: 0, token: 'sesame', clock: systemClock };
    const agent = await serveHttp([fileService(store)], { ...about, log: silentLog });
    scope.use(agent);
    const broker = (await mosquitto(scope, 'allow_anonymous true')).plain;
    const text = `prefix: T
plants: []
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
bus: { url: '${broker.url}', files: { url: '${agent.url}', token: sesame } }
`;
    const script = temporaryFile(scope, 'ioc.yaml', text);
    const env = { EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_ADDR_LIST: '127.0.0.1:1' };
    const sub = await mosquittoSub(scope, broker, ['te/#']);
    scope.use(await startIoc(loadConfig(script), { log: silentLog, env, script }, scope.signal));
    const commands = 'te/device/main/service/T/cmd/config_snapshot';
    const deadline = { timeout: 20_000, interval: 20 };
    await vi.waitFor(() => {
      expect(JSON.parse(sub.on(commands).at(-1) ?? '{}').types).toContain('ioc-config');
    }, deadline);
    const init = JSON.stringify({ type: 'ioc-config', time: new Date().toISOString() });
    await mosquittoPub(broker, `${commands}/1`, init, ['-r', '-q', '1']);
    const url = `${agent.url}/te/v1/files/T/config_snapshot/ioc-config-1`;
    await vi.waitFor(() => {
      const last = JSON.parse(sub.on(`${commands}/1`).at(-1) ?? '{}');
      expect(last).toMatchObject({ status: 'successful', tedgeUrl: url, path: script });
    }, deadline);
    const headers = { authorization: 'Bearer sesame' };
    const sent = await (await fetch(url, { headers })).text();
    expect(sent).toContain('prefix: T');
    expect(sent).not.toContain('sesame');
  },
);
