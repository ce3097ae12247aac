import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textContent } from '../../../src/bus/files/content.ts';
import { FileClient } from '../../../src/bus/files/file-client.ts';
import { fileService } from '../../../src/bus/files/file-service.ts';
import { FileStore } from '../../../src/bus/files/file-store.ts';
import { allowing } from '../../../src/bus/files/hosts.ts';
import { configSnapshot } from '../../../src/bus/files/operations/config-snapshot.ts';
import type { ConfigType } from '../../../src/bus/files/operations/config-type.ts';
import { configUpdate } from '../../../src/bus/files/operations/config-update.ts';
import type { LogSource } from '../../../src/bus/files/operations/log-source.ts';
import { logUpload } from '../../../src/bus/files/operations/log-upload.ts';
import { softwareList } from '../../../src/bus/files/operations/software-list.ts';
import { FileTransfer } from '../../../src/bus/files/transfer.ts';
import { serveHttp } from '../../../src/bus/http/server.ts';
import {
  type Entity,
  type JsonObject,
  leftToNext,
  type Operation,
} from '../../../src/bus/index.ts';
import { Scope, silentLog, systemClock } from '../../../src/kernel/index.ts';

const never = new AbortController().signal;
const entity = (kind: Entity['kind']) => ({ kind, id: 'T', topicId: 'device/T//' }) as Entity;

/** A file service, and the way to it: over HTTP, or straight to its store. */
async function service(scope: Scope, isOurs: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-operations-'));
  scope.defer(() => rmSync(folder, { recursive: true }));
  const store = await FileStore.open(folder, { maxBytes: 100_000, maxFiles: 10 });
  const options = { host: '127.0.0.1', port: 0, log: silentLog, clock: systemClock };
  const { url } = scope.use(await serveHttp([fileService(store)], options));
  const least = { seconds: 5, bytes: 1 };
  const given = { allows: allowing([]), maxBytes: 1000, clock: systemClock, least };
  const client = new FileClient(given);
  const transfer = new FileTransfer({
    client,
    base: url,
    maxBytes: 1000,
    ...(isOurs && { own: { store, bases: [] } }),
  });
  const base = `${url}/te/v1/files`;
  const text = async (path: string) => {
    const answer = await fetch(path);
    return answer.status === 200 ? answer.text() : answer.status;
  };
  const put = (path: string, body: string) => fetch(`${base}${path}`, { method: 'PUT', body });
  return { transfer, base, text, put };
}

async function ran(operation: Operation, input: JsonObject): Promise<JsonObject> {
  const done = await operation.run(input, { id: 'cmd-1', entity: entity('ioc') }, never);
  if (done === leftToNext) throw new Error('it is not at its end');
  return done;
}

const log: LogSource = {
  type: 'ioc',
  *read() {
    for (let minute = 0; minute < 5; minute++) {
      const at = Date.UTC(2026, 6, 29, 12, minute);
      yield { at, text: `line ${minute}` };
      if (minute === 2) yield { at: undefined, text: '  at some place' };
    }
  },
};

