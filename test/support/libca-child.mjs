// A Channel Access client on the real libca, in a process of its own. libca calls back from its own
// threads and waits until JavaScript has listened, so the main thread must never wait for libca:
// every call is made on the one thread of the pool (UV_THREADPOOL_SIZE=1), which owns the context.
// Parent and child speak IPC: { id, op, ...arguments } → { id, result } or { id, error }; events of
// monitors, connections and exceptions come as { event, … } on their own.
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import koffi from 'koffi';

const CONNECTION_UP = 6;
const NORMAL = 1;
const PREEMPTIVE = 1;

const ca = koffi.load(process.env.LIBCA_PATH ?? findLibrary());
// Whoever only asks whether libca can be loaded has the answer now.
if (process.argv.includes('--probe')) process.exit(0);

// Opaque pointers travel as integers.
const eventArgs = koffi.struct('event_handler_args', {
  usr: 'uint64',
  chid: 'uint64',
  type: 'long',
  count: 'long',
  dbr: 'void *',
  status: 'int',
});
const connectionArgs = koffi.struct('connection_handler_args', { chid: 'uint64', op: 'long' });
const accessArgs = koffi.struct('access_rights_handler_args', { chid: 'uint64', rights: 'uint' });
const exceptionArgs = koffi.struct('exception_handler_args', {
  usr: 'uint64',
  chid: 'uint64',
  type: 'long',
  count: 'long',
  addr: 'uint64',
  stat: 'long',
  op: 'long',
  ctx: 'const char *',
  file: 'const char *',
  line: 'uint',
});
const onEvent = koffi.pointer(koffi.proto('void onEvent(event_handler_args args)'));
const onConnection = koffi.pointer(koffi.proto('void onConnection(connection_handler_args args)'));
const onAccess = koffi.pointer(koffi.proto('void onAccess(access_rights_handler_args args)'));
const onException = koffi.pointer(koffi.proto('void onException(exception_handler_args args)'));
void [eventArgs, connectionArgs, accessArgs, exceptionArgs];

const out = koffi.out(koffi.pointer('uint64'));
const f = {
  contextCreate: onPool('ca_context_create', 'int', ['int']),
  flush: onPool('ca_flush_io', 'int', []),
  create: onPool('ca_create_channel', 'int', ['str', onConnection, 'uint64', 'uint', out]),
  clear: onPool('ca_clear_channel', 'int', ['uint64']),
  fieldType: onPool('ca_field_type', 'short', ['uint64']),
  elementCount: onPool('ca_element_count', 'ulong', ['uint64']),
  readAccess: onPool('ca_read_access', 'uint', ['uint64']),
  writeAccess: onPool('ca_write_access', 'uint', ['uint64']),
  hostName: onPool('ca_host_name', 'str', ['uint64']),
  get: onPool('ca_array_get_callback', 'int', ['long', 'ulong', 'uint64', onEvent, 'uint64']),
  put: onPool('ca_array_put', 'int', ['long', 'ulong', 'uint64', 'void *']),
  putNotify: onPool('ca_array_put_callback', 'int', [
    ...['long', 'ulong', 'uint64', 'void *'],
    ...[onEvent, 'uint64'],
  ]),
  subscribe: onPool('ca_create_subscription', 'int', [
    ...['long', 'ulong', 'uint64', 'long'],
    ...[onEvent, 'uint64', out],
  ]),
  unsubscribe: onPool('ca_clear_subscription', 'int', ['uint64']),
  onAccess: onPool('ca_replace_access_rights_event', 'int', ['uint64', onAccess]),
  onException: onPool('ca_add_exception_event', 'int', [onException, 'uint64']),
  message: onPool('ca_message', 'str', ['long']),
};
const sizeOf = koffi.decode(ca.symbol('dbr_size', 'uint16'), 'uint16', 39);
const valueSizeOf = koffi.decode(ca.symbol('dbr_value_size', 'uint16'), 'uint16', 39);

/** Answers to wait for, by the number that goes through libca as user pointer. */
const waiting = new Map();
const monitors = new Map();
const channels = new Map();
const names = new Map();
/** Connections that came before ca_create_channel had returned. */
const early = new Map();
let lastUse = 0;

