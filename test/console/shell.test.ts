import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Complaint } from '../../src/console/complaint.ts';
import { Scope } from '../../src/kernel/index.ts';
import { command, shellRig, temporaryFolder } from './shell-rig.ts';

let scope: Scope;
let files: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  scope = new Scope();
  files = temporaryFolder(scope);
});
afterEach(() => scope[Symbol.asyncDispose]());

const show = command('show', ({ args }) => [args.rest.join('|')], 'rest');
const fail = command('fail', () => {
  throw new Complaint('it cannot');
});

describe('a line', () => {
  it('runs a command with its words', async () => {
    const { shell, out } = shellRig([show]);
    expect(await shell.run('show a, "b c" (d)')).toBe('done');
    expect(out.text).toBe('a|b c|d\n');
  });

  it('says of an unknown command that it is none, and what may be meant', async () => {
    const { shell, err } = shellRig([command('iocInit', () => undefined)]);
    expect(await shell.run('nosuch 1')).toBe('failed');
    expect(await shell.run('IOCInit')).toBe('failed');
    expect(err.text).toBe(
      'Command nosuch not found.\nCommand IOCInit not found; iocInit is one.\n',
    );
  });

  it('accepts what loads record types in other IOCs', async () => {
    const { shell, err } = shellRig();
    expect(await shell.run('dbLoadDatabase("dbd/my.dbd")')).toBe('done');
    expect(await shell.run('myApp_registerRecordDeviceDriver pdbbase')).toBe('done');
    expect(await shell.run('callbackSetQueueSize(5000)')).toBe('done');
    expect(err.text).toBe('');
  });

  it('converts arguments, and complains of what cannot be', async () => {
    const numbers = command(
      'numbers',
      ({ args }) => [`${args.number(0)} ${args.number(1)} ${args.text(2)}`],
      ...['integer', 'number', 'base'],
    );
    const { shell, out, err } = shellRig([numbers]);
    await shell.run('numbers 0x10 1.5e3 pdbbase');
    await shell.run('numbers -7');
    await shell.run('numbers 017 inf');
    await shell.run('numbers 1x');
    await shell.run('numbers 1 2y');
    await shell.run('numbers 1 2 other');
    expect(out.text).toBe('16 1500 undefined\n-7 0 undefined\n15 Infinity undefined\n');
    expect(err.text).toBe(
      "Illegal integer '1x'\nIllegal double '2y'\nExpecting 'pdbbase' got 'other'\n",
    );
  });

  it('that fails fails alone', async () => {
    const broken = command('broken', () => {
      throw new TypeError('of ours');
    });
    const { shell, out, err } = shellRig([fail, show, broken]);
    expect(await shell.run('fail')).toBe('failed');
    expect(await shell.run('broken')).toBe('failed');
    expect(await shell.run('show on')).toBe('done');
    expect(err.text).toBe('it cannot\nof ours\n');
    expect(out.text).toBe('on\n');
  });

  it('prints what it complains of in its place among what it prints', async () => {
    const mixed = command('mixed', function* ({ complain }) {
      yield 'one';
      complain('but');
      yield 'two';
    });
    const { shell, out, err } = shellRig([mixed]);
    err.write = out.write.bind(out);
    expect(await shell.run('mixed')).toBe('failed');
    expect(out.text).toBe('one\nbut\ntwo\n');
  });

  it('is no command when it is a comment', async () => {
    const { shell, out, err } = shellRig();
    await shell.run('  # $(UNDEFINED');
    expect(out.text + err.text).toBe('');
  });

  it('has its macros expanded from the environment', async () => {
    const { shell, out, err } = shellRig([show], { P: 'BL01:' });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a macro
    await shell.run('show $(P)x ${Q=none}');
    await shell.run("show '$(P)'");
    expect(await shell.run('show $(NOPE)')).toBe('failed');
    expect(out.text).toBe('BL01:x|none\n$(P)\n');
    expect(err.text).toContain('NOPE');
  });
});

describe('redirection', () => {
  it('writes and appends what is printed, and what is complained of', async () => {
    const { shell, out, err } = shellRig([show, fail]);
    const path = join(files.folder, 'a b.txt');
    await shell.run(`show one > "${path}"`);
    await shell.run(`show two >> "${path}"`);
    await shell.run(`fail 2>>"${path}"`);
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(err.text).toBe('it cannot\n');
    expect(out.text).toBe('');
  });

  it('says why a file cannot be opened', async () => {
    const { shell, err } = shellRig([show]);
    await shell.run(`show x > ${files.folder}/no/such`);
    expect(err.text).toBe(`Can't open "${files.folder}/no/such": no such file or directory.\n`);
  });
});