describe.each([
  ['over HTTP', false],
  ['of our own', true],
])('with a file service %s', (_, isOurs) => {
  it('log_upload sends the lines of a log to where its asker wants them', async () => {
    await using scope = new Scope();
    const { transfer, base, text } = await service(scope, isOurs);
    const operation = logUpload([log], transfer);
    const tedgeUrl = `${base}/main/log_upload/ioc-1`;
    expect(await ran(operation, { type: 'ioc', tedgeUrl })).toEqual({ tedgeUrl });
    expect(await text(tedgeUrl)).toBe('line 0\nline 1\nline 2\n  at some place\nline 3\nline 4\n');
  });

  it('log_upload selects by time, text and number', async () => {
    await using scope = new Scope();
    const { transfer, base, text } = await service(scope, isOurs);
    const operation = logUpload([log], transfer);
    const lines = async (input: JsonObject) => {
      await ran(operation, { type: 'ioc', tedgeUrl: `${base}/log`, ...input });
      return text(`${base}/log`);
    };
    const [dateFrom, dateTo] = ['2026-07-29T12:01:30Z', '2026-07-29T14:02:00+02:00'];
    expect(await lines({ dateFrom, dateTo })).toBe('line 2\n  at some place\n');
    expect(await lines({ lines: 2 })).toBe('line 3\nline 4\n');
    expect(await lines({ searchText: 'place' })).toBe('  at some place\n');
    expect(await lines({ searchText: 'nothing of the kind' })).toBe('');
  });

  it('config_snapshot finds a place of its own where its asker has none', async () => {
    await using scope = new Scope();
    const { transfer, base, text } = await service(scope, isOurs);
    const type: ConfigType = {
      type: 'ioc-config',
      snapshot: async () => ({ content: textContent('prefix: T\n'), path: '/etc/ioc.yaml' }),
    };
    const result = await ran(configSnapshot([type], transfer), { type: 'ioc-config' });
    const tedgeUrl = `${base}/T/config_snapshot/ioc-config-cmd-1`;
    expect(result).toEqual({ tedgeUrl, path: '/etc/ioc.yaml' });
    expect(await text(tedgeUrl)).toBe('prefix: T\n');
  });

  it('config_update hands on what it fetched, and deletes it there and here', async () => {
    await using scope = new Scope();
    const { transfer, base, text, put } = await service(scope, isOurs);
    await put('/new', 'prefix: N\n');
    const seen: string[] = [];
    const type: ConfigType = {
      type: 'ioc-config',
      snapshot: async () => ({ content: textContent('') }),
      async update(file) {
        seen.push(file, readFileSync(file, 'utf8'));
        return { path: '/etc/ioc.yaml' };
      },
    };
    const operation = configUpdate([type], transfer, silentLog);
    const input = { type: 'ioc-config', tedgeUrl: `${base}/new`, remoteUrl: 'http://cloud/x' };
    expect(await ran(operation, input)).toEqual({ path: '/etc/ioc.yaml' });
    expect(seen[1]).toBe('prefix: N\n');
    expect(existsSync(seen[0] ?? '')).toBe(false);
    expect(await text(`${base}/new`)).toBe(404);
  });

  it('config_update takes nothing that is too large or not what was meant', async () => {
    await using scope = new Scope();
    const { transfer, base, put } = await service(scope, isOurs);
    const type: ConfigType = {
      type: 'ioc-config',
      snapshot: async () => ({ content: textContent('') }),
      update: async () => expect.unreachable(),
    };
    const operation = configUpdate([type], transfer, silentLog);
    const refusal = async (body: string, more: JsonObject = {}) => {
      await put('/new', body);
      return ran(operation, { type: 'ioc-config', tedgeUrl: `${base}/new`, ...more });
    };
    await expect(refusal('x'.repeat(2000))).rejects.toThrow('1000');
    await expect(refusal('x', { sha256: '0'.repeat(64) })).rejects.toThrow('its SHA-256 is');
  });

  it('config_update takes nothing that is larger than its type may be', async () => {
    await using scope = new Scope();
    const { transfer, base, put } = await service(scope, isOurs);
    await put('/new', 'x'.repeat(60));
    const type: ConfigType = {
      ...{ type: 'ioc-config', maxBytes: 50 },
      snapshot: async () => ({ content: textContent('') }),
      update: async () => expect.unreachable(),
    };
    const asked = ran(configUpdate([type], transfer, silentLog), {
      ...{ type: 'ioc-config', tedgeUrl: `${base}/new` },
    });
    await expect(asked).rejects.toThrow('it has 60 bytes; ioc-config has 50 at most');
  });

  it('tells of a file that is not there', async () => {
    await using scope = new Scope();
    const { transfer, base } = await service(scope, isOurs);
    const fetched = transfer.fetch(`${base}/none`, join(tmpdir(), 'none'), undefined, never);
    await expect(fetched).rejects.toThrow(`${base}/none`);
  });
});

describe('a file operation', () => {
  const transfer = {} as FileTransfer;
  const only: ConfigType = {
    type: 'topology',
    snapshot: async () => ({ content: textContent('') }),
  };

  it('is for servers and the IOC, whose types it tells', () => {
    const operations = [
      logUpload([log], transfer),
      configSnapshot([only], transfer),
      configUpdate(
        [{ ...only, type: 'autosave', update: async () => ({}) }, only],
        transfer,
        silentLog,
      ),
    ];
    const told = (kind: Entity['kind']) => operations.map((each) => each.capability(entity(kind)));
    expect(told('ioc')).toEqual([
      { types: ['ioc'] },
      { types: ['topology'] },
      { types: ['autosave'] },
    ]);
    expect(told('server')).toEqual(told('ioc'));
    expect(told('slave')).toEqual([undefined, undefined, undefined]);
    expect(operations.map(({ guard }) => guard)).toEqual(['read', 'read', 'control']);
  });

  it('says which types there are when it is asked for another', async () => {
    const asked = (operation: Operation, input: JsonObject) => ran(operation, input);
    await expect(asked(logUpload([log], transfer), { type: 'bob' })).rejects.toThrow(
      'there is no log "bob"; there are ioc',
    );
    await expect(asked(configSnapshot([only], transfer), { type: 'bob' })).rejects.toThrow(
      'there is no configuration "bob"; there are topology',
    );
    const changing = { ...only, type: 'autosave', update: async () => ({}) };
    const operation = configUpdate([changing, only], transfer, silentLog);
    await expect(asked(operation, { type: 'topology' })).rejects.toThrow(
      'topology cannot be changed, only autosave can',
    );
    await expect(asked(operation, { type: 'autosave' })).rejects.toThrow(
      'give tedgeUrl or remoteUrl',
    );
  });

  it('says which of its input is wrong', async () => {
    const operation = logUpload([log], transfer);
    await expect(ran(operation, { type: 'ioc', dateFrom: 'yesterday', lines: 0 })).rejects.toThrow(
      'bad input: dateFrom: "yesterday" is not a time such as 2026-07-29T13:05:07Z; lines: ',
    );
  });

  it('software_list tells of each type its modules', async () => {
    const operation = softwareList(() => [
      { type: 'ioc', name: 'twincat-ioc', version: '0.1.0' },
      { type: 'runtime', name: 'node', version: '20.19.0' },
    ]);
    expect(operation.capability(entity('ioc'))).toEqual({ types: ['ioc', 'runtime'] });
    expect(operation.capability(entity('server'))).toBeUndefined();
    expect(await ran(operation, {})).toEqual({
      currentSoftwareList: [
        { type: 'ioc', modules: [{ name: 'twincat-ioc', version: '0.1.0' }] },
        { type: 'runtime', modules: [{ name: 'node', version: '20.19.0' }] },
      ],
    });
  });
});