const answered = koffi.register((args) => {
  const settle = waiting.get(Number(args.usr));
  waiting.delete(Number(args.usr));
  settle?.(describe(args));
}, onEvent);
const updated = koffi.register((args) => {
  process.send({ event: 'update', monitor: Number(args.usr), ...describe(args) });
}, onEvent);
const connected = koffi.register(({ chid, op }) => {
  const up = Number(op) === CONNECTION_UP;
  const channel = names.get(String(chid));
  if (channel !== undefined) tellConnection(channel, up);
  else early.set(String(chid), [...(early.get(String(chid)) ?? []), up]);
}, onConnection);
const granted = koffi.register(({ chid, rights }) => {
  process.send({ event: 'access', channel: names.get(String(chid)), rights });
}, onAccess);
const excepted = koffi.register(({ stat, ctx }) => {
  process.send({ event: 'exception', status: Number(stat), context: ctx });
}, onException);

const operations = {
  async create({ channel, name, priority }) {
    const chid = [0n];
    check('ca_create_channel', await f.create(name, connected, 0, priority, chid));
    channels.set(channel, chid[0]);
    names.set(String(chid[0]), channel);
    for (const up of early.get(String(chid[0])) ?? []) tellConnection(channel, up);
    check('ca_replace_access_rights_event', await f.onAccess(chid[0], granted));
  },
  async info({ channel }) {
    const chid = channels.get(channel);
    return {
      type: await f.fieldType(chid),
      count: Number(await f.elementCount(chid)),
      read: (await f.readAccess(chid)) !== 0,
      write: (await f.writeAccess(chid)) !== 0,
      host: await f.hostName(chid),
    };
  },
  get({ channel, type, count }) {
    return answer((use) => f.get(type, count, channels.get(channel), answered, use));
  },
  async put({ channel, type, count, bytes }) {
    const value = Buffer.from(bytes, 'base64');
    check('ca_array_put', await f.put(type, count, channels.get(channel), value));
  },
  putNotify({ channel, type, count, bytes }) {
    const value = Buffer.from(bytes, 'base64');
    const chid = channels.get(channel);
    return answer((use) => f.putNotify(type, count, chid, value, answered, use));
  },
  async subscribe({ channel, monitor, type, count, mask }) {
    const evid = [0n];
    const chid = channels.get(channel);
    check('subscribe', await f.subscribe(type, count, chid, mask, updated, monitor, evid));
    monitors.set(monitor, evid[0]);
  },
  async unsubscribe({ monitor }) {
    check('ca_clear_subscription', await f.unsubscribe(monitors.get(monitor)));
    monitors.delete(monitor);
  },
  async clear({ channel }) {
    check('ca_clear_channel', await f.clear(channels.get(channel)));
    channels.delete(channel);
  },
};

check('ca_context_create', await f.contextCreate(PREEMPTIVE));
check('ca_add_exception_event', await f.onException(excepted, 0));
process.on('message', async ({ id, op, ...given }) => {
  try {
    const result = await operations[op](given);
    await f.flush();
    process.send({ id, result });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ event: 'ready' });

/** A function of libca as a promise, called on the pool's thread. */
function onPool(name, result, parameters) {
  return promisify(ca.func(name, result, parameters).async);
}

function answer(call) {
  return new Promise((resolve, reject) => {
    const use = ++lastUse;
    waiting.set(use, resolve);
    call(use).then(async (status) => {
      await f.flush();
      if (status !== NORMAL) reject(new Error(await f.message(status)));
    }, reject);
  });
}

function tellConnection(channel, up) {
  process.send({ event: 'connection', channel, up });
}

/** Status, type, count, and the value as libca's struct for this machine. */
function describe({ type, count, dbr, status }) {
  const [t, n] = [Number(type), Number(count)];
  if (dbr === null || status !== NORMAL) return { status, type: t, count: n, bytes: '' };
  const size = Math.max(sizeOf[t] + (n - 1) * valueSizeOf[t], 0);
  const bytes = Buffer.from(koffi.decode(dbr, 'uint8', size)).toString('base64');
  return { status, type: t, count: n, bytes };
}

function check(what, status) {
  if (status !== NORMAL) throw new Error(`${what} refused with ECA status ${status}`);
}

function findLibrary() {
  const folders = [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
    '/usr/lib',
    '/usr/local/lib',
  ];
  for (const folder of folders) {
    const file = list(folder).find((name) => name.startsWith('libca.so'));
    if (file) return `${folder}/${file}`;
  }
  throw new Error('no libca.so');
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