describe('a file of commands', () => {
  it('is run line by line, and printed', async () => {
    const { shell, out } = shellRig([show]);
    const path = files.write('st.cmd', '#!/bin/ioc', '#- quiet', 'show $(N=1)', '', '# end');
    expect(await shell.runFile(path, 'N=2')).toBe(true);
    expect(out.text).toBe('#!/bin/ioc\nshow 2\n2\n# end\n');
  });

  it('tells the place of an error, and goes on', async () => {
    const { shell, out, err } = shellRig([show, fail]);
    const inner = files.write('inner.cmd', 'fail');
    const path = files.write('st.cmd', 'nosuch', `< ${inner}`, 'show on');
    expect(await shell.runFile(path)).toBe(true);
    expect(err.text).toBe(`${path}:1: Command nosuch not found.\n${inner}:1: it cannot\n`);
    expect(out.text).toContain('show on\non\n');
  });

  it('stops at an error when told to', async () => {
    const { shell, out, err } = shellRig([show, fail]);
    const path = files.write('st.cmd', 'on error break', 'fail', 'show never');
    expect(await shell.runFile(path)).toBe(false);
    expect(err.text).toBe(`${path}:2: it cannot\n${path}:2: stopped here\n`);
    expect(out.text).not.toContain('never');
  });

  it('waits after an error when told to', async () => {
    const { shell, out } = shellRig([show, fail]);
    const path = files.write('st.cmd', 'on error wait 0.01', 'fail', 'show later');
    expect(await shell.runFile(path)).toBe(true);
    expect(out.text).toContain('later\n');
  });

  it('has macros of its own, which epicsEnvSet unveils', async () => {
    const { shell, out } = shellRig([show], { A: 'outer' });
    const path = files.write('st.cmd', 'show $(A)', 'epicsEnvSet A new', 'show $(A)');
    await shell.run(`iocshLoad ${path} A=inner`);
    await shell.run('show $(A)');
    expect(out.text.split('\n').filter((line) => !line.includes(' '))).toEqual([
      ...['inner', 'new', 'new', ''],
    ]);
  });

  it('ends at exit, which ends no more than the file', async () => {
    const { shell, out } = shellRig([show]);
    const path = files.write('st.cmd', 'exit', 'show never');
    expect(await shell.run(`< ${path}`)).toBe('done');
    expect(await shell.run('exit')).toBe('exit');
    expect(out.text).toBe('exit\n');
  });

  it('that calls itself is stopped', async () => {
    const { shell, err } = shellRig();
    const path = files.write('loop.cmd', `iocshLoad ${join(files.folder, 'loop.cmd')}`);
    await shell.runFile(path);
    expect(err.text).toContain('more than 32 files call each other');
  });

  it('that cannot be read is said to be', async () => {
    const { shell, err } = shellRig();
    expect(await shell.run('< nowhere.cmd')).toBe('failed');
    expect(err.text).toBe("Can't open nowhere.cmd: no such file or directory\n");
  });
});

describe('the shell’s own commands', () => {
  it('show and set the environment', async () => {
    const { shell, out, err, environment } = shellRig([], { B: '2' });
    await shell.run('epicsEnvSet("A", "x y")');
    await shell.run('epicsEnvShow A');
    await shell.run('epicsEnvShow');
    await shell.run('epicsEnvUnset A');
    await shell.run('epicsEnvShow A');
    expect(out.text).toBe('A=x y\nA=x y\nB=2\n');
    expect(err.text).toBe('A is not an environment variable.\n');
    expect(environment.get('A')).toBeUndefined();
  });

  it('take the prompt from IOCSH_PS1', async () => {
    const { shell, environment } = shellRig();
    expect(environment.prompt).toBe('epics> ');
    await shell.run('epicsEnvSet IOCSH_PS1 "ioc1> "');
    expect(environment.prompt).toBe('ioc1> ');
  });

  it('print the time, texts, and help', async () => {
    const { shell, out } = shellRig([show]);
    await shell.run('date %Y');
    await shell.run('echo "a\\tb"');
    await shell.run('help sho*');
    await shell.run('help');
    expect(out.text).toMatch(/^20\d\d\na\tb\n\nshow rest\n\nDoes show\.\n#/);
    expect(out.text).toContain('epicsEnvSet');
  });

  it('stop waiting when the shell ends', async () => {
    const { shell, stop } = shellRig();
    const sleeping = shell.run('epicsThreadSleep 1000');
    stop.abort();
    await expect(sleeping).rejects.toThrow();
  });

  it('refuse on error of a person', async () => {
    const { shell, err } = shellRig();
    await shell.run('on error break');
    expect(err.text).toContain('A person goes on');
  });
});

describe('a command that prints without end', () => {
  it('prints as much as is taken, and stops with its shell', async () => {
    let lines = 0;
    const endless = command('endless', function* () {
      for (;;) yield `line ${lines++}`;
    });
    const { shell, out, stop } = shellRig([endless]);
    let writes = 0;
    out.write = () => {
      if (++writes === 3) stop.abort();
      return Promise.resolve();
    };
    await expect(shell.run('endless')).rejects.toThrow();
    expect(writes).toBe(3);
    expect(lines).toBeLessThan(10_000);
  });
});
